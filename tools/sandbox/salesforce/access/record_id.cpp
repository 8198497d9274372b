#include "tools/sandbox/salesforce/access/record_id.h"

#include "base/record_id.h"

namespace cosell::sandbox {
namespace {

constexpr std::size_t kShort = 15;
constexpr std::string_view kInstance = "5g00";
constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

}  // namespace

std::string WithChecksum(std::string_view id15) {
  return NormalizeSalesforceId(id15).value_or(std::string(id15));
}

std::string WithoutChecksum(std::string_view id) { return std::string(id.substr(0, kShort)); }

std::string NumberedId(std::string_view prefix, std::uint64_t number) {
  const std::string head = std::string(prefix) + std::string(kInstance);
  std::string digits(kShort - head.size(), '0');
  for (std::size_t at = digits.size(); at > 0 && number > 0; --at) {
    digits[at - 1] = kDigits[number % kDigits.size()];
    number /= kDigits.size();
  }
  return WithChecksum(head + digits);
}

}  // namespace cosell::sandbox

#include "tools/sandbox/salesforce/ids.h"

#include "base/record_id.h"

namespace cosell::sandbox::salesforce {
namespace {

constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kInstance = "5g00000";
constexpr std::size_t kSerialLength = 5;

std::string Base62(std::uint64_t number) {
  std::string text(kSerialLength, '0');
  for (auto at = text.rbegin(); at != text.rend(); ++at, number /= kDigits.size()) {
    *at = kDigits[number % kDigits.size()];
  }
  return text;
}

}  // namespace

// The service repairs no case.
std::optional<std::string> FullId(std::string_view id) {
  auto full = NormalizeSalesforceId(id);
  if (full && id.size() == full->size() && id != *full) full.reset();
  return full;
}

std::string IdFactory::Next(const std::string& prefix) {
  auto [at, fresh] = last_.try_emplace(prefix, 0);
  if (fresh) at->second = 400'000'000 + random_.Below(1'000'000);
  at->second += 1 + random_.Below(40);
  return NormalizeSalesforceId(prefix + std::string(kInstance) + Base62(at->second)).value();
}

}  // namespace cosell::sandbox::salesforce

#include "tools/sandbox/salesforce/ids.h"

#include <algorithm>

namespace cosell::sandbox::salesforce {
namespace {

constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kChecksum = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
constexpr std::string_view kInstance = "5g00000";
constexpr std::size_t kSerialLength = 5;

std::string Checksum(std::string_view id) {
  std::string suffix;
  for (std::size_t block = 0; block < 3; ++block) {
    std::size_t bits = 0;
    for (std::size_t k = 0; k < 5; ++k) {
      const char c = id[block * 5 + k];
      if (c >= 'A' && c <= 'Z') bits += std::size_t{1} << k;
    }
    suffix += kChecksum[bits];
  }
  return suffix;
}

std::string Base62(std::uint64_t number) {
  std::string text(kSerialLength, '0');
  for (auto at = text.rbegin(); at != text.rend(); ++at, number /= kDigits.size()) {
    *at = kDigits[number % kDigits.size()];
  }
  return text;
}

}  // namespace

std::optional<std::string> FullId(std::string_view id) {
  if (id.size() != 15 && id.size() != 18) return std::nullopt;
  const bool plain = std::all_of(id.begin(), id.end(),
                                 [](char c) { return kDigits.find(c) != std::string_view::npos; });
  if (!plain) return std::nullopt;
  const std::string_view stem = id.substr(0, 15);
  std::string full = std::string(stem) + Checksum(stem);
  if (id.size() == 18 && id != full) return std::nullopt;
  return full;
}

std::string IdFactory::Next(const std::string& prefix) {
  auto [at, fresh] = last_.try_emplace(prefix, 0);
  if (fresh) at->second = 400'000'000 + random_.Below(1'000'000);
  at->second += 1 + random_.Below(40);
  const std::string id = prefix + std::string(kInstance) + Base62(at->second);
  return id + Checksum(id);
}

}  // namespace cosell::sandbox::salesforce

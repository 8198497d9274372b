#include "base/record_id.h"

#include <algorithm>

#include "base/guid.h"
#include "base/text.h"

namespace cosell {
namespace {

constexpr std::string_view kChecksum = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
constexpr std::size_t kShort = 15;
constexpr std::size_t kBlock = 5;

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
char ToUpper(char c) { return IsLower(c) ? static_cast<char>(c - 'a' + 'A') : c; }
char Lower(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
bool IsAlphanumeric(char c) { return IsUpper(c) || IsLower(c) || (c >= '0' && c <= '9'); }

std::string Checksum(std::string_view id) {
  std::string out;
  for (std::size_t block = 0; block < kShort; block += kBlock) {
    std::size_t value = 0;
    for (std::size_t k = 0; k < kBlock; ++k) value |= (IsUpper(id[block + k]) ? 1u : 0u) << k;
    out += kChecksum[value];
  }
  return out;
}

// The checksum says which characters are upper-case letters.
std::optional<std::string> Repair(std::string_view id) {
  std::string out(id.substr(0, kShort));
  for (std::size_t i = 0; i < kShort; ++i) {
    const std::size_t value = kChecksum.find(ToUpper(id[kShort + i / kBlock]));
    if (value == std::string_view::npos) return std::nullopt;
    const bool upper = (value >> (i % kBlock) & 1u) != 0;
    out[i] = upper ? ToUpper(out[i]) : Lower(out[i]);
    if (upper && !IsUpper(out[i])) return std::nullopt;
  }
  return out;
}

}  // namespace

std::optional<std::string> NormalizeSalesforceId(std::string_view text) {
  if (text.size() != kShort && text.size() != kShort + 3) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), IsAlphanumeric)) return std::nullopt;
  if (text.size() == kShort) return std::string(text) + Checksum(text);
  const auto repaired = Repair(text);
  if (!repaired) return std::nullopt;
  return *repaired + Checksum(*repaired);
}

std::string CanonicalRecordId(std::string_view text) {
  const std::string_view trimmed = Trim(text);
  if (auto guid = NormalizeGuid(trimmed)) return *std::move(guid);
  if (auto id = NormalizeSalesforceId(trimmed)) return *std::move(id);
  return std::string(trimmed);
}

}  // namespace cosell

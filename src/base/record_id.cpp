#include "base/record_id.h"

#include <algorithm>

#include "base/guid.h"
#include "base/text.h"

namespace cosell {
namespace {

constexpr std::size_t kShort = 15;
constexpr std::size_t kLong = 18;
constexpr std::size_t kBlock = 5;
constexpr std::string_view kChecksumAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

// ASCII only: the classification of <cctype> follows the locale.
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsIdCharacter(char c) { return IsUpper(c) || IsLower(c) || IsDigit(c); }
char Upper(char c) { return IsLower(c) ? static_cast<char>(c - 'a' + 'A') : c; }
char Lower(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

std::string Checksum(std::string_view id15) {
  std::string checksum;
  for (std::size_t block = 0; block < kShort; block += kBlock) {
    std::size_t bits = 0;
    for (std::size_t k = 0; k < kBlock; ++k) {
      if (IsUpper(id15[block + k])) bits |= std::size_t{1} << k;
    }
    checksum += kChecksumAlphabet[bits];
  }
  return checksum;
}

// The letters in the case that `checksum` tells; what cannot be told stays and fails the check.
std::string InTheCaseOf(std::string_view checksum, std::string_view id15) {
  std::string repaired(id15);
  for (std::size_t i = 0; i < kShort; ++i) {
    const std::size_t bits = kChecksumAlphabet.find(checksum[i / kBlock]);
    const bool upper = bits != std::string_view::npos && ((bits >> (i % kBlock)) & 1) != 0;
    repaired[i] = upper ? Upper(repaired[i]) : Lower(repaired[i]);
  }
  return repaired;
}

bool OfOneCase(std::string_view text) {
  return std::none_of(text.begin(), text.end(), IsUpper) ||
         std::none_of(text.begin(), text.end(), IsLower);
}

}  // namespace

std::optional<std::string> NormalizeSalesforceId(std::string_view id) {
  if (!std::all_of(id.begin(), id.end(), IsIdCharacter)) return std::nullopt;
  if (id.size() == kShort) return std::string(id) + Checksum(id);
  if (id.size() != kLong) return std::nullopt;
  std::string id15(id.substr(0, kShort));
  std::string checksum(id.substr(kShort));
  std::transform(checksum.begin(), checksum.end(), checksum.begin(), Upper);
  // Letters of both cases were not folded: where their checksum is wrong, so is the id.
  if (OfOneCase(id15)) id15 = InTheCaseOf(checksum, id15);
  if (Checksum(id15) != checksum) return std::nullopt;
  return id15 + checksum;
}

std::string CanonicalRecordId(std::string_view text) {
  const std::string_view trimmed = Trim(text);
  if (auto guid = NormalizeGuid(trimmed)) return *std::move(guid);
  if (auto id = NormalizeSalesforceId(trimmed)) return *std::move(id);
  return std::string(trimmed);
}

}  // namespace cosell

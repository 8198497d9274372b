#include "base/guid.h"

#include <array>
#include <cstdint>

namespace cosell {

std::optional<std::string> NormalizeGuid(std::string_view text) {
  if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
  if (text.size() != 36) return std::nullopt;
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    char& c = out[i];
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (dash ? c != '-' : !hex) return std::nullopt;
  }
  return out;
}

std::string NewGuid(Random& random) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<std::uint64_t, 2> bits = {random.Next(), random.Next()};
  bits[0] = (bits[0] & ~0xf000ULL) | 0x4000ULL;
  bits[1] = (bits[1] & ~(3ULL << 62)) | (2ULL << 62);
  std::string out;
  for (std::size_t i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) out += '-';
    out += kHex[(bits[i / 16] >> (60 - 4 * (i % 16))) & 0xf];
  }
  return out;
}

}  // namespace cosell

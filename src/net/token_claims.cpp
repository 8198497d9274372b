#include "net/token_claims.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace cosell::net {
namespace {

using nlohmann::json;

int SextetOf(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  return c == '_' ? 63 : -1;
}

// Of base64url without padding; nothing for other text.
std::optional<std::string> Decode(std::string_view text) {
  std::string bytes;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    const int sextet = SextetOf(c);
    if (sextet < 0) return std::nullopt;
    bits = (bits << 6) | static_cast<unsigned>(sextet);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>((bits >> held) & 0xffU);
  }
  return bytes;
}

}  // namespace

std::optional<TokenClaims> ReadTokenClaims(std::string_view token) {
  const auto first = token.find('.');
  const auto second = token.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto payload = Decode(token.substr(first + 1, second - first - 1));
  const json claims = payload ? json::parse(*payload, nullptr, false) : json();
  if (!claims.is_object()) return std::nullopt;
  TokenClaims result;
  result.app_only = !claims.contains("scp");
  const auto amr = claims.find("amr");
  if (amr != claims.end() && amr->is_array()) {
    result.mfa = std::any_of(amr->begin(), amr->end(),
                             [](const json& each) { return each.is_string() && each == "mfa"; });
  }
  return result;
}

}  // namespace cosell::net

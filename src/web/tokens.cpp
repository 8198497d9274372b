#include "web/tokens.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace cosell::web {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kTokenCharsMin = 20;

std::array<std::uint8_t, 32> Sha256(std::string_view text) {
  std::array<std::uint8_t, 32> hash{};
  ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  return hash;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::array<std::uint8_t, 32>> ParseHash(const std::string& text) {
  std::array<std::uint8_t, 32> hash{};
  if (text.size() != hash.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const int high = HexValue(text[2 * i]);
    const int low = HexValue(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    hash[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return hash;
}

std::string Text(const Json& entry, const char* key) {
  const auto found = entry.find(key);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// What is wrong with an entry; empty when it is good.
std::string WhyNot(const Json& entry) {
  if (!entry.is_object()) return "must be an object with name, role, and token or token_sha256";
  for (const auto& [key, value] : entry.items()) {
    const bool known = key == "name" || key == "role" || key == "token" || key == "token_sha256";
    if (!known)
      return "has the unknown key \"" + key + "\"; known: name, role, token, token_sha256";
  }
  if (Text(entry, "name").empty()) return "needs a name";
  const std::string role = Text(entry, "role");
  if (role != "viewer" && role != "operator") return "needs a role: viewer or operator";
  if (entry.contains("token") == entry.contains("token_sha256")) {
    return "needs exactly one of token and token_sha256";
  }
  if (entry.contains("token") && Text(entry, "token").size() < kTokenCharsMin) {
    return "has a token of less than " + std::to_string(kTokenCharsMin) + " characters";
  }
  if (entry.contains("token_sha256") && !ParseHash(Text(entry, "token_sha256"))) {
    return "has a token_sha256 that is not 64 hexadecimal digits";
  }
  return {};
}

Error Bad(const std::string& why) {
  return Error{ErrorKind::invalid_input, "the tokens file " + why, {}, 0, {}, {}};
}

}  // namespace

Result<Tokens> Tokens::Parse(std::string_view text) {
  const Json document = Json::parse(text, nullptr, false, true);
  if (!document.is_array() || document.empty()) {
    return Bad("must be a JSON array of at least one {\"name\", \"role\", \"token\"} object");
  }
  Tokens tokens;
  std::vector<std::string> problems;
  for (std::size_t i = 0; i < document.size(); ++i) {
    const Json& entry = document[i];
    const std::string why = WhyNot(entry);
    if (!why.empty()) {
      problems.push_back("[" + std::to_string(i) + "] " + why);
      continue;
    }
    const Role role = Text(entry, "role") == "operator" ? Role::operator_ : Role::viewer;
    const std::string token = Text(entry, "token");
    tokens.entries_.push_back(
        {token.empty() ? *ParseHash(Text(entry, "token_sha256")) : Sha256(token), role});
    const bool first = role == Role::operator_ && !token.empty() && !tokens.operator_token_;
    if (first) tokens.operator_token_ = token;
  }
  if (!problems.empty()) return Bad("has problems: " + Join(problems, "; "));
  return tokens;
}

Role Tokens::RoleOf(std::string_view token) const {
  const Hash hash = Sha256(token);
  Role role = Role::none;
  for (const Entry& entry : entries_) {
    const bool equal = ::CRYPTO_memcmp(entry.hash.data(), hash.data(), hash.size()) == 0;
    if (equal && entry.role > role) role = entry.role;
  }
  return role;
}

}  // namespace cosell::web

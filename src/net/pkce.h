#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cosell::net {

// Internal to net: RFC 7636, method S256. Values from the operating system's cryptographic source;
// throw std::runtime_error when it fails.
struct Pkce {
  std::string verifier;
  std::string challenge;
};
Pkce MakePkce();
std::string ChallengeOf(std::string_view verifier);

// `bytes` random bytes as base64url, for a state that cannot be guessed.
std::string RandomText(std::size_t bytes);

}  // namespace cosell::net

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cosell::net {

// What an access token of Entra says about the sign-in behind it, for diagnosis alone: nothing is
// decided on it (contract partner-center.md sections 2.2 and 2.3). A value.
struct TokenClaims {
  bool app_only = false;      // no person is behind it
  std::optional<bool> mfa{};  // claim amr; nothing where it is absent
};

// Nothing for a token that is no readable JWT. Pure; the signature is not checked.
std::optional<TokenClaims> ReadTokenClaims(std::string_view token);

}  // namespace cosell::net

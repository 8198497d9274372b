#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cosell::sandbox {

// What a valid access token says about its bearer. A value.
struct TokenInfo {
  std::string audience;   // the origin it was issued for
  std::string tenant_id;  // GUID
  std::string client_id;  // the application
  std::string object_id;  // the user, or the application's service principal: the throttling key
  std::string user_name;  // user principal name; empty for an app-only token
  bool app_only = false;  // client_credentials: has `roles`, no `scp`
  bool mfa = false;       // `amr` contains "mfa" (contract partner-center.md 2.2)
};

// Tells a service whether a request may enter. The Entra emulator implements it; every emulated
// service asks it. Single-threaded like everything in the world.
class TokenCheck {
 public:
  virtual ~TokenCheck() = default;
  // `authorization` is the whole header value ("Bearer ..."). Nothing when it is missing,
  // malformed, expired by the world's clock, revoked, unknown or issued for another audience.
  // Audiences compare without a trailing slash, ignoring case.
  virtual std::optional<TokenInfo> Check(std::string_view authorization,
                                         std::string_view audience) const = 0;
};

}  // namespace cosell::sandbox

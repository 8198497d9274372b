#pragma once

#include <memory>
#include <string>

#include "net/api_client.h"
#include "ports/secrets.h"

namespace cosell::net {

// One identity at Microsoft Entra ID (contract partner-center.md section 2). A value; holds no
// secret, only where each comes from.
struct EntraIdentity {
  std::string authority_url;  // https://login.microsoftonline.com
  std::string tenant_id;
  std::string grant;  // "refresh_token", "client_credentials", "password"
  std::string client_id;
  SecretSource client_secret;  // empty for a public client, or with a certificate
  SecretSource refresh_token;
  std::string username;
  SecretSource password;
  std::string
      certificate_file;  // in place of client_secret: a signed client assertion (RS256, x5t)
  std::string private_key_file;
};

// Tokens for `audience` (an origin such as "https://api.partner.microsoft.com"; scope
// "<audience>/.default" on the v2 endpoint). A rotated refresh token is kept through
// Secrets::Replace before the access token is handed out. `transport`, `secrets`, `clock` and `log`
// must outlive the source. Several audiences of one identity share nothing but the refresh token,
// so make them from one EntraTokens.
class EntraTokens {
 public:
  virtual ~EntraTokens() = default;
  // The source for one audience; lives as long as this object.
  virtual TokenSource& For(const std::string& audience) = 0;
  // Forgets cached tokens and reads secrets again (SIGHUP).
  virtual void Reload() = 0;
};

std::unique_ptr<EntraTokens> MakeEntraTokens(EntraIdentity identity, HttpTransport& transport,
                                             Secrets& secrets, Clock& clock, Random& random,
                                             Log& log);

}  // namespace cosell::net

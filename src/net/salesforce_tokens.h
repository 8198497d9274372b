#pragma once

#include <memory>
#include <string>

#include "net/api_client.h"
#include "ports/secrets.h"

namespace cosell::net {

// One identity at a Salesforce organisation (contract salesforce.md section 2). A value; holds no
// secret, only where each comes from.
struct SalesforceIdentity {
  std::string login_url;  // origin of the token endpoint: login.salesforce.com, test.salesforce.com
                          // or the organisation's My Domain
  std::string grant;      // "client_credentials", "jwt_bearer", "refresh_token", "password"
  std::string client_id;  // the consumer key
  SecretSource client_secret;
  SecretSource refresh_token;
  std::string username;  // jwt_bearer, password
  SecretSource password;
  SecretSource security_token;   // sent right behind the password; may be empty
  std::string private_key_file;  // jwt_bearer: RSA, PEM
};

// What a sign-in told about the organisation. A value.
struct SalesforceSession {
  std::string instance_url;     // origin of every data call, no trailing slash (section 1)
  std::string organization_id;  // 18 characters; empty when the answer carried no identity URL
  std::string user_id;          // 18 characters; likewise
};

// Access tokens of one Salesforce identity. There is no expires_in: a token is used until a call is
// answered 401 INVALID_SESSION_ID and the API client invalidates it (section 2.7). Where a token
// that took a refused one's place is refused within ten seconds, sign-ins rest for half a minute
// and are answered unauthorized meanwhile, so that they never become a loop. Safe from any thread;
// concurrent callers share one request to the token endpoint.
class SalesforceTokens : public TokenSource {
 public:
  // Where the current token is to be used; signs in when there is none. Errors as Token().
  virtual Result<SalesforceSession> Session() = 0;
  // Forgets the token and reads secrets again (SIGHUP).
  virtual void Reload() = 0;
};

// A rotated refresh token is kept through Secrets::Replace before the access token is handed out.
// `transport`, `secrets`, `clock` and `log` must outlive the source. Throws std::invalid_argument
// for a grant that is not one of the four.
std::unique_ptr<SalesforceTokens> MakeSalesforceTokens(SalesforceIdentity identity,
                                                       HttpTransport& transport, Secrets& secrets,
                                                       Clock& clock, Log& log);

}  // namespace cosell::net

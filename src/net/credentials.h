#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "net/api_client.h"
#include "net/http.h"
#include "ports/secrets.h"

// Sign-in where a service has no ways of its own (for Entra and Salesforce see oauth.h and
// salesforce_tokens.h): a key that does not change, a user with a password, or OAuth 2.0 client
// credentials (RFC 6749 section 4.4) at any token endpoint.
namespace cosell::net {

// A bearer token or API key that somebody has made in the service. Read again after it was refused.
// unauthorized when it cannot be read. `secrets` must outlive the source.
std::unique_ptr<TokenSource> MakeFixedToken(SecretSource token, Secrets& secrets);

// The credentials of RFC 7617, to be sent after "Basic ". Else as MakeFixedToken.
std::unique_ptr<TokenSource> MakeBasicCredentials(std::string username, SecretSource password,
                                                  Secrets& secrets);

// One application at one token endpoint. A value; holds no secret, only where it comes from.
struct ClientCredentials {
  std::string token_url;  // https
  std::string client_id;
  SecretSource client_secret;
  std::string scope;             // empty: not sent
  std::string audience;          // empty: not sent
  bool secret_in_header = true;  // client id and secret as basic credentials, else in the form
};

// Renewed five minutes early, or at half its life where that is shorter; a token without a stated
// life is used until it is refused. `transport`, `secrets` and `clock` must outlive the source.
std::unique_ptr<TokenSource> MakeClientCredentialTokens(ClientCredentials credentials,
                                                        HttpTransport& transport, Secrets& secrets,
                                                        Clock& clock);

}  // namespace cosell::net

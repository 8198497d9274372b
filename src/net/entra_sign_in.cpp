#include "net/entra_sign_in.h"

#include <utility>

#include "base/guid.h"
#include "base/text.h"
#include "net/entra_proof.h"

namespace cosell::net {

EntraSignIn::EntraSignIn(EntraIdentity identity, HttpTransport& transport, Secrets& secrets,
                         Clock& clock, Random& random, Log& log)
    : identity_(std::move(identity)),
      transport_(transport),
      secrets_(secrets),
      clock_(clock),
      random_(random),
      refresh_token_(identity_.refresh_token, secrets, log),
      pause_(clock, "Entra") {}

Result<EntraGrant> EntraSignIn::Run(const std::string& audience) {
  const std::lock_guard lock(mutex_);
  if (const auto pause = pause_.Left()) return *pause;
  auto grant = Ask(audience);
  if (grant) return grant;
  // Refused: perhaps the stored one is good again. A passing failure says nothing about it.
  if (grant.error().kind == ErrorKind::unauthorized) refresh_token_.ForgetUnsaved();
  pause_.Heed(grant.error());
  return grant;
}

void EntraSignIn::ForgetSecrets() {
  const std::lock_guard lock(mutex_);
  refresh_token_.ForgetUnsaved();
}

std::string EntraSignIn::TokenUrl() const {
  return BuildUrl(identity_.authority_url,
                  "/" + UrlEncode(identity_.tenant_id) + "/oauth2/v2.0/token");
}

Result<EntraGrant> EntraSignIn::Ask(const std::string& audience) {
  Parameters form{{"grant_type", identity_.grant},
                  {"client_id", identity_.client_id},
                  {"scope", Scope(audience)}};
  if (const Status added = AddGrant(form); !added) return UnusableCredential(added.error());
  const Status proven = AddEntraProof(identity_, TokenUrl(), secrets_, clock_, random_, form);
  if (!proven) return UnusableCredential(proven.error());
  auto response = transport_.Send(Request(form));
  if (!response) return NoTokenAnswer(response.error());
  auto grant = ReadEntraAnswer(*response, clock_.Now());
  if (grant && identity_.grant == "refresh_token") refresh_token_.Keep(grant->refresh_token);
  return grant;
}

std::string EntraSignIn::Scope(std::string_view audience) const {
  while (audience.ends_with('/')) audience.remove_suffix(1);
  const std::string scope = std::string(audience) + "/.default";
  // Without offline_access the answer brings no new refresh token, and the old one runs out.
  return identity_.grant == "refresh_token" ? scope + " offline_access" : scope;
}

Status EntraSignIn::AddGrant(Parameters& form) {
  if (identity_.grant == "refresh_token") {
    const auto token = refresh_token_.Current();
    if (!token) return token.error();
    form.emplace_back("refresh_token", *token);
  } else if (identity_.grant == "password") {
    const auto password = secrets_.Read(identity_.password);
    if (!password) return password.error();
    form.emplace_back("username", identity_.username);
    form.emplace_back("password", *password);
  }
  return Done{};
}

HttpRequest EntraSignIn::Request(const Parameters& form) {
  HttpRequest request = TokenRequest(TokenUrl(), form);
  request.headers.emplace_back("client-request-id", NewGuid(random_));
  request.headers.emplace_back("return-client-request-id", "true");
  return request;
}

}  // namespace cosell::net

#include "net/entra_sign_in.h"

#include <utility>

#include "base/guid.h"
#include "base/text.h"
#include "net/client_assertion.h"

namespace cosell::net {
namespace {

using std::chrono::nanoseconds;

// A secret or certificate of ours that cannot be used stops the sign-in like a refusal does: the
// connection pauses until it is mended.
Error AsRefused(const Error& cause) {
  return Error{.kind = ErrorKind::unauthorized, .message = "sign-in: " + cause.message};
}

// Asking for a token again does no harm, so an unknown outcome is only a service that is not
// there.
Error FromTransport(Error error) {
  if (error.kind != ErrorKind::unreachable) error.kind = ErrorKind::unavailable;
  error.message = "sign-in: " + error.message;
  return error;
}

}  // namespace

EntraSignIn::EntraSignIn(EntraIdentity identity, HttpTransport& transport, Secrets& secrets,
                         Clock& clock, Random& random, Log& log)
    : identity_(std::move(identity)),
      transport_(transport),
      secrets_(secrets),
      clock_(clock),
      random_(random),
      log_(log) {}

Result<EntraGrant> EntraSignIn::Run(const std::string& audience) {
  const std::lock_guard lock(mutex_);
  const nanoseconds pause = pause_until_ - clock_.Monotonic();
  if (pause.count() > 0) {
    return Error{.kind = ErrorKind::throttled,
                 .message = "sign-in: Entra asked us to slow down",
                 .retry_after = std::chrono::ceil<std::chrono::milliseconds>(pause)};
  }
  auto grant = Ask(audience);
  if (grant) return grant;
  // Refused: perhaps the stored one is good again. A passing failure says nothing about it.
  if (grant.error().kind == ErrorKind::unauthorized) unsaved_.reset();
  if (grant.error().kind == ErrorKind::throttled && grant.error().retry_after) {
    pause_until_ = clock_.Monotonic() + *grant.error().retry_after;
  }
  return grant;
}

void EntraSignIn::ForgetSecrets() {
  const std::lock_guard lock(mutex_);
  unsaved_.reset();
}

std::string EntraSignIn::TokenUrl() const {
  return BuildUrl(identity_.authority_url,
                  "/" + UrlEncode(identity_.tenant_id) + "/oauth2/v2.0/token");
}

Result<EntraGrant> EntraSignIn::Ask(const std::string& audience) {
  std::string stored_token;
  Parameters form{{"grant_type", identity_.grant},
                  {"client_id", identity_.client_id},
                  {"scope", Scope(audience)}};
  if (const Status added = AddGrant(form, stored_token); !added) return AsRefused(added.error());
  if (const Status added = AddProof(form); !added) return AsRefused(added.error());
  auto response = transport_.Send(Request(form));
  if (!response) return FromTransport(response.error());
  auto grant = ReadEntraAnswer(*response, clock_.Now());
  if (grant && identity_.grant == "refresh_token") Keep(stored_token, grant->refresh_token);
  return grant;
}

std::string EntraSignIn::Scope(std::string_view audience) const {
  while (audience.ends_with('/')) audience.remove_suffix(1);
  const std::string scope = std::string(audience) + "/.default";
  // Without offline_access the answer brings no new refresh token, and the old one runs out.
  return identity_.grant == "refresh_token" ? scope + " offline_access" : scope;
}

Status EntraSignIn::AddGrant(Parameters& form, std::string& stored_token) {
  if (identity_.grant == "refresh_token") {
    const auto stored = secrets_.Read(identity_.refresh_token);
    if (!stored) return stored.error();
    stored_token = *stored;
    if (unsaved_ && unsaved_->stored != stored_token) unsaved_.reset();
    form.emplace_back("refresh_token", unsaved_ ? unsaved_->token : stored_token);
  } else if (identity_.grant == "password") {
    const auto password = secrets_.Read(identity_.password);
    if (!password) return password.error();
    form.emplace_back("username", identity_.username);
    form.emplace_back("password", *password);
  }
  return Done{};
}

// The app's own proof: none for a public client.
Status EntraSignIn::AddProof(Parameters& form) {
  if (!identity_.certificate_file.empty()) {
    const auto assertion =
        MakeClientAssertion(identity_.certificate_file, identity_.private_key_file,
                            identity_.client_id, TokenUrl(), clock_.Now(), random_);
    if (!assertion) return assertion.error();
    form.emplace_back("client_assertion_type",
                      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.emplace_back("client_assertion", *assertion);
  } else if (!identity_.client_secret.empty()) {
    const auto secret = secrets_.Read(identity_.client_secret);
    if (!secret) return secret.error();
    form.emplace_back("client_secret", *secret);
  }
  return Done{};
}

HttpRequest EntraSignIn::Request(const Parameters& form) {
  return {.method = "POST",
          .url = TokenUrl(),
          .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                      {"Accept", "application/json"},
                      {"client-request-id", NewGuid(random_)},
                      {"return-client-request-id", "true"}},
          .body = EncodeParameters(form)};
}

// Keeps a rotated refresh token before anybody uses what came with it: the old one may die.
void EntraSignIn::Keep(const std::string& stored, const std::string& rotated) {
  if (rotated.empty() || rotated == stored) return;
  const auto now_stored = secrets_.Read(identity_.refresh_token);
  if (now_stored && *now_stored != stored) return;  // `auth login` has just put a better one there
  const Status kept = secrets_.Replace(identity_.refresh_token, rotated);
  if (kept) {
    unsaved_.reset();
    return;
  }
  unsaved_ = Unsaved{stored, rotated};
  log_.Warning(
      "the new refresh token could not be stored and is kept in memory only; after a "
      "restart the old one is used, as long as Entra accepts it",
      {{"reason", kept.error().message}});
}

}  // namespace cosell::net

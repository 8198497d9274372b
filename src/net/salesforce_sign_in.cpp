#include "net/salesforce_sign_in.h"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "base/time.h"
#include "net/jwt.h"
#include "net/pem.h"

namespace cosell::net {
namespace {

constexpr std::int64_t kAssertionSeconds = 180;  // the most that is allowed

// The names of the configuration, and what goes over the wire for each.
constexpr std::pair<std::string_view, const char*> kGrantTypes[] = {
    {"client_credentials", "client_credentials"},
    {"jwt_bearer", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
    {"refresh_token", "refresh_token"},
    {"password", "password"},
};

const char* GrantType(std::string_view grant) {
  for (const auto& [name, type] : kGrantTypes) {
    if (name == grant) return type;
  }
  throw std::invalid_argument("auth.grant: Salesforce knows no '" + std::string(grant) + "'");
}

}  // namespace

std::string AssertionAudience(std::string_view login_url) {
  const auto url = ParseUrl(login_url);
  if (!url) return std::string(login_url);
  if (url->host.ends_with(".sandbox.my.salesforce.com")) return "https://test.salesforce.com";
  if (url->host.ends_with(".my.salesforce.com")) return "https://login.salesforce.com";
  return Origin(*url);
}

SalesforceSignIn::SalesforceSignIn(SalesforceIdentity identity, HttpTransport& transport,
                                   Secrets& secrets, Clock& clock, Log& log)
    : identity_(std::move(identity)),
      transport_(transport),
      secrets_(secrets),
      clock_(clock),
      refresh_token_(identity_.refresh_token, secrets, log),
      pause_(clock, "Salesforce") {
  GrantType(identity_.grant);  // a misspelt one is found here, not at the first sign-in
}

Result<SalesforceGrant> SalesforceSignIn::Run() {
  const std::lock_guard lock(mutex_);
  if (const auto pause = pause_.Left()) return *pause;
  auto grant = Ask();
  if (grant) return grant;
  // Refused: perhaps the stored one is good again. A passing failure says nothing about it.
  if (grant.error().kind == ErrorKind::unauthorized) refresh_token_.ForgetUnsaved();
  pause_.Heed(grant.error());
  return grant;
}

void SalesforceSignIn::ForgetSecrets() {
  const std::lock_guard lock(mutex_);
  refresh_token_.ForgetUnsaved();
}

Result<SalesforceGrant> SalesforceSignIn::Ask() {
  const auto form = Form();
  if (!form) return UnusableCredential(form.error());
  const std::string url = BuildUrl(identity_.login_url, "/services/oauth2/token");
  const auto response = transport_.Send(TokenRequest(url, *form));
  if (!response) return NoTokenAnswer(response.error());
  auto grant = ReadSalesforceAnswer(*response, identity_.grant, clock_.Now());
  if (grant && identity_.grant == "refresh_token") refresh_token_.Keep(grant->refresh_token);
  return grant;
}

Result<Parameters> SalesforceSignIn::Form() {
  Parameters form{{"grant_type", GrantType(identity_.grant)}};
  Status added = Done{};
  if (identity_.grant == "jwt_bearer") {
    added = AddAssertion(form);  // is the app's proof as well
  } else {
    added = AddApp(form);
    if (added && identity_.grant == "refresh_token") added = AddRefreshToken(form);
    if (added && identity_.grant == "password") added = AddPassword(form);
  }
  if (!added) return added.error();
  return form;
}

Status SalesforceSignIn::AddAssertion(Parameters& form) {
  const auto key = ReadPrivateKey(identity_.private_key_file);
  if (!key) return key.error();
  const nlohmann::json claims{{"iss", identity_.client_id},
                              {"sub", identity_.username},
                              {"aud", AssertionAudience(identity_.login_url)},
                              {"exp", ToUnixMs(clock_.Now()) / 1000 + kAssertionSeconds}};
  const auto assertion =
      SignJwt(key->get(), identity_.private_key_file, R"({"alg":"RS256"})",
              claims.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  if (!assertion) return assertion.error();
  form.emplace_back("assertion", *assertion);
  return Done{};
}

Status SalesforceSignIn::AddRefreshToken(Parameters& form) {
  const auto token = refresh_token_.Current();
  if (!token) return token.error();
  form.emplace_back("refresh_token", *token);
  return Done{};
}

// The security token follows the password without a separator (section 2.5).
Status SalesforceSignIn::AddPassword(Parameters& form) {
  auto password = secrets_.Read(identity_.password);
  if (!password) return password.error();
  if (!identity_.security_token.empty()) {
    const auto security_token = secrets_.Read(identity_.security_token);
    if (!security_token) return security_token.error();
    *password += *security_token;
  }
  form.emplace_back("username", identity_.username);
  form.emplace_back("password", *password);
  return Done{};
}

// The app's name and its proof; an app that is a public client has none.
Status SalesforceSignIn::AddApp(Parameters& form) {
  form.emplace_back("client_id", identity_.client_id);
  if (identity_.client_secret.empty()) return Done{};
  const auto secret = secrets_.Read(identity_.client_secret);
  if (!secret) return secret.error();
  form.emplace_back("client_secret", *secret);
  return Done{};
}

}  // namespace cosell::net

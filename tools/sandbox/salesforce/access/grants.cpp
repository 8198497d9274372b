#include "tools/sandbox/salesforce/access/grants.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "tools/sandbox/salesforce/access/jwt.h"
#include "tools/sandbox/world/encoding.h"

namespace cosell::sandbox {
namespace {

using Refused = std::optional<OAuthRefusal>;

OAuthRefusal ExpiredCode() { return {"invalid_grant", "expired authorization code"}; }

// Without a person there is nothing to refresh: the scope of the other grants.
std::string ScopeWithoutRefresh(const SalesforceApp& app) {
  std::vector<std::string> words = Split(app.scopes, ' ');
  std::erase(words, "refresh_token");
  return Join(words, " ");
}

bool Listed(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool IsLoginHost(const AccessState& state, const std::string& origin) {
  const auto& hosts = state.options.login_origins;
  return std::any_of(hosts.begin(), hosts.end(),
                     [&](const std::string& host) { return ParseUrl(host).origin == origin; });
}

// Apps may allow that a secret is left out where a token or code proves the sign-in.
Refused CheckClientWithProof(const AccessState& state, const TokenAsk& ask, GrantedSignIn& out) {
  const SalesforceApp* const app = state.directory.FindApp(ask.client.key);
  if (app == nullptr || app->secret_required || !ask.client.secret.empty())
    return CheckClient(state, ask.client, out.app);
  out.app = app;
  return std::nullopt;
}

Refused ByClientCredentials(AccessState& state, const TokenAsk& ask, GrantedSignIn& out) {
  if (IsLoginHost(state, ask.origin) && !state.switches.client_credentials_on_login_hosts)
    return OAuthRefusal{"invalid_grant", "request not supported on this domain"};
  if (const auto refused = CheckClient(state, ask.client, out.app)) return refused;
  if (out.app->consumer_secret.empty())
    return OAuthRefusal{"invalid_client", "a public client has no credentials of its own"};
  out.user = state.directory.FindUser(out.app->run_as_user);
  if (out.user == nullptr)
    return OAuthRefusal{"invalid_grant", "no client credentials user enabled"};
  out.scope = ScopeWithoutRefresh(*out.app);
  return std::nullopt;
}

// `exp` lies ahead, but not further than the server allows. Milliseconds lie far too far ahead.
bool ExpiryHolds(const AccessState& state, const BearerAssertion& assertion) {
  if (!assertion.expires_s) return false;
  const std::int64_t now = ToUnixMs(state.clock.Now()) / 1000;
  return *assertion.expires_s > now &&
         *assertion.expires_s <= now + state.switches.jwt_lifetime.count();
}

Refused ByJwtBearer(AccessState& state, const TokenAsk& ask, GrantedSignIn& out) {
  const auto assertion = ParseBearerAssertion(ask.Field("assertion"));
  if (!assertion) return OAuthRefusal{"invalid_grant", "invalid assertion"};
  out.app = state.directory.FindApp(assertion->issuer);
  if (out.app == nullptr) return OAuthRefusal{"invalid_client_id", "client identifier invalid"};
  if (!IsSignedBy(*assertion, out.app->public_key_pem))
    return OAuthRefusal{"invalid_grant", "invalid assertion"};
  if (assertion->audience != state.options.instance_url &&
      !Listed(state.options.audiences, assertion->audience))
    return OAuthRefusal{"invalid_grant", "audience validation failed"};
  if (!ExpiryHolds(state, *assertion)) return ExpiredCode();
  out.user = state.directory.FindUserByName(assertion->subject);
  // The server does not tell an unknown user from a bad `exp` (section 2.6).
  if (out.user == nullptr) return ExpiredCode();
  if (!state.directory.IsAuthorized(*out.app, *out.user))
    return OAuthRefusal{"invalid_grant", "user hasn't approved this consumer"};
  out.scope = ScopeWithoutRefresh(*out.app);
  return std::nullopt;
}

Refused ByRefreshToken(AccessState& state, const TokenAsk& ask, GrantedSignIn& out) {
  if (const auto refused = CheckClientWithProof(state, ask, out)) return refused;
  const auto grant = state.sessions.FindRefreshToken(ask.Field("refresh_token"));
  if (!grant || grant->consumer_key != out.app->consumer_key)
    return OAuthRefusal{"invalid_grant", "expired access/refresh token"};
  out.user = state.directory.FindUser(grant->user_id);
  out.scope = grant->scope;
  out.refresh_token = ask.Field("refresh_token");
  out.wants_refresh_token = state.switches.refresh_rotation;
  return std::nullopt;
}

Refused ByPassword(AccessState& state, const TokenAsk& ask, GrantedSignIn& out) {
  if (const auto refused = CheckClient(state, ask.client, out.app)) return refused;
  out.user = state.directory.FindUserByName(ask.Field("username"));
  if (!state.switches.password_grant_allowed || out.user == nullptr ||
      !AccessDirectory::PasswordHolds(*out.user, ask.Field("password"),
                                      state.switches.trusted_network))
    return OAuthRefusal{"invalid_grant", "authentication failure"};
  out.scope = ScopeWithoutRefresh(*out.app);
  return std::nullopt;
}

Refused ByCode(AccessState& state, const TokenAsk& ask, GrantedSignIn& out) {
  if (const auto refused = CheckClientWithProof(state, ask, out)) return refused;
  const auto code = state.sessions.TakeCode(ask.Field("code"));
  if (!code || code->grant.consumer_key != out.app->consumer_key) return ExpiredCode();
  if (code->redirect_uri != ask.Field("redirect_uri"))
    return OAuthRefusal{"redirect_uri_mismatch", "redirect_uri must match configuration"};
  if (!code->challenge.empty() && Base64Url(Sha256(ask.Field("code_verifier"))) != code->challenge)
    return OAuthRefusal{"invalid_grant", "invalid code verifier"};
  out.user = state.directory.FindUser(code->grant.user_id);
  out.scope = code->grant.scope;
  out.wants_refresh_token = HasScope(out.scope, "refresh_token");
  return std::nullopt;
}

Refused ByAnyGrant(AccessState& state, const TokenAsk& ask, GrantedSignIn& out) {
  if (ask.grant == "client_credentials") return ByClientCredentials(state, ask, out);
  if (ask.grant == "jwt_bearer") return ByJwtBearer(state, ask, out);
  if (ask.grant == "refresh_token") return ByRefreshToken(state, ask, out);
  if (ask.grant == "password") return ByPassword(state, ask, out);
  if (ask.grant == "authorization_code") return ByCode(state, ask, out);
  return OAuthRefusal{"unsupported_grant_type", "grant type not supported"};
}

}  // namespace

std::optional<OAuthRefusal> CheckClient(const AccessState& state, const ClientCredentials& client,
                                        const SalesforceApp*& app) {
  app = state.directory.FindApp(client.key);
  if (app == nullptr) return OAuthRefusal{"invalid_client_id", "client identifier invalid"};
  if (client.secret != app->consumer_secret)
    return OAuthRefusal{"invalid_client", "invalid client credentials"};
  return std::nullopt;
}

std::optional<OAuthRefusal> SignInByGrant(AccessState& state, const TokenAsk& ask,
                                          GrantedSignIn& sign_in) {
  if (const auto refused = ByAnyGrant(state, ask, sign_in)) return refused;
  if (!sign_in.user->active) return OAuthRefusal{"inactive_user", "user is inactive"};
  if (const auto forced = state.forced.Take(sign_in.app->consumer_key)) return forced;
  return state.forced.Take(sign_in.user->username);
}

std::string GrantedScope(const std::string& scopes, const std::string& requested) {
  if (requested.empty()) return scopes;
  std::vector<std::string> words = Split(scopes, ' ');
  std::erase_if(words, [&](const std::string& word) {
    return !HasScope(requested, word) &&
           !(word == "refresh_token" && HasScope(requested, "offline_access"));
  });
  return Join(words, " ");
}

bool HasScope(const std::string& scopes, std::string_view word) {
  const std::vector<std::string> words = Split(scopes, ' ');
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace cosell::sandbox

#include "tools/sandbox/salesforce/access/token_endpoint.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <nlohmann/json.hpp>

#include "tools/sandbox/salesforce/access/grants.h"
#include "tools/sandbox/world/encoding.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

TokenAsk Decode(const AccessRequest& request) {
  const std::string grant = ValueOf(request.form, "grant_type");
  return {.origin = request.origin,
          .grant = grant == kJwtBearer ? "jwt_bearer" : grant,
          .form = request.form,
          .client = CredentialsOf(request)};
}

// Proves to the app that the answer is the organisation's: keyed with the consumer secret.
std::string Signature(const std::string& secret, const std::string& text) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(digest.data()), &size);
  return Base64(std::string_view(digest).substr(0, size));
}

// The refresh token the session belongs to from now on.
std::string RefreshTokenFor(AccessState& state, const GrantedSignIn& sign_in) {
  if (!sign_in.wants_refresh_token) return sign_in.refresh_token;
  state.sessions.RemoveRefreshToken(sign_in.refresh_token);
  return state.sessions.AddRefreshToken(
      {sign_in.app->consumer_key, sign_in.user->id, sign_in.scope},
      state.switches.refresh_tokens_max);
}

void Sign(const AccessState& state, const GrantedSignIn& sign_in, Json& body) {
  const std::string issued_at = std::to_string(ToUnixMs(state.clock.Now()));
  body["issued_at"] = issued_at;
  body["signature"] =
      Signature(sign_in.app->consumer_secret, body["id"].get<std::string>() + issued_at);
}

Json Granted(AccessState& state, const TokenAsk& ask, const GrantedSignIn& sign_in) {
  const std::string refresh_token = RefreshTokenFor(state, sign_in);
  Json body = {{"access_token", state.sessions.Open({.user_id = sign_in.user->id,
                                                     .consumer_key = sign_in.app->consumer_key,
                                                     .scope = sign_in.scope,
                                                     .refresh_token = refresh_token},
                                                    state.switches.access_token_chars)},
               {"instance_url", state.options.instance_url},
               {"id", IdentityUrl(state, ask.origin, *sign_in.user)},
               {"token_type", "Bearer"}};
  if (ask.grant != "password" || state.switches.password_answers_scope)
    body["scope"] = sign_in.scope;
  if (ask.grant != "jwt_bearer" || state.switches.jwt_answers_signed) Sign(state, sign_in, body);
  if (sign_in.wants_refresh_token) body["refresh_token"] = refresh_token;
  return body;
}

}  // namespace

std::string IdentityUrl(const AccessState& state, const std::string& origin,
                        const SalesforceUser& user) {
  const std::string& host = state.options.identity_origin;
  return (host.empty() ? origin : host) + "/id/" + state.options.organization_id + "/" + user.id;
}

net::HttpResponse AnswerTokenRequest(AccessState& state, const AccessRequest& request) {
  if (request.method != "POST")
    return RefuseOAuth({"invalid_request", "must use HTTP POST"}, state);
  const TokenAsk ask = Decode(request);
  GrantedSignIn sign_in;
  if (const auto refused = SignInByGrant(state, ask, sign_in)) {
    ++state.sign_ins.refused;
    return RefuseOAuth(*refused, state);
  }
  ++state.sign_ins.granted[ask.grant];
  net::HttpResponse answer = SalesforceJson(200, Granted(state, ask, sign_in).dump());
  answer.headers.emplace_back("Cache-Control", "no-cache,must-revalidate,no-store");
  return answer;
}

}  // namespace cosell::sandbox

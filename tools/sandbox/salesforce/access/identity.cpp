#include "tools/sandbox/salesforce/access/identity.h"

#include <nlohmann/json.hpp>

#include "tools/sandbox/salesforce/access/grants.h"
#include "tools/sandbox/salesforce/access/token_endpoint.h"
#include "tools/sandbox/world/reply.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

std::int64_t UnixSeconds(Instant at) { return ToUnixMs(at) / 1000; }

std::string PresentedToken(const AccessRequest& request) {
  if (const auto token = TokenOf(request.authorization)) return *token;
  return ValueOf(request.query, "oauth_token");
}

// The holder of the presented token, or nullptr and in `refusal` the 401 of section 2.7.
const SalesforceUser* Holder(AccessState& state, const AccessRequest& request,
                             net::HttpResponse& refusal) {
  if (!request.authorization.empty() && !TokenOf(request.authorization)) {
    refusal = RefuseCall(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE");
    return nullptr;
  }
  const AccessSession* const session = state.sessions.Use(PresentedToken(request));
  const SalesforceUser* const user =
      session == nullptr ? nullptr : state.directory.FindUser(session->user_id);
  if (user != nullptr && user->active) return user;
  refusal = RefuseCall(401, "INVALID_SESSION_ID", "Session expired or invalid");
  return nullptr;
}

Json Urls(const SalesforceAccessOptions& options) {
  const std::string rest = options.instance_url + "/services/data/v{version}/";
  return {{"rest", rest}, {"sobjects", rest + "sobjects/"}, {"query", rest + "query/"}};
}

// What identity and userinfo say in the same words.
Json Person(const AccessState& state, const SalesforceUser& user) {
  return {{"user_id", user.id},  {"organization_id", state.options.organization_id},
          {"email", user.email}, {"user_type", "STANDARD"},
          {"language", "en_US"}, {"urls", Urls(state.options)}};
}

std::string Nickname(const SalesforceUser& user) {
  return user.username.substr(0, user.username.find('@'));
}

}  // namespace

net::HttpResponse AnswerIdentity(AccessState& state, const AccessRequest& request) {
  net::HttpResponse refusal;
  if (Holder(state, request, refusal) == nullptr) return refusal;
  const std::string user_id = request.path.substr(request.path.rfind('/') + 1);
  const SalesforceUser* const user = state.directory.FindUser(user_id);
  const bool here = request.path == "/id/" + state.options.organization_id + "/" + user_id;
  if (!here || user == nullptr || user->id != user_id)
    return RefuseCall(404, "NOT_FOUND", "The requested resource does not exist");
  Json body = Person(state, *user);
  body["id"] = IdentityUrl(state, request.origin, *user);
  body["username"] = user->username;
  body["display_name"] = user->display_name;
  body["nick_name"] = Nickname(*user);
  body["photos"] = {{"picture", ""}, {"thumbnail", ""}};
  return SalesforceJson(200, body.dump());
}

net::HttpResponse AnswerUserInfo(AccessState& state, const AccessRequest& request) {
  net::HttpResponse refusal;
  const SalesforceUser* const user = Holder(state, request, refusal);
  if (user == nullptr) return refusal;
  Json body = Person(state, *user);
  body["sub"] = IdentityUrl(state, request.origin, *user);
  body["preferred_username"] = user->username;
  body["name"] = user->display_name;
  body["nickname"] = Nickname(*user);
  body["email_verified"] = true;
  return SalesforceJson(200, body.dump());
}

net::HttpResponse AnswerIntrospect(AccessState& state, const AccessRequest& request) {
  const SalesforceApp* app = nullptr;
  if (const auto refused = CheckClient(state, CredentialsOf(request), app))
    return RefuseOAuth(*refused, 401);
  const AccessSession* const session = state.sessions.Find(ValueOf(request.form, "token"));
  const SalesforceUser* const user =
      session == nullptr ? nullptr : state.directory.FindUser(session->user_id);
  if (user == nullptr || !user->active) return SalesforceJson(200, R"({"active":false})");
  const Json body = {{"active", true},
                     {"scope", session->scope},
                     {"client_id", session->consumer_key},
                     {"username", user->username},
                     {"sub", IdentityUrl(state, request.origin, *user)},
                     {"token_type", "access_token"},
                     {"iat", UnixSeconds(session->issued_at)},
                     {"nbf", UnixSeconds(session->issued_at)},
                     {"exp", UnixSeconds(state.sessions.ExpiresAt(*session))}};
  return SalesforceJson(200, body.dump());
}

net::HttpResponse AnswerRevoke(AccessState& state, const AccessRequest& request) {
  const std::string in_form = ValueOf(request.form, "token");
  const std::string token = in_form.empty() ? ValueOf(request.query, "token") : in_form;
  if (token.empty()) return RefuseOAuth({"invalid_request", "token is missing"}, state);
  state.sessions.Revoke(token);
  return TextReply(200, "", "text/plain");
}

}  // namespace cosell::sandbox

#include "tools/sandbox/salesforce/access/authorize.h"

#include <algorithm>

#include "base/text.h"
#include "tools/sandbox/salesforce/access/grants.h"

namespace cosell::sandbox {
namespace {

bool MaySendTo(const SalesforceApp& app, const std::string& redirect_uri) {
  const auto& known = app.callback_urls;
  return !redirect_uri.empty() &&
         (known.empty() || std::find(known.begin(), known.end(), redirect_uri) != known.end());
}

net::HttpResponse SendBack(const AccessRequest& request, const std::string& result) {
  std::string target = ValueOf(request.query, "redirect_uri");
  target += (target.find('?') == std::string::npos ? '?' : '&') + result;
  const std::string state = ValueOf(request.query, "state");
  if (!state.empty()) target += "&state=" + UrlEncode(state);
  net::HttpResponse answer;
  answer.status = 302;
  answer.headers.emplace_back("Location", target);
  return answer;
}

net::HttpResponse SendRefusalBack(const AccessRequest& request, const std::string& error,
                                  const std::string& description) {
  return SendBack(request, "error=" + error + "&error_description=" + UrlEncode(description));
}

// What the app asks for, once it is known where answers may be sent.
net::HttpResponse AnswerApp(AccessState& state, const AccessRequest& request,
                            const SalesforceApp& app) {
  const auto asked = [&request](const char* name) { return ValueOf(request.query, name); };
  if (asked("response_type") != "code")
    return SendRefusalBack(request, "unsupported_response_type", "response type not supported");
  const std::string challenge = asked("code_challenge");
  const std::string method = asked("code_challenge_method");
  if (!challenge.empty() && !method.empty() && method != "S256")
    return SendRefusalBack(request, "invalid_request", "code challenge method must be S256");
  const std::string scope = GrantedScope(app.scopes, asked("scope"));
  if (scope.empty())
    return SendRefusalBack(request, "invalid_scope", "the requested scope is not allowed");
  const SalesforceUser* user = state.directory.FindUserByName(asked("login_hint"));
  if (user == nullptr) user = state.directory.FirstUser();
  if (user == nullptr) return SendRefusalBack(request, "access_denied", "nobody is signed in");
  const std::string code = state.sessions.AddCode({.grant = {app.consumer_key, user->id, scope},
                                                   .redirect_uri = asked("redirect_uri"),
                                                   .challenge = challenge});
  return SendBack(request, "code=" + UrlEncode(code));
}

}  // namespace

net::HttpResponse AnswerAuthorize(AccessState& state, const AccessRequest& request) {
  const SalesforceApp* const app = state.directory.FindApp(ValueOf(request.query, "client_id"));
  if (app == nullptr) return RefuseOAuth({"invalid_client_id", "client identifier invalid"}, state);
  // Never send anybody to an address the app did not register.
  if (!MaySendTo(*app, ValueOf(request.query, "redirect_uri")))
    return RefuseOAuth({"redirect_uri_mismatch", "redirect_uri must match configuration"}, state);
  return AnswerApp(state, request, *app);
}

}  // namespace cosell::sandbox

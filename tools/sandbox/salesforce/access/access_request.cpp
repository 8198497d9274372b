#include "tools/sandbox/salesforce/access/access_request.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tools/sandbox/world/encoding.h"
#include "tools/sandbox/world/reply.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

// Of an authorization header "<scheme> <value>".
std::optional<std::string> ValueOfScheme(std::string_view authorization, std::string_view scheme) {
  if (!StartsWithIgnoreCase(authorization, std::string(scheme) + " ")) return std::nullopt;
  return std::string(Trim(authorization.substr(scheme.size() + 1)));
}

// The common alphabet's base64 is the URL alphabet's with two letters changed and no padding.
std::string FromBase64(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return FromBase64Url(text);
}

}  // namespace

AccessRequest DecodeAccessRequest(const net::HttpRequest& request) {
  const Url url = ParseUrl(request.url);
  AccessRequest decoded{.method = request.method,
                        .origin = url.origin,
                        .path = url.path,
                        .query = ParseForm(url.query),
                        .form = {},
                        .authorization = HeaderOf(request, "Authorization"),
                        .body = request.body};
  if (decoded.path.ends_with('/')) decoded.path.pop_back();
  if (StartsWithIgnoreCase(HeaderOf(request, "Content-Type"), "application/x-www-form-urlencoded"))
    decoded.form = ParseForm(request.body);
  return decoded;
}

std::string ValueOf(const std::map<std::string, std::string>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? "" : found->second;
}

std::optional<std::string> TokenOf(std::string_view authorization) {
  const auto token = ValueOfScheme(authorization, "Bearer");
  return token ? token : ValueOfScheme(authorization, "OAuth");
}

ClientCredentials CredentialsOf(const AccessRequest& request) {
  const auto basic = ValueOfScheme(request.authorization, "Basic");
  if (!basic) return {ValueOf(request.form, "client_id"), ValueOf(request.form, "client_secret")};
  const std::string pair = FromBase64(*basic);
  const std::size_t colon = std::min(pair.find(':'), pair.size());
  return {pair.substr(0, colon), colon < pair.size() ? pair.substr(colon + 1) : ""};
}

net::HttpResponse SalesforceJson(int status, std::string body) {
  return TextReply(status, std::move(body), "application/json;charset=UTF-8");
}

net::HttpResponse RefuseOAuth(const OAuthRefusal& refusal, int status) {
  const Json body = {{"error", refusal.error}, {"error_description", refusal.description}};
  return SalesforceJson(status, body.dump());
}

net::HttpResponse RefuseOAuth(const OAuthRefusal& refusal, const AccessState& state) {
  const bool client = refusal.error == "invalid_client" || refusal.error == "invalid_client_id";
  return RefuseOAuth(refusal, client ? state.switches.client_error_status : 400);
}

net::HttpResponse RefuseCall(int status, std::string_view error_code, std::string_view message) {
  const Json error = {{"message", message}, {"errorCode", error_code}};
  return SalesforceJson(status, Json::array({error}).dump());
}

}  // namespace cosell::sandbox

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"
#include "tools/sandbox/salesforce/access/access_state.h"

// Requests to the sign-in side taken apart, and the shapes of its answers. Pure functions.
namespace cosell::sandbox {

// A request with its URL and form decoded. A value.
struct AccessRequest {
  std::string method;
  std::string origin;  // it was addressed to
  std::string path;    // without a trailing slash
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> form;
  std::string authorization;
  std::string body;
};
AccessRequest DecodeAccessRequest(const net::HttpRequest& request);

// The value of that name, or an empty text.
std::string ValueOf(const std::map<std::string, std::string>& values, const std::string& name);

// The token of "Bearer x" or "OAuth x" (section 2.7); nothing for any other header.
std::optional<std::string> TokenOf(std::string_view authorization);

struct ClientCredentials {
  std::string key;
  std::string secret;
};
// From HTTP Basic where present, else from the form (section 2.3).
ClientCredentials CredentialsOf(const AccessRequest& request);

// `content_type` exactly as Salesforce writes it: jsforce parses no other (section 20.2).
net::HttpResponse SalesforceJson(int status, std::string body);
// The object of the OAuth endpoints (section 2.6).
net::HttpResponse RefuseOAuth(const OAuthRefusal& refusal, int status);
// The same, with the status the switches give a failed client authentication.
net::HttpResponse RefuseOAuth(const OAuthRefusal& refusal, const AccessState& state);
// The array of all other resources (section 3.5).
net::HttpResponse RefuseCall(int status, std::string_view error_code, std::string_view message);

}  // namespace cosell::sandbox

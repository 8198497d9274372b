#pragma once

#include <map>
#include <optional>
#include <string>

#include "tools/sandbox/salesforce/access/access_request.h"
#include "tools/sandbox/salesforce/access/access_state.h"

namespace cosell::sandbox {

// One request to the token endpoint, decoded. A value.
struct TokenAsk {
  std::string origin;
  std::string grant;  // short name as in SalesforceSignIns; the text itself for an unknown grant
  std::map<std::string, std::string> form;
  ClientCredentials client;
  std::string Field(const std::string& name) const { return ValueOf(form, name); }
};

// Who signed in, and what is due to them. A value; points into the directory.
struct GrantedSignIn {
  const SalesforceApp* app = nullptr;
  const SalesforceUser* user = nullptr;
  std::string scope;
  std::string refresh_token;         // the one that was handed in, for grant refresh_token
  bool wants_refresh_token = false;  // a new one is due
};

// The grants of contract salesforce.md sections 2.2 to 2.5 and the authorization code. Fills
// `sign_in`, or returns why not.
std::optional<OAuthRefusal> SignInByGrant(AccessState& state, const TokenAsk& ask,
                                          GrantedSignIn& sign_in);

// Whether client key and secret of `client` are those of an app, which goes to `app`.
std::optional<OAuthRefusal> CheckClient(const AccessState& state, const ClientCredentials& client,
                                        const SalesforceApp*& app);

// The words of `scopes` that `requested` names too (all when it names none), in order of `scopes`.
// "offline_access" asks for "refresh_token".
std::string GrantedScope(const std::string& scopes, const std::string& requested);
bool HasScope(const std::string& scopes, std::string_view word);

}  // namespace cosell::sandbox

#pragma once

#include "net/http.h"
#include "tools/sandbox/salesforce/access/access_request.h"

namespace cosell::sandbox {

// POST /services/oauth2/token (contract salesforce.md section 2.6): signs in by the grant the form
// names and answers with an access token, or with an object that says why not.
net::HttpResponse AnswerTokenRequest(AccessState& state, const AccessRequest& request);

// "{origin}/id/{organisation}/{user}": the identity URL as answers name it.
std::string IdentityUrl(const AccessState& state, const std::string& origin,
                        const SalesforceUser& user);

}  // namespace cosell::sandbox

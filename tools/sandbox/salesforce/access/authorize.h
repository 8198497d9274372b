#pragma once

#include "net/http.h"
#include "tools/sandbox/salesforce/access/access_request.h"

namespace cosell::sandbox {

// GET /services/oauth2/authorize: a person is signed in at the browser already, has approved the
// app, and is sent back with a code at once. The person is `login_hint`, else the first user. PKCE
// (S256) is checked where the request brings a challenge.
net::HttpResponse AnswerAuthorize(AccessState& state, const AccessRequest& request);

}  // namespace cosell::sandbox

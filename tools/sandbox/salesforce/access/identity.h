#pragma once

#include "net/http.h"
#include "tools/sandbox/salesforce/access/access_request.h"

// What a session can be asked about, and how it is ended.
namespace cosell::sandbox {

// GET /id/{organisation}/{user} (contract salesforce.md section 2.8). The token comes in the
// header or as `oauth_token`.
net::HttpResponse AnswerIdentity(AccessState& state, const AccessRequest& request);
// GET or POST /services/oauth2/userinfo: the same person under OpenID names.
net::HttpResponse AnswerUserInfo(AccessState& state, const AccessRequest& request);
// POST /services/oauth2/introspect: `active` and what the token stands for; the client signs in.
net::HttpResponse AnswerIntrospect(AccessState& state, const AccessRequest& request);
// POST (or GET) /services/oauth2/revoke: 200 and an empty body, for unknown tokens too.
net::HttpResponse AnswerRevoke(AccessState& state, const AccessRequest& request);

}  // namespace cosell::sandbox

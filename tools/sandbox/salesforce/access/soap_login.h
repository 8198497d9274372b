#pragma once

#include "net/http.h"
#include "tools/sandbox/salesforce/access/access_request.h"

namespace cosell::sandbox {

// POST /services/Soap/u/{version}: the login() of old clients (contract salesforce.md section 2.9),
// with user name, and password followed by the security token. Refused with a SOAP fault while the
// switch is off, from version 65 on, below 31, and for every other operation.
net::HttpResponse AnswerSoapLogin(AccessState& state, const AccessRequest& request);

}  // namespace cosell::sandbox

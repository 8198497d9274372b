#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/salesforce_tokens.h"

namespace cosell::net {

// What Salesforce's token endpoint hands out. A value; never printed.
struct SalesforceGrant {
  std::string access_token;
  SalesforceSession session;
  std::string refresh_token;  // empty unless refresh tokens rotate
};

// Internal to net: reads an answer of Salesforce's token endpoint (salesforce.md section 2.6).
// `grant` is the one that was asked with ("jwt_bearer"): what to mend depends on it. Errors:
// unauthorized with what to mend, throttled with the time to wait, unavailable. Of the remote's own
// words nothing gets into the Error but its `error` word: its texts may name users. Pure.
Result<SalesforceGrant> ReadSalesforceAnswer(const HttpResponse& response, std::string_view grant,
                                             Instant now);

}  // namespace cosell::net

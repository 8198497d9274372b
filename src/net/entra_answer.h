#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"

namespace cosell::net {

// What a token endpoint hands out. A value; never printed.
struct EntraGrant {
  std::string access_token;
  std::chrono::seconds lifetime{0};
  std::string refresh_token;  // empty where the grant brings none
};

// Internal to net: reads an answer of the Entra token endpoint (partner-center.md sections 2.3 and
// 2.4). Errors decide by `error` and `suberror`; the AADSTS number only makes the message precise:
// unauthorized with what to mend, throttled with the time to wait, unavailable. Of the remote's own
// words nothing gets into the Error but that number or the `error` word: its texts name users.
// Pure.
Result<EntraGrant> ReadEntraAnswer(const HttpResponse& response, Instant now);

}  // namespace cosell::net

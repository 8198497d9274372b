#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.h"
#include "net/api_client.h"

// Internal to net: what an answer says about repeating, read off it. Pure functions.
namespace cosell::net {

// When the answer was made, by the server's own clock (Date header).
std::optional<Instant> ServerTime(const HttpResponse& response);

// How long the server asks to wait: Retry-After in seconds, or as a date (held against the server's
// own Date, so that no clock of ours matters; against `now` when it sends none), or the "Try again
// in N seconds" of a gateway's 429 (partner-center.md section 3.12). At most a day; nothing when
// the server does not say.
std::optional<std::chrono::milliseconds> RequestedWait(const HttpResponse& response, Instant now);

// The wait before repeat number `repeat` (1, 2, ...): anywhere between nothing and the doubled
// first delay (full jitter), so that clients that failed together do not come back together.
std::chrono::milliseconds BackOff(const RetryPolicy& policy, int repeat, Random& random);

// The remote's own code in an error body: `error.code`, `code`, `statusCode`, `error` or
// `errorCode`, whichever is there, of the first object where the body is an array (salesforce.md
// section 3.5); empty for anything else. Never free text.
std::string RemoteCode(const std::string& body);

}  // namespace cosell::net

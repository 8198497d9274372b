#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "net/api_client.h"

namespace cosell::net {

// Internal to net: what follows from the outcome of one attempt.
struct Verdict {
  enum class Next {
    answer,       // an answer for the adapter to interpret
    fail,         // the call ends with `error`
    renew_token,  // 401: once with a new token; if that was tried, the call ends with `error`
    repeat,       // after a back-off; when no attempt is left, the call ends with `error`
    hold,         // the remote asked for a pause: nobody calls until `error.retry_after` has passed
  };
  Next next = Next::answer;
  Error error;
};

// What the judgement of a call's answers depends on. A value.
struct CallRules {
  Repeat repeat = Repeat::safe;
  std::string place;                 // begins the messages ("GET host/path")
  std::string session_expired_code;  // as ApiClient::Options
};

// Decides by status and kind of failure, and by what repeating the call would do. With `hold`,
// error.retry_after is what the remote asked for, or absent when it named no time. Pure.
Verdict Judge(const Result<HttpResponse>& outcome, const CallRules& rules, Instant now);
// For a call whose token could not be had: passing trouble is repeated, a refused sign-in is not.
Verdict JudgeToken(const Error& failure);

}  // namespace cosell::net

#include "net/verdict.h"

#include "net/retry.h"

namespace cosell::net {
namespace {

using Next = Verdict::Next;

// partner-center.md section 3.12, dynamics365.md section 11, salesforce.md section 14.1 (420).
bool IsTransient(int status) {
  return status == 408 || status == 420 || status == 500 || status == 502 || status == 503 ||
         status == 504 || status == 509;
}

Error FromAnswer(ErrorKind kind, const std::string& message, const HttpResponse& response) {
  return Error{.kind = kind,
               .message = message,
               .code = RemoteCode(response.body),
               .http_status = response.status};
}

Verdict Hold(const HttpResponse& response, const std::string& place,
             std::optional<std::chrono::milliseconds> wait) {
  Error error =
      FromAnswer(ErrorKind::throttled, place + ": the remote side asked us to slow down", response);
  error.retry_after = wait;
  return {Next::hold, error};
}

Verdict JudgeTransient(const HttpResponse& response, Repeat repeat, const std::string& place) {
  const std::string status = ": HTTP " + std::to_string(response.status);
  if (repeat == Repeat::never) {
    return {Next::fail,
            FromAnswer(ErrorKind::unknown_outcome,
                       place + status + " to a write: whether it was done is not known", response)};
  }
  return {Next::repeat,
          FromAnswer(ErrorKind::unavailable, place + status + ", also when repeated", response)};
}

Verdict JudgeRefusedToken(const HttpResponse& response, const CallRules& rules) {
  const std::string& renewable = rules.session_expired_code;
  if (!renewable.empty() && RemoteCode(response.body) != renewable) {
    return {Next::fail,
            FromAnswer(ErrorKind::unauthorized,
                       rules.place + ": the account is not let in, and a new sign-in would not "
                                     "help: check that the account and the app may use the API",
                       response)};
  }
  return {Next::renew_token,
          FromAnswer(ErrorKind::unauthorized,
                     rules.place + ": the token was refused, a new one too: check that the account "
                                   "may use this service, and the configured tenant and URL",
                     response)};
}

Verdict JudgeAnswer(const HttpResponse& response, const CallRules& rules, Instant now) {
  if (response.status == 401) return JudgeRefusedToken(response, rules);
  const auto wait = RequestedWait(response, now);
  if (response.status == 429 || (response.status == 503 && wait)) {
    return Hold(response, rules.place, wait);
  }
  // A 500 to a write may carry a rule's refusal; only the adapter knows the remote's codes.
  const bool for_the_adapter = response.status == 500 && rules.repeat == Repeat::never;
  if (for_the_adapter || !IsTransient(response.status)) return {};
  return JudgeTransient(response, rules.repeat, rules.place);
}

}  // namespace

Verdict Judge(const Result<HttpResponse>& outcome, const CallRules& rules, Instant now) {
  if (outcome) return JudgeAnswer(*outcome, rules, now);
  Error error = outcome.error();
  if (error.kind == ErrorKind::unreachable) return {Next::repeat, error};
  if (error.kind == ErrorKind::unknown_outcome && rules.repeat == Repeat::safe) {
    error.kind = ErrorKind::unavailable;  // doing it again does no harm, so nothing is in doubt
    return {Next::repeat, error};
  }
  return {Next::fail, error};
}

Verdict JudgeToken(const Error& failure) {
  const bool passing =
      failure.kind == ErrorKind::unreachable || failure.kind == ErrorKind::unavailable;
  return {passing ? Next::repeat : Next::fail, failure};
}

}  // namespace cosell::net

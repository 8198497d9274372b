#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "net/http.h"
#include "ports/log.h"

namespace cosell::net {

// Access tokens for one identity and audience. Safe from any thread; concurrent callers share one
// request to the token endpoint.
class TokenSource {
 public:
  virtual ~TokenSource() = default;
  // A token that is valid for at least another minute; renewed five minutes early. unauthorized
  // (with the remedy in the message) when sign-in is refused; throttled, unreachable, unavailable
  // otherwise.
  virtual Result<std::string> Token() = 0;
  // Drops `token` if it is still the cached one: a 401 was answered to it.
  virtual void Invalidate(const std::string& token) = 0;
};

struct RetryPolicy {
  int attempts_max = 4;
  std::chrono::milliseconds delay_first{250};  // doubled each time, with full jitter
  std::chrono::milliseconds delay_max{8'000};
  // A Retry-After up to this long is waited for in place; a longer one is returned as `throttled`.
  std::chrono::milliseconds wait_max{5'000};
};

// What repeating a request would do.
enum class Repeat {
  safe,   // GET, or a write that cannot do harm twice: repeated after time-outs and 5xx
  never,  // a write: repeated only if it was certainly not processed (unreachable, 401, 429, 503
          // with Retry-After)
};

struct ApiCall {
  HttpRequest request;
  Repeat repeat = Repeat::safe;
  CorrelationId correlation;  // empty: a new one; sent as client-request-id, MS-CorrelationId and
                              // MS-RequestId (kept across repeats)
};

struct ApiAnswer {
  HttpResponse response;
  CorrelationId correlation;
  std::optional<std::chrono::milliseconds> clock_offset;  // our clock minus the Date header
};

// Sends calls to one API host with one identity: adds the token and correlation ids, keeps
// to the host's rate limit, repeats what may be repeated, obeys Retry-After (seconds and date),
// renews the token once on 401. Safe from any thread.
//
// Answers with any status but 401, 429 and the transient ones (408, 420, 502, 503, 504, 509, and
// 500 where the call may be repeated) come back as values for the adapter to interpret: a 403 with
// a claims challenge, and a 500 to a call that is never repeated, whose code may be a rule's
// refusal and which is in doubt otherwise. The rest end as Error: unauthorized (401 twice, or once
// where a new token would not help), throttled, unavailable, unreachable, unknown_outcome (a
// transient status, or no answer, to a call that is never repeated). Error.code holds the answer's
// own error code where its body had one.
//
// After a 429 (or a 503 that names a time) no call of this client starts until the time is over; a
// call that would wait longer than `wait_max` ends as throttled at once, with the time left.
class ApiClient {
 public:
  struct Options {
    RetryPolicy retry;
    double requests_per_second_max = 20;  // token bucket per host; above zero
    int concurrency_max = 8;              // requests in flight; at least 1
    // The origin tokens may go to ("https://api.partner.microsoft.com"). A call to any other URL,
    // say out of a paging link, ends as invalid_input before a token is asked for. Empty: not
    // checked.
    std::string origin;
    // The code that a 401 carries when the token has run out ("INVALID_SESSION_ID", salesforce.md
    // section 2.7). Any other 401 then ends the call as unauthorized with its own code, and the
    // token is kept. Empty: every 401 renews the token.
    std::string session_expired_code{};
    // How the token travels: a header ("X-Api-Key") and what stands before the token in it.
    std::string token_header = "Authorization";
    std::string token_prefix = "Bearer ";
  };
  virtual ~ApiClient() = default;
  virtual Result<ApiAnswer> Send(const ApiCall& call) = 0;
};

// `transport`, `tokens`, `clock`, `random` and `log` must outlive the client. Throws
// std::invalid_argument for a rate or concurrency that would let nothing through.
std::unique_ptr<ApiClient> MakeApiClient(HttpTransport& transport, TokenSource& tokens,
                                         Clock& clock, Random& random, Log& log,
                                         ApiClient::Options options);

}  // namespace cosell::net

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// What a remote side, or our own input, may answer. One enum for the whole program: the engine
// decides on the kind and never on a text. Values; free to copy between threads.
namespace cosell {

enum class ErrorKind {
  not_found,       // the record does not exist (404)
  stale_version,   // the precondition failed (412): read again, plan again
  already_exists,  // a create met its own marker: the record is there
  throttled,       // wait until `retry_after` (429, 503 with Retry-After, quota)
  refused,    // the remote understood and said no (400, 409, 422): repeating the same is pointless
  forbidden,  // 403: a role or privilege is missing
  unauthorized,    // sign-in failed, or the token was refused twice: the connection pauses
  cursor_expired,  // a delta link or page token is no longer valid: start a full read
  unreachable,     // certainly not sent: DNS, connect, TLS, proxy
  unavailable,  // 5xx after all retries: sent or not does not matter, the call was safe to repeat
  unknown_outcome,   // sent, but no answer arrived: look the effect up before doing anything
  invalid_response,  // the answer was not what the contract says (HTML, cut JSON, too large)
  invalid_input,     // our own input: configuration, mapping, command line
};

// Stable lower-case name ("stale_version"), used in logs, audit and metrics.
std::string_view ToString(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::invalid_response;
  // For a person: what happened, where, how to mend it. No secret, no contact data.
  std::string message{};
  // The remote's own code ("0x80060882", "preconditionFailed"); may be empty.
  std::string code{};
  int http_status = 0;  // 0 when no answer arrived
  // Only with `throttled` and `unavailable`.
  std::optional<std::chrono::milliseconds> retry_after{};
  // Ours, sent with the request; may be empty.
  std::string correlation_id{};
  // The remote's own id of the request; may be empty.
  std::string request_id{};
};

// "stale_version (HTTP 412, preconditionFailed): The supplied etag is not current."
// For the person at the record itself (the link's reason, the CRM's Audit, the command line): a
// remote's message may quote field values.
std::string Describe(const Error& error);

// For logs and the chained part of the audit, which must never hold contact data: the message only
// where it is our own words (sign-in, reachability, throttling, our input), else kind, HTTP status
// and code alone.
std::string Summarize(const Error& error);

}  // namespace cosell

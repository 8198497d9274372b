#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "crm/dataverse/web_api.h"
#include "ports/crm.h"

namespace cosell::dataverse {

// Whether a failed write may have touched the remote record at all: certainly not when it never got
// there, or was turned away at the door.
inline bool WasAttempted(const Error& error) {
  return error.kind != ErrorKind::unreachable && error.kind != ErrorKind::throttled &&
         error.kind != ErrorKind::unauthorized;
}

// The audit's line of one remote write: done when there is no error, else with the remote's code,
// or the kind of failure where the remote gave none.
inline PerformedWrite Performed(const std::string& record_kind, const std::string& record_id,
                                const std::string& operation, const std::optional<Error>& error,
                                std::int64_t duration_ms) {
  PerformedWrite write;
  write.record_kind = record_kind;
  write.record_id = record_id;
  write.operation = operation;
  write.done = !error.has_value();
  if (error)
    write.outcome_code = error->code.empty() ? std::string(ToString(error->kind)) : error->code;
  write.duration_ms = duration_ms;
  if (error) write.request_id = error->request_id;
  return write;
}

// The same of a write that was sent, with the CRM's id of the request where it was answered.
inline PerformedWrite Performed(const std::string& record_kind, const std::string& record_id,
                                const std::string& operation, const std::optional<Error>& error,
                                const Sent& sent) {
  PerformedWrite write = Performed(record_kind, record_id, operation, error, sent.duration_ms);
  if (sent.answer) write.request_id = net::RequestIdOf(sent.answer->response.headers);
  return write;
}

}  // namespace cosell::dataverse

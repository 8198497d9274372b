#include "base/error.h"

namespace cosell {

std::string_view ToString(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::stale_version:
      return "stale_version";
    case ErrorKind::already_exists:
      return "already_exists";
    case ErrorKind::throttled:
      return "throttled";
    case ErrorKind::refused:
      return "refused";
    case ErrorKind::forbidden:
      return "forbidden";
    case ErrorKind::unauthorized:
      return "unauthorized";
    case ErrorKind::cursor_expired:
      return "cursor_expired";
    case ErrorKind::unreachable:
      return "unreachable";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::unknown_outcome:
      return "unknown_outcome";
    case ErrorKind::invalid_response:
      return "invalid_response";
    case ErrorKind::invalid_input:
      return "invalid_input";
  }
  return "invalid_response";
}

namespace {

// "stale_version (HTTP 412, preconditionFailed)"
std::string KindAndCode(const Error& error) {
  std::string text(ToString(error.kind));
  if (error.http_status == 0 && error.code.empty()) return text;
  text += " (";
  if (error.http_status != 0) text += "HTTP " + std::to_string(error.http_status);
  if (error.http_status != 0 && !error.code.empty()) text += ", ";
  return text + error.code + ")";
}

bool IsOurOwnWording(ErrorKind kind) {
  return kind == ErrorKind::unauthorized || kind == ErrorKind::unreachable ||
         kind == ErrorKind::throttled || kind == ErrorKind::unavailable ||
         kind == ErrorKind::cursor_expired || kind == ErrorKind::invalid_input;
}

}  // namespace

std::string Describe(const Error& error) { return KindAndCode(error) + ": " + error.message; }

std::string Summarize(const Error& error) {
  return IsOurOwnWording(error.kind) ? Describe(error) : KindAndCode(error);
}

}  // namespace cosell

#include "partner_center/rest.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "partner_center/json_member.h"

namespace cosell {
namespace {

using nlohmann::json;

// Tells Microsoft's gateway which program calls: a constant of ours (section 3.2, X-Caller-Id).
constexpr std::string_view kCallerId = "4be1f4a5-2f5c-4d3e-9a57-6c0a8f1d73e2";
constexpr std::size_t kMessageLengthMax = 300;
constexpr int kInnerErrorDepthMax = 8;

struct RemoteError {
  std::string code;
  std::string message;
};

bool IsKnownCode(std::string_view code) {
  constexpr std::array<std::string_view, 9> kKnown = {
      "accessDenied",        "generalException",   "invalidRequest",
      "itemNotFound",        "preconditionFailed", "resourceModified",
      "serviceNotAvailable", "unauthenticated",    "unAuthorized"};
  return std::any_of(kKnown.begin(), kKnown.end(),
                     [&](std::string_view known) { return EqualsIgnoreCase(known, code); });
}

// {"error": {code, message, innerError: {...}}}: the deepest known code, the outermost message.
RemoteError FromReferralsShape(const json& error) {
  RemoteError remote{Text(Member(error, "code")), Text(Member(error, "message"))};
  const json* inner = &Member(error, "innerError");
  for (int depth = 0; inner->is_object() && depth < kInnerErrorDepthMax; ++depth) {
    const std::string code = Text(Member(*inner, "code"));
    if (IsKnownCode(code)) remote.code = code;
    inner = &Member(*inner, "innerError");
  }
  return remote;
}

RemoteError ParseRemoteError(const std::string& body) {
  const json parsed = json::parse(body, nullptr, false);
  const json& error = Member(parsed, "error");
  if (error.is_object()) return FromReferralsShape(error);
  // The webhook host says code and description, its gateway statusCode and message.
  RemoteError remote{Text(Member(parsed, "code")), Text(Member(parsed, "description"))};
  if (remote.message.empty()) remote.message = Text(Member(parsed, "message"));
  return remote;
}

std::string OneLine(std::string_view text) {
  std::string line(TruncateUtf16(Trim(text), kMessageLengthMax));
  std::replace_if(
      line.begin(), line.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return line;
}

ErrorKind KindOfClientError(int status, const std::string& code) {
  switch (status) {
    case 401:
      return ErrorKind::unauthorized;
    case 403:
      return ErrorKind::forbidden;
    case 404:
    case 410:
      return ErrorKind::not_found;
    case 412:
      return ErrorKind::stale_version;
    case 423:  // locked: nothing was done, and it passes
      return ErrorKind::unavailable;
    case 429:
      return ErrorKind::throttled;
    default:
      break;
  }
  if (EqualsIgnoreCase(code, "preconditionFailed") || EqualsIgnoreCase(code, "resourceModified")) {
    return ErrorKind::stale_version;
  }
  return EqualsIgnoreCase(code, "accessDenied") ? ErrorKind::forbidden : ErrorKind::refused;
}

ErrorKind KindOf(int status, const std::string& code, bool is_write) {
  if (status >= 500 || status == 408) {
    return is_write ? ErrorKind::unknown_outcome : ErrorKind::unavailable;
  }
  if (status < 400) return is_write ? ErrorKind::unknown_outcome : ErrorKind::invalid_response;
  return KindOfClientError(status, code);
}

std::string_view Mend(ErrorKind kind, const Question& question) {
  switch (kind) {
    case ErrorKind::forbidden:
      return question.roles;
    case ErrorKind::stale_version:
      return "It changed since it was read.";
    case ErrorKind::unauthorized:
      return "Sign in again with: cosell-sync auth login.";
    default:
      return {};
  }
}

Error AboutAnswer(ErrorKind kind, const net::ApiAnswer& answer, std::string message) {
  Error error;
  error.kind = kind;
  error.message = std::move(message);
  error.http_status = answer.response.status;
  error.correlation_id = answer.correlation.text;
  error.request_id = net::RequestIdOf(answer.response.headers);
  return error;
}

}  // namespace

net::ApiCall MakeCall(std::string method, std::string url, net::Repeat repeat,
                      const CorrelationId& correlation) {
  net::ApiCall call;
  call.request.method = std::move(method);
  call.request.url = std::move(url);
  call.request.headers = {{"Accept", "application/json"},
                          {"Content-Type", "application/json"},
                          {"X-Caller-Id", std::string(kCallerId)}};
  call.repeat = repeat;
  call.correlation = correlation;
  return call;
}

bool IsSuccess(const net::ApiAnswer& answer) {
  return answer.response.status >= 200 && answer.response.status < 300;
}

Error ErrorFromAnswer(const net::ApiAnswer& answer, const Question& question) {
  const RemoteError remote = ParseRemoteError(answer.response.body);
  const ErrorKind kind = KindOf(answer.response.status, remote.code, question.is_write);
  const std::string said = OneLine(remote.message);
  std::string message = "Partner Center answered HTTP " + std::to_string(answer.response.status) +
                        " to " + question.what + (said.empty() ? "." : ": " + said);
  if (const std::string_view mend = Mend(kind, question); !mend.empty()) {
    message.append(" ").append(mend);
  }
  Error error = AboutAnswer(kind, answer, std::move(message));
  error.code = OneLine(remote.code);
  return error;
}

Error DoneButUnread(const net::ApiAnswer& answer, const Question& question, std::string_view why) {
  return AboutAnswer(ErrorKind::unknown_outcome, answer,
                     "Partner Center accepted " + question.what +
                         ", but what came of it could not be read: " + std::string(why));
}

Error Unreadable(const net::ApiAnswer& answer, const Question& question, std::string_view why) {
  return AboutAnswer(
      ErrorKind::invalid_response, answer,
      "Partner Center's answer to " + question.what + " cannot be used: " + std::string(why));
}

}  // namespace cosell

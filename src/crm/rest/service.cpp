#include "crm/rest/service.h"

#include <algorithm>

#include "base/text.h"
#include "net/url.h"

namespace cosell::rest {
namespace {

using enum ErrorKind;

constexpr std::size_t kMessageUnitsMax = 300;

ErrorKind KindOfStatus(int status) {
  switch (status) {
    case 401:
      return unauthorized;
    case 403:
      return forbidden;
    case 404:
    case 410:
      return not_found;
    case 412:
      return stale_version;
    case 429:
      return throttled;
    default:
      break;
  }
  if (status < 400) return invalid_response;
  return status < 500 ? refused : unavailable;
}

bool ForgetsCursor(int status) {
  return status == 400 || status == 404 || status == 410 || status == 422;
}

ErrorKind ForPurpose(ErrorKind kind, int status, Purpose purpose, Precondition precondition) {
  switch (purpose) {
    case Purpose::read:
      return kind;
    case Purpose::list_on:
      return ForgetsCursor(status) ? cursor_expired : kind;
    case Purpose::create:
      if (status == 409) return already_exists;
      if (kind == not_found || kind == stale_version) return refused;
      break;
    case Purpose::update:
      if (status == 409 && precondition != Precondition::none) return stale_version;
      break;
  }
  return kind == unavailable || kind == invalid_response ? unknown_outcome : kind;
}

bool IsWrite(Purpose purpose) { return purpose == Purpose::create || purpose == Purpose::update; }

// Error.cpp's Summarize prints the message of these kinds.
bool ReachesLogs(ErrorKind kind) {
  return kind == unauthorized || kind == unreachable || kind == throttled || kind == unavailable ||
         kind == cursor_expired || kind == invalid_input;
}

// A code reaches logs, so it must be one: a word, and no sentence that may quote a value.
bool IsCode(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), fits);
}

std::string OneLine(std::string_view text) {
  std::string line(TruncateUtf16(text, kMessageUnitsMax));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return std::string(Trim(line));
}

}  // namespace

Result<Answer> Service::Get(const std::string& target, const std::string& what,
                            Purpose purpose) const {
  net::ApiCall call;
  call.request.url = origin_ + description_.base_path + target;
  return Run(call, purpose, what);
}

Result<Answer> Service::Send(const Sending& sending, const std::string& what) const {
  net::ApiCall call;
  call.request.method = sending.method;
  call.request.url = origin_ + description_.base_path + sending.target;
  call.request.body = sending.body;
  if (!sending.body.empty()) {
    call.request.headers.emplace_back("Content-Type", "application/json");
  }
  if (!sending.if_match.empty()) call.request.headers.emplace_back("If-Match", sending.if_match);
  call.repeat = net::Repeat::never;
  call.correlation.text = sending.correlation;
  return Run(call, sending.purpose, what);
}

Result<Answer> Service::Run(const net::ApiCall& call, Purpose purpose,
                            const std::string& what) const {
  net::ApiCall sent = call;
  sent.request.headers.emplace_back("Accept", "application/json");
  for (const auto& [name, value] : description_.headers) {
    sent.request.headers.emplace_back(name, value);
  }
  const auto answer = api_.Send(sent);
  if (!answer) {
    Error error = answer.error();
    error.kind = ForPurpose(error.kind, error.http_status, purpose, description_.deal.precondition);
    error.message = "The " + what + " did not get through: " + error.message;
    return error;
  }
  if (answer->response.status >= 300) return ErrorOf(*answer, purpose, what);
  Answer read;
  if (!answer->response.body.empty() || !IsWrite(purpose)) {
    auto body = ParseExact(answer->response.body);
    if (!body) return Unreadable(*answer, purpose, what);
    read.body = *std::move(body);
  }
  const auto& headers = answer->response.headers;
  read.etag = std::string(net::FindHeader(headers, "ETag").value_or(""));
  if (const auto date = net::FindHeader(headers, "Date")) read.server_time = ParseHttpDate(*date);
  read.clock_offset = answer->clock_offset;
  return read;
}

Error Service::ErrorOf(const net::ApiAnswer& answer, Purpose purpose,
                       const std::string& what) const {
  const int status = answer.response.status;
  const Json body = ParseExact(answer.response.body).value_or(Json());
  Error error;
  error.kind = ForPurpose(KindOfStatus(status), status, purpose, description_.deal.precondition);
  error.http_status = status;
  error.correlation_id = answer.correlation.text;
  error.code = Said(body, description_.error_code);
  if (!IsCode(error.code)) error.code = "HTTP_" + std::to_string(status);
  error.message = description_.name + " answered the " + what + " with an error";
  const std::string said = Said(body, description_.error_message);
  if (!ReachesLogs(error.kind) && !said.empty()) error.message += ": " + said;
  return error;
}

Error Service::Unreadable(const net::ApiAnswer& answer, Purpose purpose,
                          const std::string& what) const {
  Error error;
  error.kind = IsWrite(purpose) ? unknown_outcome : invalid_response;
  error.http_status = answer.response.status;
  error.correlation_id = answer.correlation.text;
  error.message =
      "The answer to the " + what +
      " is not JSON: check crm.url and base_path, and whether a proxy or a sign-in page "
      "stands between";
  return error;
}

std::string Service::Said(const Json& body, const std::string& pointer) const {
  const Json* member = pointer.empty() ? nullptr : Find(body, pointer);
  if (member == nullptr || member->is_null() || member->is_structured()) return "";
  return OneLine(member->is_string() ? member->get<std::string>() : PrintExact(*member));
}

Result<std::string> Service::TargetOf(const std::string& link, const std::string& from) const {
  std::string target = link;
  if (link.starts_with('?')) {
    return from.substr(0, from.find('?')) + link;
  }
  if (!link.starts_with('/')) {
    const auto url = net::ParseUrl(link);
    if (!url || !net::SameOrigin(link, origin_)) target.clear();
    if (url && !target.empty()) target = net::Target(*url);
  }
  if (!target.empty() && target.starts_with(description_.base_path)) {
    return target.substr(description_.base_path.size());
  }
  Error error;
  error.kind = invalid_response;
  error.message = description_.name +
                  " gave a link to the next page that leads out of crm.url and base_path, where no "
                  "token may go: correct page.next or base_path of the description file";
  return error;
}

bool WasAttempted(const Error& error) {
  return error.kind != unreachable && error.kind != throttled && error.kind != unauthorized;
}

}  // namespace cosell::rest

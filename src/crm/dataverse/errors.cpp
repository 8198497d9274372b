#include "crm/dataverse/errors.h"

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/time.h"

namespace cosell::dataverse {
namespace {

constexpr std::size_t kMessageCharactersMax = 300;

struct CodeRule {
  std::string_view code;
  ErrorKind kind;
  std::string_view advice;
};

constexpr std::string_view kConcurrencyAdvice =
    "optimistic concurrency is not usable on this table; enable it in the table's properties";
constexpr std::string_view kPrivilegeAdvice =
    "give the application user a security role with this privilege";

constexpr CodeRule kCodes[] = {
    {"0x80060882", ErrorKind::stale_version, ""},
    {"0x80060892", ErrorKind::already_exists, ""},
    {"0x80040237", ErrorKind::already_exists, ""},
    {"0x80040333", ErrorKind::refused, "a duplicate detection rule of the CRM found a duplicate"},
    {"0x80040217", ErrorKind::not_found, ""},
    {"0x80060891", ErrorKind::not_found, ""},
    {kVersionExpired, ErrorKind::cursor_expired, ""},
    {"0x80072321", ErrorKind::throttled, ""},
    {"0x80072322", ErrorKind::throttled, ""},
    {"0x80072326", ErrorKind::throttled, ""},
    {"0x80040220", ErrorKind::forbidden, kPrivilegeAdvice},
    {"0x80072560", ErrorKind::forbidden,
     "add the app registration as an application user of the environment"},
    {"0x80060883", ErrorKind::refused, kConcurrencyAdvice},
    {"0x8006088d", ErrorKind::refused, kConcurrencyAdvice},
    {"0x80040203", ErrorKind::refused, ""},
    {kTextTooLong, ErrorKind::refused, ""},
    {"0x80040265", ErrorKind::refused, "a plug-in of the CRM refused it"},
    {"0x80060888", ErrorKind::refused, ""},
    {"0x80048d19", ErrorKind::refused, ""},
    {"0x80048408", ErrorKind::refused, "the status reason does not belong to the state"},
    {"0x80040216", ErrorKind::unavailable, ""},
    {"0x80044151", ErrorKind::unavailable, ""},
};

const CodeRule* FindRule(std::string_view code) {
  for (const CodeRule& rule : kCodes) {
    if (rule.code == code) return &rule;
  }
  return nullptr;
}

ErrorKind KindOfStatus(int status, Purpose purpose, bool has_retry_after) {
  if (status < 400) return ErrorKind::invalid_response;
  switch (status) {
    case 401:
      return ErrorKind::unauthorized;
    case 403:
      return ErrorKind::forbidden;
    case 404:
      return ErrorKind::not_found;
    case 410:
      return ErrorKind::cursor_expired;
    case 412:
      return purpose == Purpose::create ? ErrorKind::already_exists : ErrorKind::stale_version;
    case 429:
      return ErrorKind::throttled;
    case 501:
      return ErrorKind::refused;
    case 503:
      return has_retry_after ? ErrorKind::throttled : ErrorKind::unavailable;
    default:
      return status < 500 ? ErrorKind::refused : ErrorKind::unavailable;
  }
}

// already_exists is a create's answer alone; anywhere else the key belongs to another record.
ErrorKind ForPurpose(ErrorKind kind, Purpose purpose) {
  if (kind == ErrorKind::already_exists && purpose != Purpose::create) return ErrorKind::refused;
  if (kind == ErrorKind::unavailable && purpose != Purpose::read) return ErrorKind::unknown_outcome;
  return kind;
}

struct RemoteError {
  std::string code;
  std::string message;
};

RemoteError ParseRemote(const std::string& body) {
  RemoteError remote;
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object()) return remote;
  const auto error = json.find("error");
  if (error == json.end() || !error->is_object()) return remote;
  if (const auto code = error->find("code"); code != error->end()) {
    if (code->is_string()) remote.code = NormalizeCode(code->get<std::string>());
    if (code->is_number_integer()) remote.code = NormalizeCode(code->dump());
  }
  if (const auto text = error->find("message"); text != error->end() && text->is_string()) {
    remote.message = text->get<std::string>();
  }
  return remote;
}

std::string OneLine(std::string_view text) {
  std::string line(TruncateUtf16(text, kMessageCharactersMax));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return std::string(Trim(line));
}

std::optional<std::chrono::milliseconds> RetryAfter(const net::Headers& headers) {
  const auto value = net::FindHeader(headers, "Retry-After");
  if (!value) return std::nullopt;
  std::int64_t seconds = 0;
  const auto text = Trim(*value);
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem != std::errc{} || end != text.data() + text.size() || seconds < 0) {
    return std::nullopt;
  }
  return std::chrono::seconds{seconds};
}

}  // namespace

std::string NormalizeCode(std::string_view code) {
  const std::string text = ToLower(Trim(code));
  std::int32_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) return text;
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "0x%08x", static_cast<unsigned>(number));
  return buffer;
}

Error ErrorFromAnswer(const net::ApiAnswer& answer, Purpose purpose, std::string_view what) {
  const RemoteError remote = ParseRemote(answer.response.body);
  const auto retry_after = RetryAfter(answer.response.headers);
  const CodeRule* rule = FindRule(remote.code);
  const ErrorKind kind =
      rule != nullptr ? rule->kind
                      : KindOfStatus(answer.response.status, purpose, retry_after.has_value());
  Error error;
  error.kind = ForPurpose(kind, purpose);
  error.code = remote.code;
  error.http_status = answer.response.status;
  error.correlation_id = answer.correlation.text;
  error.request_id = net::RequestIdOf(answer.response.headers);
  if (kind == ErrorKind::throttled || kind == ErrorKind::unavailable) {
    error.retry_after = retry_after;
  }
  error.message = "The CRM answered the " + std::string(what) + " with an error";
  if (rule != nullptr && !rule->advice.empty()) error.message += ": " + std::string(rule->advice);
  if (!remote.message.empty()) error.message += ": " + OneLine(remote.message);
  // Microsoft's support asks for it (contract section 11).
  if (!error.request_id.empty()) error.message += " (request " + error.request_id + ")";
  return error;
}

Error ErrorFromClient(Error error, Purpose purpose, std::string_view what) {
  error.code = NormalizeCode(error.code);
  // A 5xx that carries a code of the CRM's own is a decided answer (duplicate detection).
  const CodeRule* rule = FindRule(error.code);
  error.kind = ForPurpose(rule != nullptr ? rule->kind : error.kind, purpose);
  if (rule != nullptr && !rule->advice.empty()) error.message += ": " + std::string(rule->advice);
  error.message = "The " + std::string(what) + " did not get through: " + error.message;
  return error;
}

Error UnreadableAnswer(const net::ApiAnswer& answer, std::string_view what) {
  const auto type = net::FindHeader(answer.response.headers, "Content-Type");
  Error error;
  error.kind = ErrorKind::invalid_response;
  error.http_status = answer.response.status;
  error.correlation_id = answer.correlation.text;
  error.message = "The answer to the " + std::string(what) +
                  " is not the JSON the Dataverse Web API gives (content type " +
                  OneLine(type.value_or("unknown")) +
                  "): check crm.url, and whether a proxy or a sign-in page stands between";
  return error;
}

Error Refusal(std::string message) {
  Error error;
  error.kind = ErrorKind::refused;
  error.message = std::move(message);
  return error;
}

}  // namespace cosell::dataverse

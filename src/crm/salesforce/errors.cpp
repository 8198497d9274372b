#include "crm/salesforce/errors.h"

#include "base/text.h"

namespace cosell::salesforce {
namespace {

using enum ErrorKind;

constexpr std::size_t kMessageUnitsMax = 300;
constexpr std::chrono::seconds kConcurrentLimitWait{5};

struct CodeRule {
  std::string_view code;
  ErrorKind kind;
  std::string_view advice;
};

constexpr std::string_view kPrivilege =
    "give the integration user's permission set access to the object, the record and the field";
constexpr std::string_view kNoApi =
    "the edition or the integration user's profile has no API access: tick \"API Enabled\" in it";
constexpr std::string_view kFieldMissing =
    "a field is missing or hidden from the integration user by field-level security; "
    "`cosell-sync check` names it";

constexpr CodeRule kCodes[] = {
    {"INVALID_SESSION_ID", unauthorized, ""},
    {"INVALID_AUTH_HEADER", unauthorized, ""},
    {"API_DISABLED_FOR_ORG", forbidden, kNoApi},
    {"API_CURRENTLY_DISABLED", forbidden, kNoApi},
    {"REQUEST_LIMIT_EXCEEDED", throttled, "the organisation's API calls are used up"},
    {"SERVER_UNAVAILABLE", unavailable, ""},
    {"INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", throttled,
     "the organisation is read-only for maintenance"},
    {"UNKNOWN_EXCEPTION", unavailable, ""},
    {kRowLocked, refused,
     "another user or automation is changing the record or its account; it is tried again later"},
    {"QUERY_TIMEOUT", unavailable, "the query ran too long"},
    {"REQUEST_RUNNING_TOO_LONG", unavailable, "the request ran too long"},
    {kInvalidLocator, cursor_expired, ""},
    {"EXCEEDED_ID_LIMIT", cursor_expired, ""},
    {"INVALID_REPLICATION_DATE", cursor_expired, ""},
    {kInvalidField, refused, kFieldMissing},
    {"INVALID_FIELD_FOR_INSERT_UPDATE", refused,
     "the integration user may not write the field; `cosell-sync check` names it"},
    {"NOT_FOUND", not_found, ""},
    {"ENTITY_IS_DELETED", not_found, ""},
    {"ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE", stale_version, ""},
    {"DUPLICATE_VALUE", already_exists, ""},
    {"DUPLICATE_EXTERNAL_ID", refused,
     "several records carry this Referral Identifier: clear it in all but one"},
    {"CANNOT_UPDATE_CONVERTED_LEAD", refused,
     "the lead has been converted and may not be changed any more: its opportunity takes its "
     "place"},
    {kDuplicatesDetected, refused, "a duplicate rule of the CRM found a duplicate"},
    {"INSUFFICIENT_ACCESS", forbidden, kPrivilege},
    {"INSUFFICIENT_ACCESS_OR_READONLY", forbidden, kPrivilege},
    {"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", forbidden, kPrivilege},
    {"INACTIVE_OWNER_OR_USER", refused, "the owner is inactive: give the record another owner"},
    {"FIELD_CUSTOM_VALIDATION_EXCEPTION", refused, "a validation rule of the CRM refused it"},
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", refused, "a trigger of the CRM failed"},
    {"CANNOT_EXECUTE_FLOW_TRIGGER", refused, "a flow of the CRM failed"},
    {"INVALID_CURRENCY_ISO", refused, "activate the currency in the organisation's setup"},
    {"STORAGE_LIMIT_EXCEEDED", refused, "the organisation's storage is full"},
    {"UNSUPPORTED_API_VERSION", invalid_input, "the organisation does not serve this API version"},
};

const CodeRule* FindRule(std::string_view code) {
  for (const CodeRule& rule : kCodes) {
    if (rule.code == code) return &rule;
  }
  return nullptr;
}

ErrorKind KindOfStatus(int status) {
  switch (status) {
    case 300:
      return refused;
    case 401:
      return unauthorized;
    case 403:
      return forbidden;
    case 404:
      return not_found;
    case 410:
      return invalid_input;
    case 412:
      return stale_version;
    case 420:
      return unavailable;
    case 429:
      return throttled;
    default:
      break;
  }
  if (status < 400) return invalid_response;
  return status < 500 ? refused : unavailable;
}

// The place of a create is a field, not a record: 404 says that the field will not do. A key that
// belongs to another record, and a record that is not there, are different things to an update.
ErrorKind ForPurpose(ErrorKind kind, std::string_view code, Purpose purpose) {
  if (purpose == Purpose::read) return kind == already_exists ? refused : kind;
  if (kind == unavailable) return unknown_outcome;
  if (kind == cursor_expired) return refused;
  if (purpose == Purpose::create)
    return kind == not_found || kind == stale_version ? refused : kind;
  if (kind == already_exists) return refused;
  return code == "INVALID_CROSS_REFERENCE_KEY" ? not_found : kind;
}

bool ReachesLogs(ErrorKind kind) {
  return kind == unauthorized || kind == unreachable || kind == throttled || kind == unavailable ||
         kind == cursor_expired || kind == invalid_input;
}

std::string OneLine(std::string_view text) {
  std::string line(TruncateUtf16(text, kMessageUnitsMax));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return std::string(Trim(line));
}

// The server repeats the query before it comes to the point.
std::string_view ToThePoint(std::string_view text) {
  const auto point = text.find("No such column");
  return point == std::string_view::npos ? text : text.substr(point);
}

std::optional<std::chrono::milliseconds> WaitFor(const Fault& fault, ErrorKind kind) {
  if (kind != throttled) return std::nullopt;
  const bool concurrent = fault.message.find("Concurrent") != std::string::npos;
  if (concurrent) return kConcurrentLimitWait;
  return kDailyLimitWait;
}

std::string StatusCode(int status) { return "HTTP_" + std::to_string(status); }

}  // namespace

Error ErrorFromFault(const Fault& fault, int status, Purpose purpose, std::string_view what) {
  const CodeRule* rule = FindRule(fault.code);
  const ErrorKind kind = rule != nullptr ? rule->kind : KindOfStatus(status == 200 ? 400 : status);
  Error error;
  error.kind = ForPurpose(kind, fault.code, purpose);
  error.code = fault.code;
  error.http_status = status;
  error.retry_after = WaitFor(fault, error.kind);
  error.message = "Salesforce answered the " + std::string(what) + " with an error";
  if (rule != nullptr && !rule->advice.empty()) error.message += ": " + std::string(rule->advice);
  if (status == 410) error.message += ": this API version is retired; a newer one is needed";
  const bool quote = !ReachesLogs(error.kind) && !fault.message.empty();
  if (quote) error.message += ": " + OneLine(ToThePoint(fault.message));
  if (quote && !fault.fields.empty()) {
    error.message += " (fields: " + OneLine(Join(fault.fields, ", ")) + ")";
  }
  return error;
}

Error ErrorFromAnswer(const net::ApiAnswer& answer, Purpose purpose, std::string_view what) {
  const auto faults = ParseFaults(answer.response.body);
  Fault fault = faults.empty() ? Fault{} : faults.front();
  if (fault.code.empty()) fault.code = StatusCode(answer.response.status);
  Error error = ErrorFromFault(fault, answer.response.status, purpose, what);
  error.correlation_id = answer.correlation.text;
  return error;
}

Error ErrorFromClient(Error error, Purpose purpose, std::string_view what) {
  error.kind = ForPurpose(error.kind, error.code, purpose);
  error.message = "The " + std::string(what) + " did not get through: " + error.message;
  return error;
}

Error UnreadableAnswer(const net::ApiAnswer& answer, std::string_view what) {
  const auto type = net::FindHeader(answer.response.headers, "Content-Type");
  Error error;
  error.kind = invalid_response;
  error.http_status = answer.response.status;
  error.correlation_id = answer.correlation.text;
  error.message = "The answer to the " + std::string(what) +
                  " is not the JSON the Salesforce REST API gives (content type " +
                  OneLine(type.value_or("unknown")) +
                  "): check the login URL, and whether a proxy or a sign-in page stands between";
  return error;
}

Error Refusal(std::string message) {
  Error error;
  error.kind = refused;
  error.message = std::move(message);
  return error;
}

bool IsLocked(const Fault& fault) {
  if (fault.code == kRowLocked) return true;
  return fault.code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" &&
         fault.message.find(kRowLocked) != std::string::npos;
}

bool IsTooSlow(const Error& error) {
  return error.code == "QUERY_TIMEOUT" || error.code == "REQUEST_RUNNING_TOO_LONG";
}

bool WasAttempted(const Error& error) {
  return error.kind != unreachable && error.kind != throttled && error.kind != unauthorized;
}

}  // namespace cosell::salesforce

#include "tools/sandbox/world/faults.h"

#include <array>
#include <nlohmann/json.hpp>

#include "tools/sandbox/world/reply.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::pair<FaultKind, std::string_view>, 8> kKinds = {{
    {FaultKind::status, "status"},
    {FaultKind::unreachable, "unreachable"},
    {FaultKind::drop_before, "drop_before"},
    {FaultKind::drop_after, "drop_after"},
    {FaultKind::delay, "delay"},
    {FaultKind::truncate, "truncate"},
    {FaultKind::html, "html"},
    {FaultKind::invalid_json, "invalid_json"},
}};

constexpr std::string_view kHtml =
    "<html><head><title>Service unavailable</title></head><body><h1>Service "
    "unavailable</h1></body></html>";

Error Invalid(const std::string& message) { return Error{ErrorKind::invalid_input, message}; }

std::optional<FaultKind> KindOf(std::string_view text) {
  for (const auto& [kind, name] : kKinds)
    if (name == text) return kind;
  return std::nullopt;
}

// Fills one member; false when the name is unknown. Throws Json::exception for a wrong type.
bool SetMember(FaultRule& rule, const std::string& name, const Json& value) {
  if (name == "service")
    rule.service = value.get<std::string>();
  else if (name == "method")
    rule.method = value.get<std::string>();
  else if (name == "path")
    rule.path = value.get<std::string>();
  else if (name == "skip")
    rule.skip = value.get<int>();
  else if (name == "times")
    rule.times = value.get<int>();
  else if (name == "status")
    rule.status = value.get<int>();
  else if (name == "body")
    rule.body = value.get<std::string>();
  else if (name == "code")
    rule.code = value.get<std::string>();
  else if (name == "retry_after_s")
    rule.retry_after_s = value.get<int>();
  else if (name == "retry_after_as_date")
    rule.retry_after_as_date = value.get<bool>();
  else if (name == "delay_ms")
    rule.delay_ms = value.get<int>();
  else if (name == "kind") {
    const auto kind = KindOf(value.get<std::string>());
    if (!kind) return false;
    rule.kind = *kind;
  } else
    return false;
  return true;
}

// What Salesforce says with a status (contract salesforce.md 14.2).
std::string_view SalesforceCode(int status) {
  switch (status) {
    case 400:
      return "UNABLE_TO_LOCK_ROW";
    case 401:
      return "INVALID_SESSION_ID";
    case 403:
      return "REQUEST_LIMIT_EXCEEDED";
    case 500:
      return "UNKNOWN_EXCEPTION";
    default:
      return "SERVER_UNAVAILABLE";
  }
}

net::HttpResponse ErrorInTheServicesShape(const FaultRule& rule, std::string_view service) {
  const auto code = [&](std::string_view usual) {
    return rule.code.empty() ? std::string(usual) : rule.code;
  };
  const int status = rule.status;
  const std::string message = "The service cannot answer now.";
  if (service == "referrals")
    return ReferralsError(status, code(status == 429 ? "generalException" : "serviceNotAvailable"),
                          message);
  if (service == "webhooks") return WebhooksError(status, message);
  if (service == "dataverse")
    return JsonReply(
        status,
        Json{{"error",
              {{"code", code(status == 429 ? "0x80072322" : "0x80040216")}, {"message", message}}}}
            .dump());
  // An empty body goes with a failed precondition (9).
  if (service == "salesforce" && status != 412)
    return JsonReply(
        status,
        Json::array({{{"message", message}, {"errorCode", code(SalesforceCode(status))}}}).dump());
  if (service == "entra" && status != 429)
    return JsonReply(status, Json{{"error", "temporarily_unavailable"},
                                  {"error_description", "AADSTS90033: busy."},
                                  {"error_codes", {90033}}}
                                 .dump());
  return TextReply(status, status == 412 ? "" : "Too many requests", "text/plain");
}

}  // namespace

std::string_view ToString(FaultKind kind) {
  for (const auto& [value, name] : kKinds)
    if (value == kind) return name;
  return "";
}

Result<FaultRule> ParseFaultRule(std::string_view json) {
  const Json members = Json::parse(json, nullptr, false);
  if (!members.is_object()) return Invalid("a fault rule is a JSON object");
  FaultRule rule;
  for (const auto& [name, value] : members.items()) {
    try {
      if (!SetMember(rule, name, value)) return Invalid("unknown or invalid member: " + name);
    } catch (const Json::exception&) {
      return Invalid("wrong type of member: " + name);
    }
  }
  return rule;
}

std::string ToJson(const FaultRule& rule) {
  Json out = {{"service", rule.service},  {"method", rule.method}, {"path", rule.path},
              {"skip", rule.skip},        {"times", rule.times},   {"kind", ToString(rule.kind)},
              {"status", rule.status},    {"body", rule.body},     {"code", rule.code},
              {"delay_ms", rule.delay_ms}};
  if (rule.retry_after_s) out["retry_after_s"] = *rule.retry_after_s;
  out["retry_after_as_date"] = rule.retry_after_as_date;
  return out.dump();
}

Status Faults::Add(const FaultRule& rule) {
  try {
    rules_.push_back({rule, std::regex(rule.path)});
  } catch (const std::regex_error& error) {
    return Invalid("path is no regular expression: " + std::string(error.what()));
  }
  return Done{};
}

std::optional<FaultRule> Faults::Match(std::string_view service, std::string_view method,
                                       const std::string& target) {
  for (Armed& armed : rules_) {
    FaultRule& rule = armed.rule;
    if (armed.used_up) continue;
    if (!rule.service.empty() && rule.service != service) continue;
    if (!rule.method.empty() && rule.method != method) continue;
    if (!std::regex_search(target, armed.path)) continue;
    if (rule.skip > 0) {
      --rule.skip;
      continue;
    }
    if (rule.times > 0 && --rule.times == 0) armed.used_up = true;
    return rule;
  }
  return std::nullopt;
}

std::vector<FaultRule> Faults::rules() const {
  std::vector<FaultRule> left;
  for (const Armed& armed : rules_)
    if (!armed.used_up) left.push_back(armed.rule);
  return left;
}

net::HttpResponse FaultAnswer(const FaultRule& rule, std::string_view service, Instant now) {
  net::HttpResponse answer;
  if (rule.body == "gateway")
    answer = GatewayError(rule.status, "Rate limit is exceeded.");
  else if (rule.body == "html")
    answer = TextReply(rule.status, std::string(kHtml), "text/html");
  else if (rule.body == "text")
    answer = TextReply(rule.status, "Not now", "text/plain");
  else if (rule.body == "empty")
    answer.status = rule.status;
  else
    answer = ErrorInTheServicesShape(rule, service);
  if (rule.retry_after_s) {
    const std::string value = rule.retry_after_as_date
                                  ? FormatHttpDate(now + std::chrono::seconds(*rule.retry_after_s))
                                  : std::to_string(*rule.retry_after_s);
    answer.headers.emplace_back("Retry-After", value);
  }
  return answer;
}

net::HttpResponse Damage(FaultKind kind, net::HttpResponse answer) {
  if (kind == FaultKind::html) return TextReply(200, std::string(kHtml), "text/html");
  if (kind == FaultKind::truncate) answer.body.resize(answer.body.size() / 2);
  if (kind == FaultKind::invalid_json)
    answer.body = answer.body.substr(0, answer.body.size() / 2) + "\"}{,";
  return answer;
}

}  // namespace cosell::sandbox

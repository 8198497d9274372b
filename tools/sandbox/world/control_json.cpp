#include "tools/sandbox/world/control_json.h"

#include "tools/sandbox/world/reply.h"

namespace cosell::sandbox {
namespace {

const char* StateName(Delivery::State state) {
  switch (state) {
    case Delivery::State::waiting:
      return "waiting";
    case Delivery::State::in_flight:
      return "in_flight";
    case Delivery::State::delivered:
      return "delivered";
    case Delivery::State::dead:
      return "dead";
    case Delivery::State::lost:
      return "lost";
  }
  return "";
}

}  // namespace

Json ToJson(const LoggedRequest& entry) {
  Json headers = Json::object();
  for (const auto& [name, value] : entry.headers) headers[name] = value;
  return {{"sequence", entry.sequence}, {"at", FormatInstant(entry.at)}, {"service", entry.service},
          {"method", entry.method},     {"target", entry.target},        {"headers", headers},
          {"body", entry.body},         {"processed", entry.processed},  {"status", entry.status},
          {"etag", entry.etag},         {"answer", entry.answer},        {"fault", entry.fault}};
}

Json ToJson(const Delivery& delivery) {
  Json attempts = Json::array();
  for (const DeliveryAttempt& attempt : delivery.attempts)
    attempts.push_back({{"at", FormatInstant(attempt.at)}, {"status", attempt.status}});
  return {{"sequence", delivery.sequence},
          {"event", delivery.event},
          {"referral_id", delivery.referral_id},
          {"url", delivery.url},
          {"body", delivery.body},
          {"state", StateName(delivery.state)},
          {"attempts", attempts}};
}

net::HttpResponse Done200(const Json& body) {
  return JsonReply(200, body.dump(2, ' ', false, Json::error_handler_t::replace));
}

net::HttpResponse Failed(int status, const std::string& message) {
  return JsonReply(status, Json{{"error", message}}.dump());
}

net::HttpResponse Failed(const Error& error) {
  return Failed(error.http_status == 0 ? 400 : error.http_status, error.message);
}

std::optional<Json> ParseBody(const std::string& body) {
  if (body.empty()) return Json::object();
  Json parsed = Json::parse(body, nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  return parsed;
}

}  // namespace cosell::sandbox

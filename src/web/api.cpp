#include "web/api.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace cosell::web {
namespace {

using Json = nlohmann::json;

Json TimeOrNull(const std::optional<Instant>& at) {
  return at ? Json(FormatInstant(*at)) : Json(nullptr);
}

Json ConnectionJson(const ConnectionStatus& status) {
  return {{"name", status.name.text},
          {"mode", status.mode},
          {"state", status.state},
          {"reason", status.reason},
          {"last_event_at", TimeOrNull(status.last_event_at)},
          {"last_sweep_at", TimeOrNull(status.last_sweep_at)},
          {"lag_s", status.lag_s},
          {"links", status.links},
          {"links_by_state", status.links_by_state},
          {"open_conflicts", status.open_conflicts},
          {"quarantined", status.quarantined}};
}

OutboundHttp StatusAnswer(Store& store, Instant now) {
  Json connections = Json::array();
  for (const auto& status : store.Status(now)) connections.push_back(ConnectionJson(status));
  const Json body = {{"at", FormatInstant(now)}, {"connections", std::move(connections)}};
  return JsonAnswer(200, body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

OutboundHttp AnswerOf(Result<std::string> done) {
  return done ? JsonAnswer(200, *std::move(done)) : ErrorAnswer(done.error());
}

ConnectionName ConnectionOf(const InboundHttp& request) {
  return ConnectionName{request.parameters.at("connection")};
}

using Ask = std::function<Result<std::string>(const ConnectionName& connection)>;
using Tell =
    std::function<Result<std::string>(const ConnectionName& connection, const std::string& body)>;

// A command that takes no body.
Handler Answering(Ask ask) {
  return [ask = std::move(ask)](const InboundHttp& request) {
    return AnswerOf(ask(ConnectionOf(request)));
  };
}

// A command that takes a JSON object, or nothing.
Handler Taking(Tell tell) {
  return [tell = std::move(tell)](const InboundHttp& request) {
    const bool object =
        request.body.empty() || Json::parse(request.body, nullptr, false).is_object();
    if (!object) {
      return ErrorAnswer(400, ErrorKind::invalid_input, "the body must be empty or a JSON object");
    }
    return AnswerOf(tell(ConnectionOf(request), request.body));
  };
}

}  // namespace

std::vector<Route> ApiRoutes(Store& store, const Clock& clock, ApiCommands commands) {
  constexpr std::size_t kBodyBytesMax = 64 * 1024;
  constexpr std::size_t kPlanBytesMax = 16 * 1024 * 1024;  // some hundred thousand links
  const std::string connection = "/api/v1/connections/{connection}";
  const auto status = [&store, &clock](const InboundHttp&) {
    return StatusAnswer(store, clock.Now());
  };
  return {
      {"GET", "/api/v1/status", Role::viewer, 0, status},
      {"POST", connection + "/sync", Role::operator_, kBodyBytesMax, Taking(commands.sync)},
      {"POST", connection + "/plan", Role::operator_, 0, Answering(commands.plan)},
      {"POST", connection + "/apply", Role::operator_, kPlanBytesMax, Taking(commands.apply)},
      {"GET", connection + "/conflicts", Role::viewer, 0, Answering(commands.conflicts)},
      {"POST", connection + "/conflicts/resolve", Role::operator_, kBodyBytesMax,
       Taking(commands.resolve)},
      {"GET", connection + "/quarantine", Role::viewer, 0, Answering(commands.quarantine)},
      {"POST", connection + "/quarantine/retry", Role::operator_, kBodyBytesMax,
       Taking(commands.retry)},
      {"POST", connection + "/redact", Role::operator_, kBodyBytesMax, Taking(commands.redact)}};
}

}  // namespace cosell::web

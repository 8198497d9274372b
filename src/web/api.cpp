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

OutboundHttp SyncAnswer(const ApiCommands& commands, const InboundHttp& request) {
  const bool object = request.body.empty() || Json::parse(request.body, nullptr, false).is_object();
  if (!object) {
    return ErrorAnswer(400, ErrorKind::invalid_input, "the body must be empty or a JSON object");
  }
  return AnswerOf(commands.sync(ConnectionName{request.parameters.at("connection")}, request.body));
}

}  // namespace

std::vector<Route> ApiRoutes(Store& store, const Clock& clock, ApiCommands commands) {
  constexpr std::size_t kBodyBytesMax = 64 * 1024;
  const auto status = [&store, &clock](const InboundHttp&) {
    return StatusAnswer(store, clock.Now());
  };
  const auto sync = [commands](const InboundHttp& request) {
    return SyncAnswer(commands, request);
  };
  const auto plan = [commands](const InboundHttp& request) {
    return AnswerOf(commands.plan(ConnectionName{request.parameters.at("connection")}));
  };
  return {{"GET", "/api/v1/status", Role::viewer, 0, status},
          {"POST", "/api/v1/connections/{connection}/sync", Role::operator_, kBodyBytesMax, sync},
          {"POST", "/api/v1/connections/{connection}/plan", Role::operator_, 0, plan}};
}

}  // namespace cosell::web

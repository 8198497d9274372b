#include "web/health.h"

#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

namespace cosell::web {
namespace {

using Json = nlohmann::json;

OutboundHttp Text(std::string text) {
  return OutboundHttp{200, "text/plain; charset=utf-8", std::move(text), {}};
}

Json BackupJson(const BackupState& backup) {
  return {{"state", backup.problem.empty() ? "ok" : "failed"},
          {"last_at", backup.last_at ? Json(FormatSeconds(*backup.last_at)) : Json(nullptr)},
          {"problem", backup.problem}};
}

Json Readiness(const std::vector<ConnectionStatus>& connections, const BackupState& backup,
               Role role) {
  Json body = {{"ready", true}};
  if (role == Role::none) return body;
  if (backup.scheduled) body["backup"] = BackupJson(backup);
  body["connections"] = Json::array();
  for (const auto& status : connections) {
    body["connections"].push_back(
        {{"name", status.name.text}, {"state", status.state}, {"reason", status.reason}});
  }
  return body;
}

OutboundHttp Ready(Store& store, Instant now, const BackupState& backup, Role role) {
  const auto replace = Json::error_handler_t::replace;
  try {
    return JsonAnswer(200,
                      Readiness(store.Status(now), backup, role).dump(-1, ' ', false, replace));
  } catch (const std::exception& failed) {
    Json body = {{"ready", false}};
    if (role != Role::none) body["reason"] = failed.what();
    return JsonAnswer(503, body.dump(-1, ' ', false, replace));
  }
}

}  // namespace

std::vector<Route> HealthRoutes(Store& store, const Clock& clock, const Metrics& metrics,
                                std::function<BackupState()> backup) {
  const auto alive = [](const InboundHttp&) { return Text("alive\n"); };
  const auto ready = [&store, &clock, backup = std::move(backup)](const InboundHttp& request) {
    return Ready(store, clock.Now(), backup ? backup() : BackupState{}, request.role);
  };
  const auto scrape = [&store, &clock, &metrics](const InboundHttp&) {
    return OutboundHttp{200,
                        "text/plain; version=0.0.4; charset=utf-8",
                        metrics.Text(store.Status(clock.Now())),
                        {}};
  };
  return {{"GET", "/healthz", Role::none, 0, alive},
          {"GET", "/readyz", Role::none, 0, ready},
          {"GET", "/metrics", Role::viewer, 0, scrape}};
}

}  // namespace cosell::web

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

Json Readiness(const std::vector<ConnectionStatus>& connections, Role role) {
  Json body = {{"ready", true}};
  if (role == Role::none) return body;
  body["connections"] = Json::array();
  for (const auto& status : connections) {
    body["connections"].push_back(
        {{"name", status.name.text}, {"state", status.state}, {"reason", status.reason}});
  }
  return body;
}

OutboundHttp Ready(Store& store, Instant now, Role role) {
  const auto replace = Json::error_handler_t::replace;
  try {
    return JsonAnswer(200, Readiness(store.Status(now), role).dump(-1, ' ', false, replace));
  } catch (const std::exception& failed) {
    Json body = {{"ready", false}};
    if (role != Role::none) body["reason"] = failed.what();
    return JsonAnswer(503, body.dump(-1, ' ', false, replace));
  }
}

std::string FrontPage(const std::string& version) {
  return "cosell-sync " + version +
         ": keeps Partner Center referrals and CRM opportunities in step.\n\n"
         "GET  /healthz                                  alive\n"
         "GET  /readyz                                   able to work\n"
         "GET  /metrics                                  for Prometheus\n"
         "GET  /api/v1/status                            how every connection stands\n"
         "POST /api/v1/connections/{connection}/sync     one sweep now\n"
         "POST /api/v1/connections/{connection}/plan     what a sweep would write\n"
         "POST /webhooks/{connection}/partner-center     for Partner Center\n"
         "POST /webhooks/{connection}/dynamics365        for Dynamics 365\n"
         "POST /webhooks/{connection}/salesforce         for Salesforce\n\n"
         "The API is described in schema/openapi.yaml.\n";
}

}  // namespace

std::vector<Route> HealthRoutes(Store& store, const Clock& clock, const Metrics& metrics,
                                std::string version) {
  const auto front = [page = FrontPage(version)](const InboundHttp&) { return Text(page); };
  const auto alive = [](const InboundHttp&) { return Text("alive\n"); };
  const auto ready = [&store, &clock](const InboundHttp& request) {
    return Ready(store, clock.Now(), request.role);
  };
  const auto scrape = [&store, &clock, &metrics](const InboundHttp&) {
    return OutboundHttp{200,
                        "text/plain; version=0.0.4; charset=utf-8",
                        metrics.Text(store.Status(clock.Now())),
                        {}};
  };
  return {{"GET", "/", Role::none, 0, front},
          {"GET", "/healthz", Role::none, 0, alive},
          {"GET", "/readyz", Role::none, 0, ready},
          {"GET", "/metrics", Role::viewer, 0, scrape}};
}

}  // namespace cosell::web

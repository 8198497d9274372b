#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/text_table.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string Ago(const std::optional<Instant>& at, Instant now) {
  if (!at) return "never";
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - *at).count();
  return seconds < 0 ? FormatSeconds(*at) : std::to_string(seconds) + " s ago";
}

Json AsJson(const ConnectionStatus& status) {
  Json json = {{"connection", status.name.text},
               {"mode", status.mode},
               {"state", status.state},
               {"reason", status.reason}};
  json["last_event_at"] =
      status.last_event_at ? Json(FormatInstant(*status.last_event_at)) : Json(nullptr);
  json["last_sweep_at"] =
      status.last_sweep_at ? Json(FormatInstant(*status.last_sweep_at)) : Json(nullptr);
  json["lag_s"] = status.lag_s;
  json["links"] = status.links;
  json["links_by_state"] = status.links_by_state;
  json["open_conflicts"] = status.open_conflicts;
  json["quarantined"] = status.quarantined;
  return json;
}

}  // namespace

int ShowStatus(Session& session) {
  const Instant now = session.clock().Now();
  const auto statuses = session.ReadOnlyStore().Status(now);
  bool needs_person = false;
  Json document = {{"daemon_runs", session.DaemonRuns()}, {"connections", Json::array()}};
  std::vector<std::vector<std::string>> rows = {{"connection", "mode", "state", "last sweep", "lag",
                                                 "links", "in sync", "waiting", "conflicts",
                                                 "quarantined"}};
  std::string reasons;
  for (const ConnectionStatus& status : statuses) {
    const auto count = [&](const char* state) {
      const auto it = status.links_by_state.find(state);
      return std::to_string(it == status.links_by_state.end() ? 0 : it->second);
    };
    needs_person |= status.open_conflicts > 0 || status.quarantined > 0 || status.state != "ready";
    document["connections"].push_back(AsJson(status));
    rows.push_back({status.name.text, status.mode, status.state, Ago(status.last_sweep_at, now),
                    std::to_string(status.lag_s) + " s", std::to_string(status.links),
                    count("in_sync"), count("waiting"), std::to_string(status.open_conflicts),
                    std::to_string(status.quarantined)});
    if (!status.reason.empty()) reasons += status.name.text + ": " + status.reason + "\n";
  }
  if (session.json()) {
    std::cout << document.dump(2) << "\n";
  } else {
    std::cout << FormatTable(rows) << reasons
              << (session.DaemonRuns() ? "" : "The daemon is not running.\n");
  }
  return needs_person ? kNeedsPerson : kDone;
}

}  // namespace cosell::cli

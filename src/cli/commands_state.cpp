#include <iostream>
#include <nlohmann/json.hpp>

#include "app/certificate.h"
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

// In shadow mode a link that stays pending is one that something would be written for.
std::int64_t WouldChange(const ConnectionStatus& status) {
  const auto pending = status.links_by_state.find("pending");
  return pending == status.links_by_state.end() ? 0 : pending->second;
}

Json AsJson(const std::optional<Generation>& generation) {
  if (!generation) return nullptr;
  return {{"generation", generation->number},
          {"id", generation->id},
          {"origin", generation->origin},
          {"reason", generation->reason},
          {"began_at", FormatSeconds(generation->began_at)},
          {"marked_at", FormatSeconds(generation->marked_at)}};
}

std::string LastGap(const GapCertificate& certificate) {
  const GapCounts& counts = certificate.counts;
  return "last gap (" + certificate.gap.cause + ") ended " +
         FormatSeconds(certificate.gap.read_at.value_or(certificate.closed_at)) + ", " +
         std::to_string(counts.found()) + " records found changed, " +
         std::to_string(counts.conflicting + counts.set_aside) +
         " pairs left to a person; certificate " + std::to_string(certificate.id);
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
  if (status.mode == "shadow") json["would_change"] = WouldChange(status);
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
  const auto generation = session.ReadOnlyStore().CurrentGeneration();
  document["database"] = AsJson(generation);
  if (generation && !generation->reason.empty())
    reasons +=
        "database, since " + FormatSeconds(generation->began_at) + ": " + generation->reason + "\n";
  for (const ConnectionStatus& status : statuses) {
    const auto count = [&](const char* state) {
      const auto it = status.links_by_state.find(state);
      return std::to_string(it == status.links_by_state.end() ? 0 : it->second);
    };
    needs_person |= status.open_conflicts > 0 || status.quarantined > 0 || status.state != "ready";
    document["connections"].push_back(AsJson(status));
    const auto gaps = session.ReadOnlyStore().GapCertificates(status.name, 1);
    document["connections"].back()["last_gap"] =
        gaps.empty() ? Json(nullptr) : app::CertificateAsJson(gaps.front());
    if (!gaps.empty()) reasons += status.name.text + ": " + LastGap(gaps.front()) + "\n";
    if (const auto open = session.ReadOnlyStore().FindOpenGap(status.name)) {
      reasons += status.name.text + ": what changed since " +
                 (open->from_at ? FormatSeconds(*open->from_at) : "an unknown time") +
                 " is being accounted for (" + open->cause + ")\n";
    }
    rows.push_back({status.name.text, status.mode, status.state, Ago(status.last_sweep_at, now),
                    std::to_string(status.lag_s) + " s", std::to_string(status.links),
                    count("in_sync"), count("waiting"), std::to_string(status.open_conflicts),
                    std::to_string(status.quarantined)});
    if (status.mode == "shadow") {
      reasons += status.name.text + ": shadow mode, nothing is written; " +
                 std::to_string(WouldChange(status)) +
                 " links would be worked on, `cosell-sync plan` shows how\n";
    }
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

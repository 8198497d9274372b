#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "model/side.h"
#include "ports/store.h"
#include "web/traffic.h"

namespace cosell::web {

// What /metrics shows (Prometheus text): counters that the program bumps, and gauges made at each
// scrape from how the connections stand. Names begin with "cosell_". Label values come from small
// closed sets: never an id, a name of a record or a text of a remote. Safe from any thread.
class Metrics {
 public:
  virtual ~Metrics() = default;

  // cosell_webhooks_total{connection,source,result}: `source` is "partner_center", "dynamics365" or
  // "salesforce"; `result` the receiver's word ("accepted", "duplicate", "signature_wrong").
  virtual void CountWebhook(const ConnectionName& connection, std::string_view source,
                            std::string_view result) = 0;
  // cosell_remote_calls_total{connection,side,outcome}: "done" or the name of an error kind.
  virtual void CountRemoteCall(const ConnectionName& connection, Side side,
                               std::string_view outcome) = 0;
  // cosell_rounds_total{connection,kind,outcome} and cosell_round_seconds_total{connection,kind}:
  // kind as in Run::kind, outcome "done", "stopped" or "failed".
  virtual void CountRound(const ConnectionName& connection, std::string_view kind,
                          std::string_view outcome, std::chrono::milliseconds took) = 0;

  // cosell_backups_total{outcome}: "done" or "failed"; cosell_last_backup_timestamp_seconds: when
  // the newest one was made.
  virtual void CountBackup(std::string_view outcome) = 0;
  virtual void NoteLastBackup(Instant at) = 0;

  // The whole page.
  virtual std::string Text(const std::vector<ConnectionStatus>& connections) const = 0;
};

// `version` is the program's; `traffic` must outlive the metrics.
std::unique_ptr<Metrics> MakeMetrics(const std::string& version, const TrafficCounters& traffic);

}  // namespace cosell::web

#include "web/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <atomic>
#include <map>
#include <utility>

namespace cosell::web {
namespace {

using Labels = std::map<std::string, std::string>;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// A family made for one scrape.
class Snapshot {
 public:
  Snapshot(std::string name, std::string help, MetricType type = MetricType::Gauge)
      : family_{std::move(name), std::move(help), type, {}} {}

  void Add(const Labels& labels, double value) {
    ClientMetric metric;
    for (const auto& [label, text] : labels) metric.label.push_back({label, text});
    metric.gauge.value = value;
    metric.counter.value = value;
    family_.metric.push_back(std::move(metric));
  }

  // Prometheus wants no family without a sample.
  void MoveTo(std::vector<MetricFamily>& families) {
    if (!family_.metric.empty()) families.push_back(std::move(family_));
  }

 private:
  MetricFamily family_;
};

double Seconds(Instant at) { return std::chrono::duration<double>(at.time_since_epoch()).count(); }

void AddConnections(const std::vector<ConnectionStatus>& connections,
                    std::vector<MetricFamily>& families) {
  Snapshot ready("cosell_connection_ready",
                 "1 when the connection works, 0 when it is paused or stopped");
  Snapshot lag("cosell_lag_seconds", "Age of the oldest change that is not worked off");
  Snapshot links("cosell_links", "Linked pairs by state");
  Snapshot conflicts("cosell_open_conflicts", "Fields that wait for a person to decide");
  Snapshot quarantined("cosell_quarantined_links", "Links set aside");
  Snapshot event("cosell_last_event_timestamp_seconds", "When the last event arrived");
  Snapshot sweep("cosell_last_sweep_timestamp_seconds", "When the last sweep ended");
  for (const auto& status : connections) {
    const Labels labels = {{"connection", status.name.text}};
    ready.Add(labels, status.state == "ready" ? 1 : 0);
    lag.Add(labels, static_cast<double>(status.lag_s));
    conflicts.Add(labels, static_cast<double>(status.open_conflicts));
    quarantined.Add(labels, static_cast<double>(status.quarantined));
    for (const auto& [state, count] : status.links_by_state) {
      links.Add({{"connection", status.name.text}, {"state", state}}, static_cast<double>(count));
    }
    if (status.last_event_at) event.Add(labels, Seconds(*status.last_event_at));
    if (status.last_sweep_at) sweep.Add(labels, Seconds(*status.last_sweep_at));
  }
  for (Snapshot* family : {&ready, &lag, &links, &conflicts, &quarantined, &event, &sweep}) {
    family->MoveTo(families);
  }
}

void AddTraffic(const TrafficCounters& traffic, std::vector<MetricFamily>& families) {
  Snapshot open("cosell_http_connections", "Connections open now");
  open.Add({}, static_cast<double>(traffic.open));
  Snapshot accepted("cosell_http_connections_total",
                    "Connections by what became of them at the door", MetricType::Counter);
  accepted.Add({{"result", "accepted"}}, static_cast<double>(traffic.accepted));
  accepted.Add({{"result", "refused"}}, static_cast<double>(traffic.refused));
  Snapshot hung_up("cosell_http_hang_ups_total",
                   "Connections ended by us: overdue, or displaced by others that waited",
                   MetricType::Counter);
  hung_up.Add({{"reason", "overdue"}}, static_cast<double>(traffic.overdue));
  hung_up.Add({{"reason", "displaced"}}, static_cast<double>(traffic.displaced));
  Snapshot requests("cosell_http_requests_total", "Requests answered", MetricType::Counter);
  requests.Add({}, static_cast<double>(traffic.requests));
  for (Snapshot* family : {&open, &accepted, &hung_up, &requests}) family->MoveTo(families);
}

class PrometheusMetrics final : public Metrics {
 public:
  PrometheusMetrics(const std::string& version, const TrafficCounters& traffic)
      : version_(version),
        traffic_(traffic),
        webhooks_(Family("cosell_webhooks_total", "Webhooks by what became of them")),
        calls_(Family("cosell_remote_calls_total", "Calls to the remote sides by outcome")),
        rounds_(Family("cosell_rounds_total", "Rounds of work by outcome")),
        round_seconds_(Family("cosell_round_seconds_total", "Time spent in rounds")),
        backups_(Family("cosell_backups_total", "Scheduled backups by outcome")) {}

  void CountBackup(std::string_view outcome) override {
    backups_.Add({{"outcome", std::string(outcome)}}).Increment();
  }

  void NoteLastBackup(Instant at) override { last_backup_ = Seconds(at); }

  void CountWebhook(const ConnectionName& connection, std::string_view source,
                    std::string_view result) override {
    webhooks_
        .Add({{"connection", connection.text},
              {"source", std::string(source)},
              {"result", std::string(result)}})
        .Increment();
  }

  void CountRemoteCall(const ConnectionName& connection, Side side,
                       std::string_view outcome) override {
    calls_
        .Add({{"connection", connection.text},
              {"side", std::string(ToString(side))},
              {"outcome", std::string(outcome)}})
        .Increment();
  }

  void CountRound(const ConnectionName& connection, std::string_view kind, std::string_view outcome,
                  std::chrono::milliseconds took) override {
    rounds_
        .Add({{"connection", connection.text},
              {"kind", std::string(kind)},
              {"outcome", std::string(outcome)}})
        .Increment();
    round_seconds_.Add({{"connection", connection.text}, {"kind", std::string(kind)}})
        .Increment(std::chrono::duration<double>(took).count());
  }

  std::string Text(const std::vector<ConnectionStatus>& connections) const override {
    std::vector<MetricFamily> families = registry_.Collect();
    Snapshot build("cosell_build_info", "Always 1; the label says which program this is");
    build.Add({{"version", version_}}, 1);
    build.MoveTo(families);
    AddTraffic(traffic_, families);
    Snapshot backup("cosell_last_backup_timestamp_seconds", "When the newest backup was made");
    if (last_backup_ > 0) backup.Add({}, last_backup_);
    backup.MoveTo(families);
    AddConnections(connections, families);
    return prometheus::TextSerializer().Serialize(families);
  }

 private:
  using CounterFamily = prometheus::Family<prometheus::Counter>;

  CounterFamily& Family(const std::string& name, const std::string& help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
  }

  const std::string version_;
  const TrafficCounters& traffic_;
  prometheus::Registry registry_;
  CounterFamily& webhooks_;
  CounterFamily& calls_;
  CounterFamily& rounds_;
  CounterFamily& round_seconds_;
  CounterFamily& backups_;
  std::atomic<double> last_backup_ = 0;
};

}  // namespace

std::unique_ptr<Metrics> MakeMetrics(const std::string& version, const TrafficCounters& traffic) {
  return std::make_unique<PrometheusMetrics>(version, traffic);
}

}  // namespace cosell::web

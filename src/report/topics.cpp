#include "report/topics.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace cosell::report {
namespace {

constexpr std::size_t kChartRowsMax = 20;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::size_t CharacterSize(std::string_view text) {
  for (std::size_t size = 1; size <= 4 && size <= text.size(); ++size) {
    if (IsUtf8(text.substr(0, size))) return size;
  }
  return 0;
}

std::string Clean(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const std::size_t size = CharacterSize(text);
    const auto first = static_cast<unsigned char>(text.front());
    const bool control =
        first == 0x7F || (first < 0x20 && first != '\t' && first != '\n' && first != '\r');
    clean += size == 0 || control ? kReplacement : text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return clean;
}

Cell Of(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(Clean(text));
}
Cell Of(std::int64_t number) { return std::to_string(number); }
Cell Of(Instant at) { return FormatSeconds(at); }
Cell Of(const std::optional<Instant>& at) { return at ? Of(*at) : std::nullopt; }
Cell To(Side written) { return DirectionOf(written); }

using Rows = std::vector<std::vector<Cell>>;

// One chart for each run of rows that are equal in `group` columns.
void AddCharts(Topic* topic, const std::string& title, std::size_t group,
               std::vector<std::size_t> labels, std::vector<std::size_t> values) {
  const Rows& rows = topic->rows;
  for (std::size_t begin = 0; begin < rows.size();) {
    std::size_t end = begin;
    const auto same = [&](std::size_t row) {
      return std::equal(rows[begin].begin(),
                        rows[begin].begin() + static_cast<std::ptrdiff_t>(group),
                        rows[row].begin());
    };
    while (end < rows.size() && same(end)) ++end;
    std::string name = title;
    for (std::size_t i = 0; i < group; ++i) name += ", " + rows[begin][i].value_or("none");
    topic->charts.push_back(
        {Clean(name), begin, std::min(end - begin, kChartRowsMax), labels, values});
    begin = end;
  }
}

Topic Overview(const Report& report) {
  const ReportScope& scope = report.scope;
  return {"report",
          "This report",
          "Happenings are those of the period; states are those of the moment the report was made. "
          "Times are UTC.",
          "",
          {{"from", "From", CellType::time},
           {"to", "Until before", CellType::time},
           {"made_at", "Made at", CellType::time},
           {"connection", "Connection", CellType::text}},
          {{Of(scope.from), Of(scope.to), Of(scope.now),
            Of(scope.connection.empty() ? "all" : scope.connection.text)}},
          {}};
}

std::int64_t InState(const ConnectionStatus& status, const char* state) {
  const auto found = status.links_by_state.find(state);
  return found == status.links_by_state.end() ? 0 : found->second;
}

Topic Connections(const Report& report) {
  Topic topic{"connections",
              "Connections",
              "How each connection stands now. In step: both sides agree, closed deals included.",
              "There is no connection yet.",
              {{"connection", "Connection", CellType::text},
               {"mode", "Mode", CellType::text},
               {"state", "State", CellType::text},
               {"reason", "Reason", CellType::text},
               {"links", "Links", CellType::number},
               {"in_step", "In step", CellType::number},
               {"waiting", "Waiting", CellType::number},
               {"quarantined", "Set aside", CellType::number},
               {"open_conflicts", "Open conflicts", CellType::number},
               {"lag_s", "Lag (s)", CellType::number},
               {"last_sweep_at", "Last sweep", CellType::time}},
              {},
              {}};
  for (const ConnectionStatus& status : report.connections) {
    topic.rows.push_back({Of(status.name.text), Of(status.mode), Of(status.state),
                          Of(status.reason), Of(status.links),
                          Of(InState(status, "in_sync") + InState(status, "closed")),
                          Of(InState(status, "waiting")), Of(status.quarantined),
                          Of(status.open_conflicts), Of(status.lag_s), Of(status.last_sweep_at)});
  }
  return topic;
}

Topic Writes(const Report& report) {
  Topic topic{
      "writes",
      "Writes",
      "Audit entries of the period by direction and outcome: one per remote record written.",
      "Nothing was written in this period.",
      {{"connection", "Connection", CellType::text},
       {"direction", "Direction", CellType::text},
       {"record_kind", "Record", CellType::text},
       {"operation", "Operation", CellType::text},
       {"outcome", "Outcome", CellType::text},
       {"count", "Count", CellType::number}},
      {},
      {}};
  for (const AuditCount& count : report.writes) {
    topic.rows.push_back({Of(count.connection), To(count.side), Of(count.record_kind),
                          Of(count.operation), Of(count.outcome), Of(count.count)});
  }
  AddCharts(&topic, "Writes", 1, {1, 2, 3, 4}, {5});
  return topic;
}

Topic LatencyTopic(const Report& report) {
  Topic topic{"latency",
              "Latency",
              "Confirmed writes that carried a change. changed_to_written: from the record's own "
              "change stamp, moved onto our clock (both remotes print whole seconds), until the "
              "other side confirmed the write; downtime and retries count, changes older than the "
              "connection do not. noticed_to_written: from the moment the change was read. "
              "remote_call: the call alone. Percentiles by nearest rank.",
              "No write of this period carried a change.",
              {{"connection", "Connection", CellType::text},
               {"direction", "Direction", CellType::text},
               {"measure", "Measure", CellType::text},
               {"count", "Count", CellType::number},
               {"p50_ms", "p50 (ms)", CellType::number},
               {"p90_ms", "p90 (ms)", CellType::number},
               {"p95_ms", "p95 (ms)", CellType::number},
               {"p99_ms", "p99 (ms)", CellType::number},
               {"max_ms", "Most (ms)", CellType::number}},
              {},
              {}};
  for (const Latency& line : report.latency) {
    topic.rows.push_back({Of(line.connection), To(line.side), Of(line.measure), Of(line.count),
                          Of(line.p50_ms), Of(line.p90_ms), Of(line.p95_ms), Of(line.p99_ms),
                          Of(line.max_ms)});
  }
  AddCharts(&topic, "Latency in milliseconds", 1, {1, 2}, {4, 6});
  return topic;
}

Topic Failures(const Report& report) {
  Topic topic{
      "failures",
      "Failures",
      "Writes of the period that did not come to be, by reason. unknown: no answer, and not "
      "looked up yet.",
      "No write failed in this period.",
      {{"connection", "Connection", CellType::text},
       {"direction", "Direction", CellType::text},
       {"outcome", "Outcome", CellType::text},
       {"reason", "Reason", CellType::text},
       {"count", "Count", CellType::number},
       {"first_at", "First", CellType::time},
       {"last_at", "Last", CellType::time},
       {"last_record_id", "Last record", CellType::id}},
      {},
      {}};
  for (const FailureCount& line : report.failures) {
    topic.rows.push_back({Of(line.connection), To(line.side), Of(line.outcome), Of(line.reason),
                          Of(line.count), Of(line.first_at), Of(line.last_at),
                          Of(line.last_record_id)});
  }
  return topic;
}

Topic OpenConflicts(const Report& report) {
  Topic topic{"open_conflicts",
              "Open conflicts",
              "Fields that both sides changed and that wait for a person. The values are shown by "
              "`cosell-sync conflicts list`, not here.",
              "No field waits for a decision.",
              {{"connection", "Connection", CellType::text},
               {"link", "Link", CellType::number},
               {"referral_id", "Referral", CellType::id},
               {"crm_id", "CRM record", CellType::id},
               {"field", "Field", CellType::text},
               {"since", "Since", CellType::time},
               {"decided", "Decided", CellType::text}},
              {},
              {}};
  for (const OpenConflictRow& row : report.open_conflicts) {
    topic.rows.push_back({Of(row.connection), Of(row.link_id), Of(row.referral_id), Of(row.crm_id),
                          Of(row.field), Of(row.since), Of(row.decided)});
  }
  return topic;
}

Topic Decided(const Report& report) {
  Topic topic{"decided_conflicts",
              "Decided conflicts",
              "Disagreements decided in the period, by rule; resolved: by a person. The losing "
              "values are kept in field_history.",
              "Nothing was decided in this period.",
              {{"connection", "Connection", CellType::text},
               {"field", "Field", CellType::text},
               {"rule", "Decided by", CellType::text},
               {"losing_side", "Losing side", CellType::text},
               {"count", "Count", CellType::number}},
              {},
              {}};
  for (const DecidedCount& line : report.decided) {
    topic.rows.push_back({Of(line.connection), Of(line.field), Of(line.rule),
                          Of(std::string(ToString(line.losing_side))), Of(line.count)});
  }
  return topic;
}

Topic Expiring(const Report& report) {
  Topic topic{
      "expiring_offers",
      "Expiring offers",
      "Referrals nobody has accepted or declined yet; Partner Center lets them expire "
      "fourteen days after they were made. Days left: whole days, negative once it is over.",
      "No offer waits for an answer.",
      {{"connection", "Connection", CellType::text},
       {"link", "Link", CellType::number},
       {"referral_id", "Referral", CellType::id},
       {"crm_id", "CRM record", CellType::id},
       {"expires_at", "Expires", CellType::time},
       {"days_left", "Days left", CellType::number}},
      {},
      {}};
  for (const Offer& offer : report.expiring) {
    topic.rows.push_back({Of(offer.connection), Of(offer.link_id), Of(offer.referral_id),
                          Of(offer.crm_id), Of(offer.expires_at), Of(offer.days_left)});
  }
  return topic;
}

Topic Pipeline(const Report& report) {
  Topic topic{
      "pipeline",
      "Pipeline value",
      "Pairs by currency and stage, with the deal value both sides last agreed on. Sums are "
      "exact; currencies are never added up.",
      "No pair has agreed on a deal yet.",
      {{"connection", "Connection", CellType::text},
       {"currency", "Currency", CellType::text},
       {"stage", "Stage", CellType::text},
       {"deals", "Deals", CellType::number},
       {"value", "Value", CellType::money}},
      {},
      {}};
  for (const PipelineLine& line : report.pipeline) {
    topic.rows.push_back(
        {Of(line.connection), Of(line.currency), Of(line.stage), Of(line.deals), Of(line.value)});
  }
  AddCharts(&topic, "Pipeline value", 2, {2}, {4});
  return topic;
}

Topic Changes(const Report& report) {
  Topic topic{"changes",
              "Changes per field",
              "Confirmed writes of the period by field and by the rule that decided. A record of "
              "several fields counts once for each.",
              "No field was written in this period.",
              {{"connection", "Connection", CellType::text},
               {"direction", "Direction", CellType::text},
               {"field", "Field", CellType::text},
               {"rule", "Rule", CellType::text},
               {"count", "Count", CellType::number}},
              {},
              {}};
  for (const FieldChanges& line : report.changes) {
    topic.rows.push_back(
        {Of(line.connection), To(line.side), Of(line.field), Of(line.rule), Of(line.count)});
  }
  AddCharts(&topic, "Most frequent changes", 1, {1, 2, 3}, {4});
  return topic;
}

Topic Held(const Report& report) {
  Topic topic{
      "waiting",
      "Waiting and set aside",
      "Links that are not shared yet, and links set aside after failures, now. A reason may "
      "quote what a remote side answered.",
      "Nothing waits and nothing is set aside.",
      {{"connection", "Connection", CellType::text},
       {"link", "Link", CellType::number},
       {"referral_id", "Referral", CellType::id},
       {"crm_id", "CRM record", CellType::id},
       {"record_kind", "Record", CellType::text},
       {"state", "State", CellType::text},
       {"reason", "Reason", CellType::text},
       {"attempts", "Attempts", CellType::number},
       {"next_look_at", "Next look", CellType::time}},
      {},
      {}};
  for (const HeldRow& row : report.held) {
    topic.rows.push_back({Of(row.connection), Of(row.link_id), Of(row.referral_id), Of(row.crm_id),
                          Of(row.record_kind), Of(row.state), Of(row.reason), Of(row.attempts),
                          Of(row.not_before)});
  }
  return topic;
}

Topic Runs(const Report& report) {
  Topic topic{"runs",
              "Passes of work",
              "Passes begun in the period, and what they did.",
              "No pass began in this period.",
              {{"connection", "Connection", CellType::text},
               {"kind", "Kind", CellType::text},
               {"outcome", "Outcome", CellType::text},
               {"count", "Passes", CellType::number},
               {"read", "Read", CellType::number},
               {"planned", "Planned", CellType::number},
               {"written", "Written", CellType::number},
               {"failed", "Failed", CellType::number},
               {"conflicts", "Conflicts", CellType::number}},
              {},
              {}};
  for (const RunCount& run : report.runs) {
    topic.rows.push_back({Of(run.connection), Of(run.kind), Of(run.outcome), Of(run.count),
                          Of(run.read), Of(run.planned), Of(run.written), Of(run.failed),
                          Of(run.conflicts)});
  }
  return topic;
}

Topic Chain(const Report& report) {
  Topic topic{
      "chain_head",
      "Chain head",
      "The newest audit entry of the database, of all connections. Kept elsewhere, its hash "
      "shows later that nothing before it was changed or taken away.",
      "The audit has no entry yet.",
      {{"id", "Entry", CellType::number},
       {"at", "At", CellType::time},
       {"hash", "Hash", CellType::id}},
      {},
      {}};
  if (report.head.id > 0)
    topic.rows.push_back({Of(report.head.id), Of(report.head.at), Of(report.head.hash)});
  return topic;
}

}  // namespace

std::string LabelOf(const Topic& topic, const BarChart& chart, std::size_t row) {
  std::vector<std::string> parts;
  for (const std::size_t column : chart.label_columns)
    parts.push_back(topic.rows[row][column].value_or("none"));
  return Join(parts, ", ");
}

std::vector<Topic> TopicsOf(const Report& report) {
  return {Overview(report), Connections(report),   Writes(report),  LatencyTopic(report),
          Failures(report), OpenConflicts(report), Decided(report), Expiring(report),
          Pipeline(report), Changes(report),       Held(report),    Runs(report),
          Chain(report)};
}

}  // namespace cosell::report

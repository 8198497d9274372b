#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ports/report_source.h"

// What was synced, how fast, what failed, what conflicted, what the pipeline is worth. Values.
namespace cosell::report {

// "to_crm" or "to_partner_center": where a write went.
std::string DirectionOf(Side written);

// How long something took, in milliseconds: of all times, the one that `p50_ms` percent of them do
// not exceed, and so on (nearest rank).
struct Latency {
  std::string connection;
  Side side = Side::crm;
  // "changed_to_written": from the record's own change stamp, moved onto our clock, to the
  // confirmed write on the other side (both remotes print whole seconds); downtime and retries
  // count, changes older than the connection's first run do not. "noticed_to_written": from the
  // moment we had read the change. "remote_call": the call alone.
  std::string measure;
  std::int64_t count = 0;
  std::int64_t p50_ms = 0;
  std::int64_t p90_ms = 0;
  std::int64_t p95_ms = 0;
  std::int64_t p99_ms = 0;
  std::int64_t max_ms = 0;
};

struct FieldChanges {
  std::string connection;
  Side side = Side::crm;
  std::string field;
  std::string rule;
  std::int64_t count = 0;
};

// An offer that nobody has accepted or declined yet.
struct Offer {
  std::string connection;
  std::int64_t link_id = 0;
  std::string referral_id;
  std::string crm_id;
  Instant expires_at;
  std::int64_t days_left = 0;  // whole days; negative once it is over
};

struct PipelineLine {
  std::string connection;
  std::string currency;
  std::string stage;  // canonical state of a deal: new, active, won, ...
  std::int64_t deals = 0;
  std::string value;  // exact decimal
};

struct Report {
  ReportScope scope;
  std::vector<ConnectionStatus> connections;
  std::vector<AuditCount> writes;
  std::vector<Latency> latency;
  std::vector<FailureCount> failures;
  std::vector<OpenConflictRow> open_conflicts;
  std::vector<DecidedCount> decided;
  std::vector<Offer> expiring;  // soonest first
  std::vector<PipelineLine> pipeline;
  std::vector<FieldChanges> changes;  // most frequent first, by connection
  std::vector<HeldRow> held;
  std::vector<RunCount> runs;
  ChainHead head;
};

// Pure.
Report MakeReport(const ReportScope& scope, ReportFacts facts);

}  // namespace cosell::report

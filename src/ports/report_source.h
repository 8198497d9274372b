#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "model/link.h"
#include "model/side.h"
#include "ports/store.h"

// What a report is made of, as the database has it. Names of operations, outcomes, rules and kinds
// are those of the table `audit`. Values.
namespace cosell {

struct ReportScope {
  Instant from;                 // the first moment of the period
  Instant to;                   // the first moment after it
  Instant now;                  // what "now" means for everything that is a state, not a happening
  ConnectionName connection{};  // empty: all
};

// Audit entries of the period that are alike.
struct AuditCount {
  std::string connection;
  Side side = Side::crm;  // the side written
  std::string record_kind;
  std::string operation;
  std::string outcome;
  std::int64_t count = 0;
};

// One confirmed write of the period. The times are what went by until it was confirmed, in
// milliseconds; nothing where they are not known.
struct WriteDuration {
  std::string connection;
  Side side = Side::crm;
  std::string fields;  // separated by commas
  std::optional<std::int64_t> since_changed_ms;
  std::optional<std::int64_t> since_noticed_ms;
  std::int64_t call_ms = 0;  // the remote call alone
};

// Writes of the period that did not come to be, by reason. An outcome that was unknown and is told
// by a later entry is not among them.
struct FailureCount {
  std::string connection;
  Side side = Side::crm;
  std::string outcome;
  std::string reason;  // no contact data
  std::int64_t count = 0;
  Instant first_at;
  Instant last_at;
  std::string last_record_id;
};

// Confirmed changes of the period.
struct ChangeCount {
  std::string connection;
  Side side = Side::crm;
  std::string fields;  // separated by commas
  std::string rule;
  std::int64_t count = 0;
};

// A field that waits for a person, without its values.
struct OpenConflictRow {
  std::string connection;
  std::int64_t link_id = 0;
  std::string referral_id;
  std::string crm_id;
  std::string field;
  Instant since;
  std::string decided;  // what a person chose and the next round carries out; empty: nothing yet
};

// Disagreements that were decided in the period.
struct DecidedCount {
  std::string connection;
  std::string field;
  std::string rule;
  Side losing_side = Side::crm;
  std::int64_t count = 0;
};

// A referral that may be an offer waiting for its answer; `raw` tells.
struct OfferRow {
  std::string connection;
  std::int64_t link_id = 0;
  std::string referral_id;
  std::string crm_id;
  std::string raw;
};

// A pair's deal as both sides last agreed on it; canonical values, empty for none.
struct DealRow {
  std::string connection;
  std::string state;
  std::string currency;
  std::string value;
};

// A link that waits or is set aside.
struct HeldRow {
  std::string connection;
  std::int64_t link_id = 0;
  std::string referral_id;
  std::string crm_id;
  std::string record_kind;
  std::string state;
  std::string reason;
  std::int64_t attempts = 0;
  std::optional<Instant> not_before;
};

// Passes of work begun in the period.
struct RunCount {
  std::string connection;
  std::string kind;
  std::string outcome;
  std::int64_t count = 0;
  std::int64_t read = 0;
  std::int64_t planned = 0;
  std::int64_t written = 0;
  std::int64_t failed = 0;
  std::int64_t conflicts = 0;
};

// The newest audit entry: whoever keeps its hash elsewhere can show later that nothing before it
// was changed or taken away.
struct ChainHead {
  std::int64_t id = 0;  // 0: there is none
  std::optional<Instant> at;
  std::string hash;
};

struct ReportFacts {
  std::vector<ConnectionStatus> connections;
  std::vector<AuditCount> writes;
  std::vector<WriteDuration> durations;
  std::vector<FailureCount> failures;
  std::vector<ChangeCount> changes;
  std::vector<OpenConflictRow> open_conflicts;
  std::vector<DecidedCount> decided;
  std::vector<OfferRow> offers;
  std::vector<DealRow> deals;
  std::vector<HeldRow> held;
  std::vector<RunCount> runs;
  ChainHead head;
};

// Thread rule: from any thread, one call at a time. Reads only.
class ReportSource {
 public:
  virtual ~ReportSource() = default;
  // Everything of one moment: the last committed state. Happenings are those of the period, states
  // those of now. Throws std::runtime_error when the database fails.
  virtual ReportFacts Read(const ReportScope& scope) = 0;
};

}  // namespace cosell

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "model/conflict.h"
#include "model/decision.h"
#include "model/link.h"
#include "model/side.h"

// What is known of a pair's past. Values, as the store keeps them; src/story turns them into the
// state at an instant and into an explanation.
namespace cosell {

// A remote record as it was seen, told by what differs from the version before (field_text.h).
struct RecordVersion {
  std::int64_t id = 0;
  Side side = Side::crm;
  std::string record_id;
  Instant changed_at;  // when the record became so, on our clock as well as that is known
  Instant seen_at;     // when it was read
  std::string source;  // Snapshot::source
  std::string detail;  // Snapshot::source_detail
  bool deleted = false;
  std::string changes;  // may be personal
};

// A state of the pair, with what differs of the bases.
struct LinkVersion {
  Instant at;
  std::string referral_id;
  std::string crm_id;
  RecordKind kind = RecordKind::opportunity;
  LinkState state = LinkState::pending;
  std::string reason;
  std::string base_partner_center;  // changes; may be personal
  std::string base_crm;
};

// One entry of the audit about this pair, as it stands in the database.
struct RecordedWrite {
  std::int64_t id = 0;  // audit_log.id
  Instant at;
  Side side = Side::crm;
  std::string record_kind;
  std::string record_id;
  std::string operation;
  std::vector<std::string> fields;
  // By position in `fields`; nothing for "no value". Empty when there were none or they were
  // erased.
  std::vector<std::optional<std::string>> before;
  std::vector<std::optional<std::string>> after;
  bool erased = false;  // there were values, and they were erased
  std::string reason;
  std::string rule;
  std::string cause;
  std::string run_id;
  std::string correlation_id;
  std::string request_id;  // the remote's; may be empty
  std::string outcome;
  std::int64_t duration_ms = 0;
};

// Everything the database holds about one pair. Each list is in the order things were recorded.
struct LinkHistory {
  Link link;                          // as it is now
  std::string fields_partner_center;  // as last read; empty without a record
  std::string fields_crm;
  std::vector<RecordVersion> versions;  // of every record that was ever part of the pair
  std::vector<LinkVersion> states;
  std::vector<RecordedWrite> writes;
  std::vector<FieldHistoryEntry> values;  // field_history
  std::vector<Conflict> conflicts;        // open
  std::vector<Decision> decisions;        // not carried out yet
};

}  // namespace cosell

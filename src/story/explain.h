#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/history.h"
#include "model/record.h"

// Why a field of a pair has the value it has. Pure: turns what was recorded into a story.
namespace cosell {

// A value that a side had, from `at` on, and who brought it.
struct FieldEvent {
  enum class Kind {
    seen,     // read from that side: somebody there had brought it
    written,  // brought there by us; `write` tells why
    refused,  // we tried to, and it did not get there
    unclear,  // we tried to; whether it got there was not known
    lost,     // decided against by the rule `rule`; kept, so that it can be brought back
    deleted,  // the record was deleted
  };
  Kind kind = Kind::seen;
  Side side = Side::crm;
  std::string record_id;
  Instant at;                      // when it became so
  std::optional<Instant> seen_at;  // when we read it
  Value value;
  bool erased = false;  // there was a value, and it was erased
  std::string source;   // what brought it to us: RecordVersion::source
  std::string detail;
  std::string rule;           // of this field
  std::string reason;         // for a person
  std::string cause;          // "event", "poll", "sweep", "person"
  std::int64_t audit_id = 0;  // 0: none
  std::string run_id;
  std::string correlation_id;
  std::string request_id;
  std::string outcome;
};

struct SideValue {
  bool known = false;  // the side showed the field when its record was last read
  Value value;
};

struct Explanation {
  std::string field;
  std::int64_t link_id = 0;
  std::string referral_id;
  std::string crm_id;
  LinkState state = LinkState::pending;
  SideValue partner_center;
  SideValue crm;
  SideValue base_partner_center;
  SideValue base_crm;
  bool apart = false;              // the sides differ on purpose
  std::vector<FieldEvent> events;  // oldest first; of one instant, what caused stands before effect
  // Positions in `events`: the write that made the sides what they are, and the edit it carried.
  std::optional<std::size_t> decided_by;
  std::optional<std::size_t> brought_by;
  std::optional<Conflict> conflict;
  std::optional<Decision> decision;
};

// Nothing when no side, base or record of the past ever had a field of that name.
std::optional<Explanation> Explain(const LinkHistory& history, const std::string& field);

// Every field there ever was, in order of name.
std::vector<std::string> FieldsOf(const LinkHistory& history);

}  // namespace cosell

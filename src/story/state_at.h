#pragma once

#include <optional>
#include <string>

#include "model/field_text.h"
#include "model/history.h"

// What a pair was at an instant. Pure.
namespace cosell {

// One side's record as it was then. A value counts from the remote side's own stamp, moved onto our
// clock, so it may have been learnt later than the instant asked about: `seen_at`.
struct SideAt {
  std::string record_id;  // empty: the pair had none
  bool known = false;     // a version from then or before was seen
  bool deleted = false;
  FieldValues fields;  // those the side showed; a field that is not there was not shown
  Instant changed_at;  // of the newest version that counts; these three only where `known`
  Instant seen_at;
  std::string source;
};

struct PairAt {
  Instant at;
  // The pair as we had it; nothing before it was met. The records are told all the same, as those
  // it began with.
  std::optional<LinkVersion> link;  // its two bases are whole texts here, not changes
  FieldValues base_partner_center;
  FieldValues base_crm;
  SideAt partner_center;
  SideAt crm;
};

PairAt StateAt(const LinkHistory& history, Instant at);

}  // namespace cosell

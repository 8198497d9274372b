#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.h"
#include "base/time.h"
#include "model/side.h"

namespace cosell {

// Both sides changed one field to different values and a person has to decide. A value.
struct Conflict {
  std::int64_t link_id = 0;
  std::string field;
  std::string base;
  std::string partner_center_value;
  std::string crm_value;
  Instant since;
  // The pair, filled in when read; the store keeps them with the link.
  ReferralId referral_id{};
  CrmId crm_id{};
};

// One value a field had on one side, and who brought it. `superseded_by` tells what replaced it; a
// losing value of a conflict is recorded here with the rule that decided, so that it can be brought
// back.
struct FieldHistoryEntry {
  std::int64_t link_id = 0;
  std::string field;
  std::string value;
  Side side = Side::crm;
  Instant at;
  std::string cause;
  std::string superseded_by;  // empty while it is the value; "newest_wins: <value>" for a loser
};

}  // namespace cosell

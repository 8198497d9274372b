#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "engine/context.h"

namespace cosell {

// What an exported audit says two records last agreed on: every confirmed write tells the value
// both sides had of the fields it wrote, and a line of the pair itself tells all of it. A value.
struct RecoveredBase {
  std::map<std::string, std::string> fields{};  // field -> canonical value, empty for none
  std::set<std::string> told{};                 // news that stands in the CRM's Audit
  // The bases as they were stored, of the pair with this CRM record; empty: not known.
  std::string crm_id{};
  std::string partner_center{};
  std::string crm{};
};

// By the referral's id, and by the CRM record's for what was written before there was a referral.
struct RecoveredBases {
  std::map<std::string, RecoveredBase> by_record;
};

// Gives these bases to the links that have none, and makes them due. Returns how many. Fields the
// mapping no longer has are left out. Used from the engine's thread.
std::int64_t TakeRecoveredBases(EngineContext& context, const RecoveredBases& bases);

}  // namespace cosell

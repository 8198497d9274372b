#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "model/decision.h"

// What a person tells the engine. Values.
namespace cosell {

struct Resolution {
  std::string record_id;  // referral id, CRM id or link number
  std::string field;      // the mapping's name
  Take take = Take::partner_center;
};

// A dry run a person has looked at: what `apply` may do, and nothing else.
struct ReviewedPlan {
  std::string fingerprint;                      // of the mapping it was made with
  std::map<std::int64_t, std::string> digests;  // link -> PlannedLink::digest
};

}  // namespace cosell

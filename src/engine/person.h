#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

// What a person tells the engine. Values.
namespace cosell {

// How an open conflict of one field ends.
enum class Take {
  partner_center,  // Partner Center's value goes to the CRM
  crm,             // the CRM's value goes to Partner Center
  leave,           // both stay as they are, and no longer count as a disagreement
  lost_value,      // the value an earlier conflict decided against comes back, to both sides
};
std::string_view ToString(Take take);

struct Resolution {
  std::string record_id;  // referral id, CRM id or link number
  std::string field;      // the mapping's name
  Take take = Take::partner_center;
};

// A dry run a person has looked at: what `apply` may do, and nothing else.
struct ReviewedPlan {
  std::string fingerprint;                     // of the mapping it was made with
  std::map<std::int64_t, std::string> digests;  // link -> PlannedLink::digest
};

}  // namespace cosell

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace cosell {

// How an open conflict of one field ends.
enum class Take {
  partner_center,  // Partner Center's value goes to the CRM
  crm,             // the CRM's value goes to Partner Center
  leave,           // both stay as they are, and no longer count as a disagreement
  lost_value,      // the value an earlier conflict decided against comes back, to both sides
};

// "partner_center", "crm", "leave", "lost_value": stored and shown so.
std::string_view ToString(Take take);
std::optional<Take> TakeFromText(std::string_view text);

// What a person decided about one field of a link, until it is carried out. It names the values the
// person saw: once a side has another one, the decision is void. Values are canonical, empty for
// none. A value.
struct Decision {
  std::int64_t link_id = 0;
  std::string field;
  Take take = Take::leave;
  std::string partner_center_value;  // as the person saw it
  std::string crm_value;             // likewise
  std::string lost_value;            // Take::lost_value: what is to come back
  Instant decided_at;
};

}  // namespace cosell

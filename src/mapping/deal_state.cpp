#include "mapping/deal_state.h"

#include <array>
#include <stdexcept>

#include "base/text.h"

namespace cosell {
namespace {

struct Row {
  std::string_view state;
  ReferralStatus pair;
};

constexpr std::array<Row, 9> kRows = {{
    {"new", {"New", "Pending"}},
    {"new", {"New", "Received"}},
    {"active", {"Active", "Accepted"}},
    {"won", {"Closed", "Won"}},
    {"lost", {"Closed", "Lost"}},
    {"declined", {"Closed", "Declined"}},
    {"expired", {"Closed", "Expired"}},
    {"error", {"Closed", "Error"}},
    {"new", {"New", "None"}},
}};

}  // namespace

Value StateFromReferral(std::string_view status, std::string_view substatus) {
  for (const Row& row : kRows) {
    if (EqualsIgnoreCase(row.pair.status, status) &&
        EqualsIgnoreCase(row.pair.substatus, substatus)) {
      return std::string(row.state);
    }
  }
  // An absent or unknown substatus does not hide an open deal; a closed one must say how it closed.
  if (EqualsIgnoreCase(status, "New")) return std::string(kStateNew);
  if (EqualsIgnoreCase(status, "Active")) return std::string(kStateActive);
  return std::nullopt;
}

ReferralStatus ReferralStatusOf(std::string_view state) {
  for (const Row& row : kRows) {
    if (row.state == state) return row.pair;
  }
  throw std::invalid_argument("no referral status for state '" + std::string(state) + "'");
}

bool IsClosed(const Value& state) { return state && *state != kStateNew && *state != kStateActive; }

bool SameState(const Value& partner_center, const Value& crm) {
  if (partner_center == crm) return true;
  return IsClosed(partner_center) && IsClosed(crm) && *partner_center != kStateWon &&
         *crm != kStateWon;
}

bool IsLegalMove(std::string_view from, std::string_view to) {
  if (from == kStateNew) return to == kStateActive || to == kStateDeclined || to == "error";
  if (from == kStateActive) return to == kStateWon || to == kStateLost || to == "error";
  return false;
}

}  // namespace cosell

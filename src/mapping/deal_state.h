#pragma once

#include <string>
#include <string_view>

#include "model/record.h"

// The state of a deal as one word, and Partner Center's state machine (contract partner-center.md
// section 3.10). Canonical states: new, active, won, lost, declined, expired, error. A CRM knows
// only new (on hold), active, won and lost.
namespace cosell {

inline constexpr std::string_view kStateNew = "new";
inline constexpr std::string_view kStateActive = "active";
inline constexpr std::string_view kStateWon = "won";
inline constexpr std::string_view kStateLost = "lost";
inline constexpr std::string_view kStateDeclined = "declined";

// From the referral's status and substatus, ignoring case; nothing for a pair the contract does not
// know.
Value StateFromReferral(std::string_view status, std::string_view substatus);

struct ReferralStatus {
  std::string_view status;
  std::string_view substatus;
};
// The pair to send for a canonical state. Requires a canonical state other than new.
ReferralStatus ReferralStatusOf(std::string_view state);

bool IsClosed(const Value& state);
// Whether a referral's state and a CRM record's state mean the same: lost, declined, expired and
// error all show as lost.
bool SameState(const Value& partner_center, const Value& crm);
// Whether Partner Center allows the move: New -> Active or Closed (not Won, Lost), Active -> Closed
// (not Declined, Expired), nothing out of Closed.
bool IsLegalMove(std::string_view from, std::string_view to);

}  // namespace cosell

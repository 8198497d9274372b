#pragma once

#include <string_view>

namespace cosell {

// Which of the two remote sides.
enum class Side { partner_center, crm };

constexpr std::string_view ToString(Side side) {
  return side == Side::partner_center ? "partner_center" : "crm";
}
constexpr Side Other(Side side) {
  return side == Side::partner_center ? Side::crm : Side::partner_center;
}

// What kind of CRM record a referral is paired with.
enum class RecordKind { opportunity, lead };

constexpr std::string_view ToString(RecordKind kind) {
  return kind == RecordKind::opportunity ? "opportunity" : "lead";
}

}  // namespace cosell

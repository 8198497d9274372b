#pragma once

#include <string_view>

#include "model/side.h"

namespace cosell::store {

// The values behind the names that stand in columns. The database's own checks allow no others for
// sides and kinds.
constexpr Side SideFromText(std::string_view text) {
  return text == ToString(Side::crm) ? Side::crm : Side::partner_center;
}

constexpr RecordKind RecordKindFromText(std::string_view text) {
  return text == ToString(RecordKind::lead) ? RecordKind::lead : RecordKind::opportunity;
}

}  // namespace cosell::store

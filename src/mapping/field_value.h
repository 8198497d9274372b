#pragma once

#include <string_view>

#include "mapping/mapping.h"
#include "model/record.h"

// One value of a field on its way to a CRM column, and back. Not for sets, members and states,
// which are no single values. Pure. Internal to this room and its tests.
namespace cosell {

// What stands in the column for a canonical value, as text, cut to the column's length; nothing
// clears it.
Value ToColumnText(const FieldRule& rule, const Value& value);
// The canonical value of what stands there.
Value FromColumnText(const FieldRule& rule, std::string_view text);

// What becomes of a canonical value that is written to the CRM and read again.
Value ThroughCrm(const FieldRule& rule, const Value& value);

}  // namespace cosell

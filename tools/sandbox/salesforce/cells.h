#pragma once

#include "tools/sandbox/salesforce/writes.h"

// From the members of a body to values, and the checks each value must pass (contract sections 3.4
// and 14.2).
namespace cosell::sandbox::salesforce {

// Throws JSON_PARSER_ERROR for a JSON type that does not fit, MALFORMED_ID for a broken id,
// NUMBER_OUTSIDE_VALID_RANGE.
Value CellFromJson(const Database& database, const Field& field, const Json& json);

// Length, e-mail form, picklist, currency of one value about to be stored.
void CheckCell(const Database& database, const ObjectType& type, const Field& field,
               const Value& value);
// That a lookup leads to a record of the right object which may be used.
void CheckReference(const WriteContext& context, const Field& field, const std::string& id);

}  // namespace cosell::sandbox::salesforce

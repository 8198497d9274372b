#pragma once

#include <set>

#include "tools/sandbox/salesforce/soql_bind.h"

namespace cosell::sandbox::salesforce {

// -1, 0, 1 for two values of one kind, text ignoring case; ids byte by byte.
int CompareValues(const Field& field, const Value& left, const Value& right);

// The test a comparison with literals stands for (contract salesforce.md 6.3). Null satisfies "!=",
// NOT IN and "= null" alone. Throws INVALID_FIELD for a literal of another type than the field.
RowTest CompareTest(const ReadContext& context, const Table& table, const FieldPath& path,
                    const SoqlCondition& condition);
// [NOT] IN a set of ids.
RowTest MemberTest(const ReadContext& context, const Table& table, const FieldPath& path,
                   std::set<std::string> ids, bool negated);

}  // namespace cosell::sandbox::salesforce

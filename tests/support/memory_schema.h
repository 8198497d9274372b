#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ports/crm.h"

// The columns of the organisation in memory (memory_crm.h), and which values they take. Pure.
namespace cosell::test {

// What Describe tells: the example columns of contract cosell-field-mapping.md section 3.3 and the
// standard ones the built-in Dynamics 365 mapping names, of opportunities and leads.
CrmSchema MemorySchema(const std::vector<std::string>& currencies, const std::string& user_id);

// The flat values as the CRM stores them: choices in their own spelling, dates without a time,
// empty texts as null. refused, naming the column, for one it lacks, may not be written or that
// does not take the value.
Result<nlohmann::json> FitColumns(const CrmSchema& schema, RecordKind kind,
                                  const std::vector<Attribute>& attributes);

// The state a lead's status reason belongs to; nothing for a number that is none.
std::optional<int> StateOfLeadReason(const nlohmann::json& reason);

}  // namespace cosell::test

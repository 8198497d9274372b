#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "tools/sandbox/dataverse/table_builder.h"
#include "tools/sandbox/dataverse/types.h"

// The two tables the product lives in (contract 13.1, 13.2).
namespace cosell::sandbox::dataverse {

inline constexpr std::int64_t kMoneyLimit = 1'000'000'000'000;
// What a customer column may name.
inline const std::set<std::string> kCustomers = {"account", "contact"};

// With the co-sell columns of cosell-field-mapping.md 3.1 and 3.3; a lead has no Products.
Table OpportunityTable(const DataverseWorldOptions& options, Random& random);
Table LeadTable(const DataverseWorldOptions& options, Random& random);
// The names of a lead's co-sell columns, with the prefix.
std::vector<std::string> CosellColumnsOfLead(const DataverseWorldOptions& options);

// The address1_ columns every customer table has.
void AddAddress(TableBuilder& table);

}  // namespace cosell::sandbox::dataverse

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crm/dataverse/table.h"

// Which column plays which role (contract cosell-field-mapping.md sections 3.1 and 3.3). Pure.
namespace cosell::dataverse {

struct RoleSearch {
  std::map<std::string, std::string> roles;  // role -> column; a role without a column is absent
  std::vector<std::string> problems;         // each with how to mend it
};

// An override wins and must exist; else the column with the role's English label; else the example
// name of section 3.3. Of several columns with one label the co-sell solution's own (prefix msft_)
// is taken, then the first by name, and the ambiguity is reported. country_code is a column of
// `account`.
RoleSearch FindRoles(const Table& opportunity, const Table& account,
                     const std::map<std::string, std::string>& overrides);

// The same for the lead table: contract dynamics365.md section 13.2. An override may be meant for
// leads alone ("lead.sync"); one of a co-sell column without that prefix counts where the lead
// table has such a column too.
RoleSearch FindLeadRoles(const Table& lead, const std::map<std::string, std::string>& overrides);

// The columns a role would have by override or example name: what is tried when the metadata is
// hidden. Role -> column, of the opportunity or of the lead.
std::map<std::string, std::string> GuessedRoles(
    const std::map<std::string, std::string>& overrides);
std::map<std::string, std::string> GuessedLeadRoles(
    const std::map<std::string, std::string>& overrides);

// The column as it would be if the metadata could be read.
Column GuessedColumn(std::string_view role, std::string_view name);

}  // namespace cosell::dataverse

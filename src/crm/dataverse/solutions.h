#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "crm/dataverse/table.h"
#include "crm/dataverse/web_api.h"

namespace cosell::dataverse {

class RelatedTables;

// The columns of a table that describes solutions; all but the identifier may be empty.
struct SolutionColumns {
  std::string identifier;
  std::string name;
  std::string type;
  std::string publisher;
};

// The child table that lists an opportunity's solutions, where the organisation has one
// (cosell-field-mapping.md sections 3.1 and 3.3). Towards the port it is one text column of the
// opportunity, named like the table: the solutions' identifiers joined with "; ".
struct SolutionsTable {
  std::shared_ptr<const Table> table;  // msft_microsoftsolution
  std::string parent;                  // its lookup of the opportunity, "msft_opportunityid"
  std::string navigation;              // how that is bound, "msft_OpportunityId"
  SolutionColumns columns;
  std::string products_text;  // what is read where there is no row; may be empty
  // Microsoft Solution Details, the list sellers choose from; null: there is none.
  std::shared_ptr<const Table> catalogue;
  SolutionColumns catalogue_columns;

  const std::string& column() const { return table->logical_name; }
};

// One row of it.
struct SolutionRow {
  std::string id;
  std::string opportunity_id;
  std::string identifier;
};

// The table that `override_name` names, else the one that is labelled as Microsoft's. Nothing when
// the organisation has none. What is wrong goes to `problems`.
Result<std::optional<SolutionsTable>> FindSolutions(WebApi& api, RelatedTables& tables,
                                                    const std::string& override_name,
                                                    std::vector<std::string>& problems);

// The rows of some opportunities.
Result<std::vector<SolutionRow>> ReadSolutions(WebApi& api, const SolutionsTable& solutions,
                                               std::span<const std::string> opportunity_ids);

// What the catalogue says of the solutions it knows; each with its identifier.
Result<std::vector<SolutionColumns>> ReadCatalogue(WebApi& api, const SolutionsTable& solutions,
                                                   std::span<const std::string> identifiers);

// The flat value of the column for these rows of one opportunity.
std::string SolutionsValue(std::vector<std::string> identifiers);

}  // namespace cosell::dataverse

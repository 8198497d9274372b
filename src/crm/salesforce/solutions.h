#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crm/salesforce/object.h"
#include "crm/salesforce/rest.h"

namespace cosell::salesforce {

// The child object that lists an opportunity's solutions, where the organisation has one
// (cosell-field-mapping.md section 3.1). Towards the port it is one text column of the opportunity,
// named like the relationship: the solutions' identifiers joined with "; ".
struct SolutionsObject {
  Object object;              // "Microsoft_Solution__c"
  std::string parent_field;   // "Opportunity__c"
  std::string identifier;     // the field with the solution's id
  std::string relationship;   // "Microsoft_Solutions__r"
  std::string products_text;  // what is read where there is no row; may be empty
};

// One row of it.
struct SolutionRow {
  std::string id;
  std::string opportunity_id;
  std::string identifier;
};

// The object that an override names, else the one that is labelled as Microsoft's. Nothing when the
// organisation has none. What is wrong goes to `problems`.
Result<std::optional<SolutionsObject>> FindSolutions(Rest& rest, const Object& opportunity,
                                                     const std::string& override_name,
                                                     std::vector<std::string>& problems);

// The rows of some opportunities.
Result<std::vector<SolutionRow>> ReadSolutions(Rest& rest, const SolutionsObject& solutions,
                                               const std::vector<std::string>& opportunity_ids,
                                               bool finishes);

// The opportunities whose rows were changed or deleted since `since`: that changes no stamp of
// theirs (contract salesforce.md section 11.3).
Result<std::vector<std::string>> OpportunitiesOfChangedSolutions(Rest& rest,
                                                                 const SolutionsObject& solutions,
                                                                 Instant since);

// The flat value of the column for these rows of one opportunity.
std::string SolutionsValue(std::vector<std::string> identifiers);

}  // namespace cosell::salesforce

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crm/dataverse/job.h"
#include "crm/dataverse/solutions.h"

namespace cosell::dataverse {

// Takes the solutions column out of a write's attributes: the table has no such column. Nothing
// when the write does not name it.
std::optional<std::vector<std::string>> TakeSolutions(const SolutionsTable& solutions,
                                                      std::vector<Attribute>& attributes);

// Ends updates of solutions as stale_version where the opportunity or its rows are no longer what
// they were planned upon: a row of the solutions table takes no version of its opportunity.
void RefuseStaleSolutions(WebApi& api, Records& opportunities, std::vector<Job>& jobs);

// Makes the rows the jobs lack, with what the catalogue knows of them, and deletes those they do
// not want; rows that stay are not touched. A row is made under an id derived from its opportunity
// and solution, so that a repeat meets itself. A row that fails is its job's failure; the others of
// the job stand.
void WriteSolutions(WebApi& api, const SolutionsTable& solutions, const std::vector<Job*>& jobs);

}  // namespace cosell::dataverse

#pragma once

#include <span>

#include "crm/salesforce/job.h"
#include "crm/salesforce/rest.h"
#include "crm/salesforce/solutions.h"

namespace cosell::salesforce {

// Takes the solutions column out of a write's attributes: it is no field. Nothing when the write
// does not name it.
std::optional<std::vector<std::string>> TakeSolutions(const SolutionsObject& solutions,
                                                      std::vector<Attribute>& attributes);

// Makes the rows the jobs lack and deletes those they do not want, 200 to a call. A row that fails
// is its job's failure; the others of the job stand.
void WriteSolutions(Rest& rest, const SolutionsObject& solutions, std::span<Job* const> jobs);

}  // namespace cosell::salesforce

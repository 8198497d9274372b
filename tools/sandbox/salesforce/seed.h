#pragma once

#include <string>
#include <vector>

#include "tools/sandbox/salesforce/writes.h"

// Records that are simply there: no journal, no announcement, no automation.
namespace cosell::sandbox::salesforce {

// Stages, lead statuses, currencies, the organisation's own record, the integration user.
void SeedOrganization(Database& database);
// Returns the new user's id.
std::string SeedPerson(Database& database, const SeedSalesforcePerson& person);
// A user row for a caller the organisation has not met yet.
void EnsureUser(Database& database, const std::string& id);
// Throws ServiceError, or std::invalid_argument for an id that is none.
std::vector<std::string> SeedRows(Database& database,
                                  const std::vector<SeedSalesforceOpportunity>& seeds);

}  // namespace cosell::sandbox::salesforce

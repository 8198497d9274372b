#pragma once

#include <string>
#include <vector>

#include "tools/sandbox/dataverse/writes.h"

// Fills the organisation without events and without a journal.
namespace cosell::sandbox::dataverse {

// Currencies and our application user.
void SeedOrganization(Database& database);

// A row of systemusers; returns its id.
std::string SeedPerson(Database& database, const SeedUser& user);

// Opportunities with their accounts, contacts, owners and solutions. Returns the opportunities'
// ids, in order. Throws ServiceError when a value does not fit its column.
std::vector<std::string> SeedRows(Database& database, const std::string& first_person,
                                  const std::vector<SeedOpportunity>& seeds);

}  // namespace cosell::sandbox::dataverse

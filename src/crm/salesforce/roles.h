#pragma once

#include <map>
#include <string>
#include <vector>

#include "crm/salesforce/synced_object.h"

// Which field plays which role (contract cosell-field-mapping.md sections 3.1 and 3.2,
// salesforce.md sections 17.6 and 18).
namespace cosell::salesforce {

// Fills the roles of an object; what is wrong goes to `problems`, each with how to mend it. An
// override ("sync", of a lead "lead.sync") wins and must exist; else the usual name, with or
// without a package's namespace; else the role's label in any of its generations. Several
// candidates of equal rank are a problem, and the first by name is taken. The country code of an
// opportunity is a field of `account`. Deal value, currency and closing date of a lead are only
// there as overridden; a deal value brings the currency field along.
void FindRoles(SyncedObject& synced, const Object& account,
               const std::map<std::string, std::string>& overrides,
               std::vector<std::string>& problems);

// What is wrong with the fields found: not writable, not External ID or Unique, a calculated deal
// value, choices of help that are missing. Each with how to mend it.
std::vector<std::string> CheckRoles(const SyncedObject& synced);

}  // namespace cosell::salesforce

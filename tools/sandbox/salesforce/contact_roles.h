#pragma once

#include "tools/sandbox/salesforce/writes.h"

// What a save does to other records (contract 17.2, 17.1, 3.2).
namespace cosell::sandbox::salesforce {

// Opportunity.ContactId of a create becomes the primary contact role; a new primary role clears the
// old one; the opportunity shows its primary contact, without any stamp moving.
void AfterSave(const WriteContext& context, Table& table, const std::string& id, bool created);

// The assignment rule: a Lead created or updated over the API goes to the second person unless the
// call says no.
void AssignLead(const WriteContext& context, const Table& table, Row& row);

}  // namespace cosell::sandbox::salesforce

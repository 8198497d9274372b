#pragma once

#include <string>

#include "tools/sandbox/dataverse/writes.h"

// Actions: WinOpportunity, LoseOpportunity, QualifyLead (contract section 6). All throw
// ServiceError and need an open Transaction.
namespace cosell::sandbox::dataverse {

// `body` is {"Status":..,"OpportunityClose":{..}}. Closes the opportunity and files an
// opportunityclose row.
void CloseOpportunity(const WriteContext& context, bool won, const Json& body);

// Answers with the JSON text of the created rows' collection. Topic, description, values, date,
// currency and parents go into the opportunity; the co-sell columns only where a switch says so.
std::string QualifyLead(const WriteContext& context, const std::string& lead_id, const Json& body);

}  // namespace cosell::sandbox::dataverse

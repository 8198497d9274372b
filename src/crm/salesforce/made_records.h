#pragma once

#include <string>
#include <vector>

#include "crm/salesforce/organization.h"
#include "crm/salesforce/rest.h"
#include "ports/crm.h"

namespace cosell::salesforce {

// What a create of unknown outcome has made besides the opportunity, or before it came to that:
// account, contact and the rows of the solutions object. Nothing in a record names the create that
// made it; it is told by what it would be found by, and by CreatedById and CreatedDate (contract
// salesforce.md section 17.1). `opportunity_id`: empty where it came to none.
Result<std::vector<PerformedWrite>> FindMadeRecords(Rest& rest, const Organization& organization,
                                                    const CreateSearch& search,
                                                    const std::string& opportunity_id);

}  // namespace cosell::salesforce

#pragma once

#include "crm/salesforce/organization.h"
#include "ports/crm.h"

namespace cosell::salesforce {

// What the port tells of an organisation. Its problems are the caller's to add: reading brings more
// of them to light than describing.
CrmSchema ToSchema(const Organization& organization);

}  // namespace cosell::salesforce

#pragma once

#include "base/result.h"
#include "crm/salesforce/organization.h"
#include "crm/salesforce/rest.h"
#include "ports/crm_setup.h"

namespace cosell::salesforce {

// The prerequisites of an organisation beyond its fields: our user's object permissions, the daily
// calls, the clock, a place for solutions; and as hints what layouts and sellers need. Reads only.
Result<Inspection> InspectOrganization(Rest& rest, const Organization& organization);

}  // namespace cosell::salesforce

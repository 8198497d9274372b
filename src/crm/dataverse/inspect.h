#pragma once

#include "base/result.h"
#include "crm/dataverse/organization.h"
#include "crm/dataverse/web_api.h"
#include "ports/crm_setup.h"

namespace cosell::dataverse {

// The prerequisites of an organisation beyond its columns: our user's privileges, the clock, the
// solutions catalogue; and as hints what its forms and sellers need. Reads only.
Result<Inspection> InspectOrganization(WebApi& api, const Organization& organization, bool leads);

}  // namespace cosell::dataverse

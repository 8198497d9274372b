#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "crm/dataverse/organization.h"
#include "ports/crm.h"

namespace cosell::dataverse {

// The solution rows of an opportunity that our own user made when a create of unknown outcome may
// have made them. Requires an organisation with a table for solutions.
Result<std::vector<PerformedWrite>> FindMadeSolutions(WebApi& api, const Organization& organization,
                                                      const CreateSearch& search,
                                                      const std::string& opportunity_id);

}  // namespace cosell::dataverse

#pragma once

#include <string>

#include "crm/rest/description.h"
#include "ports/crm.h"

namespace cosell::rest {

// What Describe tells of a described service. `user` and `organization` are what it says of
// itself. Pure.
CrmSchema ToSchema(const Description& description, const std::string& user,
                   const std::string& organization);

}  // namespace cosell::rest

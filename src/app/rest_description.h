#pragma once

#include <map>
#include <string>
#include <string_view>

#include "app/config.h"
#include "base/result.h"
#include "crm/rest/rest_client.h"

namespace cosell::app {

// The description file of a CRM of kind "rest", read and checked. invalid_input lists every problem
// with its path and how to mend it, the way problems of the configuration are listed; what does not
// go together with crm.auth is among them.
Result<RestDescription> LoadRestDescription(const CrmConfig& config);

// The same for a text; `source` names the file in messages.
Result<RestDescription> ParseRestDescription(std::string_view text, const std::string& source,
                                             const CrmConfig& config);

}  // namespace cosell::app

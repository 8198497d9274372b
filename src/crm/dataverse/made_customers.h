#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "crm/dataverse/web_api.h"
#include "ports/crm.h"

namespace cosell::dataverse {

// The account and the contact that a create of unknown outcome has made, whether it came to the
// record itself or not. Only cosell-sync makes a row under a derived id; that it was this create is
// told by who made it and when (createdby, createdon in whole seconds: contract dynamics365.md
// sections 3.2 and 3.5). `user_id`: our own.
Result<std::vector<PerformedWrite>> FindMadeCustomers(WebApi& api, const std::string& user_id,
                                                      const CreateSearch& search);

}  // namespace cosell::dataverse

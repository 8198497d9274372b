#pragma once

#include <string_view>

#include "base/result.h"
#include "crm/dataverse/table.h"
#include "crm/dataverse/web_api.h"

// Reading what the organisation looks like (contract dynamics365.md sections 1, 3.4 and 9). Errors:
// those of a read. An environment that refuses a metadata query (400, 403, 404) is not an error:
// what it hides is left out.
namespace cosell::dataverse {

enum class Depth {
  choices,  // columns and the labels of their choices: related tables
  all,      // lengths, dates, status reasons and the table's switches as well: opportunity and lead
};

// DocumentedTable when the environment does not let its columns be read.
Result<Table> ReadTable(WebApi& api, std::string_view logical_name, Depth depth);

Result<Currencies> ReadCurrencies(WebApi& api);

// WhoAmI: our own user, lower-case GUID.
Result<std::string> ReadUserId(WebApi& api);

}  // namespace cosell::dataverse

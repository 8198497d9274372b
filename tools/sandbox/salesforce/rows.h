#pragma once

#include <string>

#include "tools/sandbox/salesforce/call.h"

// One record at a time: the resources below /sobjects/{object} (contract sections 7, 8, 10).
namespace cosell::sandbox::salesforce {

// POST /sobjects/{o}, GET /sobjects/{o}/{id} and so on; `call.path()` begins with "sobjects".
// Throws ServiceError.
Outcome HandleRows(Database& database, const Call& call, Table& table);

// {"id": .., "success": true, "errors": []} and whatever else the version and switches add.
Json SavedResult(const Database& database, const std::string& id, std::optional<bool> created);

// The live records whose external id has that value, ignoring case (8).
std::vector<std::string> FindByKey(const Table& table, std::size_t field, const std::string& value);
// The external id field of that name; 404 for any other (8).
std::size_t KeyField(const Call& call, const Table& table, const std::string& name);

}  // namespace cosell::sandbox::salesforce

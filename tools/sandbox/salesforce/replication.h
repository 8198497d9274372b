#pragma once

#include "tools/sandbox/salesforce/call.h"

// Get Updated and Get Deleted (contract 11.1): one-minute resolution, 30 and 15 days back,
// latestDateCovered held back by transactions not yet visible. Throw INVALID_REPLICATION_DATE.
namespace cosell::sandbox::salesforce {

Json GetUpdated(const Database& database, const Call& call, const Table& table);
Json GetDeleted(const Database& database, const Call& call, const Table& table);

}  // namespace cosell::sandbox::salesforce

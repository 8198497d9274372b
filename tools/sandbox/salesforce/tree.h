#pragma once

#include "tools/sandbox/salesforce/call.h"

namespace cosell::sandbox::salesforce {

// POST /composite/tree/{o}: nested creates, all or none, up to 200 records (contract 12.4).
Outcome RunTree(Database& database, const Call& call);

}  // namespace cosell::sandbox::salesforce

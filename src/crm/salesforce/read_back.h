#pragma once

#include "crm/salesforce/job.h"
#include "crm/salesforce/target.h"

namespace cosell::salesforce {

// Reads the written records as they are now: the server changes values silently (contract
// salesforce.md section 7.3), and a 204 to an upsert names no id (section 8).
void ReadBack(const Target& target, const Jobs& jobs);

}  // namespace cosell::salesforce

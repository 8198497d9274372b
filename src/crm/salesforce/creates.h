#pragma once

#include "crm/salesforce/job.h"
#include "crm/salesforce/target.h"

namespace cosell::salesforce {

// Sends creates that were looked for and not found: through upserts on the Referral Identifier
// where it is an External ID, so that a repeated one meets the first (contract salesforce.md
// section 8). One by itself, several as a collection.
void SendCreates(const Target& target, const Jobs& jobs);

}  // namespace cosell::salesforce

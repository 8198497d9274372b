#pragma once

#include "crm/salesforce/job.h"
#include "crm/salesforce/target.h"

namespace cosell::salesforce {

// Several updates carry no precondition, so what stands there is compared with what they were
// planned on, right before they are sent. One by itself is left to its precondition.
void CompareVersions(const Target& target, const Jobs& jobs);

// One by itself with If-Unmodified-Since (contract salesforce.md section 9), several as a
// collection.
void SendUpdates(const Target& target, const Jobs& jobs);

}  // namespace cosell::salesforce

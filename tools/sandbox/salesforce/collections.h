#pragma once

#include "tools/sandbox/salesforce/call.h"

namespace cosell::sandbox::salesforce {

// sObject Collections (contract 12.1): the resources below /composite/sobjects. One result per
// record in a 200 answer, however many of them failed.
Outcome HandleCollections(Database& database, const Call& call);

}  // namespace cosell::sandbox::salesforce

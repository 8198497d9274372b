#pragma once

#include "tools/sandbox/salesforce/router.h"

// Several calls in one (contract 12.2 to 12.4).
namespace cosell::sandbox::salesforce {

// POST /composite: up to 25 subrequests, at most 5 of them queries or collections, which may name
// each other's results.
Outcome RunComposite(Router& router, const Call& call);
// POST /composite/graph: composites that are each all-or-none, without queries.
Outcome RunGraphs(Router& router, const Call& call);
// POST /composite/batch: independent subrequests.
Outcome RunBatch(Router& router, const Call& call);

}  // namespace cosell::sandbox::salesforce

#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/context.h"
#include "engine/dry_run.h"
#include "engine/person.h"

// A plan a person has looked at, against what would be done now.
namespace cosell {

struct ReviewCheck {
  std::string changed;  // the first difference, with how to go on; empty when there is none
  std::vector<PlannedLink> planned;  // exactly the reviewed links
};

// Plans the reviewed links again from their stored snapshots. Writes nothing; fails when a deal
// about to be shared cannot be read.
Result<ReviewCheck> CheckReviewed(EngineContext& context, const ReviewedPlan& reviewed,
                                  const std::set<std::int64_t>& in_doubt);

// Links that are due and would be written to; at most a few thousand are looked at.
std::int64_t CountLinksWithWork(EngineContext& context);

}  // namespace cosell

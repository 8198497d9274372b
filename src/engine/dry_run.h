#pragma once

#include <vector>

#include "engine/context.h"

namespace cosell {

// A link and what would be done about it.
struct PlannedLink {
  LinkWork work;
  Plan plan;
};

// Plans every link from its stored snapshots, without writing anything anywhere; only links that
// have steps, conflicts or a notice are returned. Deals about to be shared are read once more with
// their related records.
Result<std::vector<PlannedLink>> PlanAllLinks(EngineContext& context);

}  // namespace cosell

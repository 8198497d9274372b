#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/context.h"

namespace cosell {

// A link and what would be done about it.
struct PlannedLink {
  LinkWork work;
  Plan plan;
  // Over the steps (operations, fields, values, targets) and the content of both sides: equal when
  // the same would be done to the same records.
  std::string digest;
  LinkView view{};  // what the plan was made from
};

// One link as it is now; nothing where there is neither a step nor a conflict. A deal about to be
// shared is read once more with its related records. Writes nothing anywhere.
Result<std::optional<PlannedLink>> PlanOneLink(EngineContext& context, const LinkWork& work);

// All links that have steps or conflicts, from their stored snapshots.
Result<std::vector<PlannedLink>> PlanAllLinks(EngineContext& context);

}  // namespace cosell

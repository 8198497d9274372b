#pragma once

#include "engine/context.h"

namespace cosell {

// The plan of a link as it is now. Completes `view` with what is known of other links and, where a
// plan would repair a disagreement, of earlier writes; reads the store, nothing remote.
Plan PlanLink(EngineContext& context, const LinkWork& work, LinkView* view);

}  // namespace cosell

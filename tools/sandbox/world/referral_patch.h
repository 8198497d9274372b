#pragma once

#include "tools/sandbox/world/json.h"
#include "tools/sandbox/world/referral_rules.h"

namespace cosell::sandbox {

// What decides whether a patch is allowed, besides the referral itself.
struct PatchScene {
  Actor actor = Actor::api;
  bool help_asked = false;  // Microsoft was asked for help: the customer contact is frozen
};

// Applies a JSON Patch (contract partner-center.md 3.6: only add and replace, only the connector's
// paths) to `referral` as a whole or not at all, and checks the result by the rules of 3.10 and
// 3.11. On refusal `referral` is unchanged.
Status ApplyPatch(Json& referral, const Json& operations, const PatchScene& scene,
                  const Switches& switches);

// The patch that turns `before` into `after`, for the obsolete PUT: refused when a member outside
// the patchable ones differs.
Result<Json> PatchBetween(const Json& before, const Json& after, const Switches& switches);

}  // namespace cosell::sandbox

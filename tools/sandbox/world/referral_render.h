#pragma once

#include "tools/sandbox/world/identities.h"
#include "tools/sandbox/world/json.h"
#include "tools/sandbox/world/switches.h"

namespace cosell::sandbox {

// A stored referral as it goes over the wire: links added, quirks of the switches applied. Members
// that are not in `referral` ($select) stay out.
Json Rendered(Json referral, const Origins& origins, const Switches& switches);

}  // namespace cosell::sandbox

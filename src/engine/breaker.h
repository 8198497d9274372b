#pragma once

#include <optional>
#include <string>

#include "engine/context.h"

namespace cosell {

// The loop breaker over rounds: why a step must not be sent, when what it writes was already
// written three times within the last hour and was rewritten by somebody each time; a sentence that
// names the field and the side. Counted from the audit, so that a restart does not forget; from
// Link::counted_from on.
std::optional<std::string> KeepsBeingRewritten(EngineContext& context, const LinkWork& work,
                                               const LinkView& view, const Step& step);

// That sentence.
std::string DoesNotRest(const std::string& field, Side side);

}  // namespace cosell

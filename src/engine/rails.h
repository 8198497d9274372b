#pragma once

#include <string>

#include "engine/context.h"

namespace cosell {

// What a person confirmed with `sync --confirm`.
struct Confirmations {
  bool mass_change = false;
  bool empty_side = false;
  bool first_share = false;
  bool fingerprint = false;
};

struct RailVerdict {
  std::string
      stopped;  // the rail that stops the round before its first write: "mass-change"; else empty
  std::string reason;         // what a person reads, with the way to confirm
  bool hold_sharing = false;  // "first-share": everything else goes on
};

// Whether a step rewrites what people see: an update of a pair in more than its ids. Creates and
// notices do not count.
bool ChangesBusinessValues(const Step& step);

// The brakes: they look at everything that is due before anything is sent, in every round, whatever
// started it. Updates of pairs in a rolling hour, from 20 pairs on; first sharing of many deals at
// once. What they have to remember is in the store: the updates as they were opened, and that
// sharing is held, which only a person ends, or a sweep (`everything_due`: it looks at all that
// waits) that finds few enough. Used from the engine's thread.
RailVerdict CheckRails(EngineContext& context, const Confirmations& confirmed, bool everything_due);

}  // namespace cosell

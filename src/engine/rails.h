#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <utility>

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

// The brakes: they look at everything that is due before anything is sent. Used from the engine's
// thread.
class Rails {
 public:
  // Planned updates over linked pairs in a rolling hour, from 20 pairs on; first sharing of many
  // deals at once.
  RailVerdict Check(EngineContext& context, const Confirmations& confirmed);
  // Remembers updates sent, for the rolling hour.
  void NoteUpdates(Instant at, std::int64_t updates);

 private:
  std::int64_t UpdatesSince(Instant since);

  std::deque<std::pair<Instant, std::int64_t>> updates_;
};

}  // namespace cosell

#pragma once

#include <optional>
#include <string>

#include "engine/context.h"
#include "engine/intake.h"
#include "engine/rails.h"

namespace cosell {

struct RoundRequest {
  std::string kind = "poll";  // "start", "event", "poll", "sweep": how it is shown in sync_runs
  IntakeDepth depth = IntakeDepth::poll;
  Confirmations confirmed;
};

struct RoundResult {
  Run run;
  std::optional<Error>
      broken;  // a side could not be reached or did not let us in; the connection is paused
  std::int64_t told = 0;  // notices for a person written in this round
  std::string stopped;    // the rail that waits for a person; else empty
  std::string reason;     // of either, for a person
};

// What one round leaves for the next, in memory alone: losing it costs nothing but a repeated line.
struct RoundMemory {
  Rails rails;
  std::string state;  // of the connection, as last stored
  std::string reason;
  std::string outcome;  // of the last round
};

// One round of one connection: look up what is in doubt, take in, check the brakes, then plan and
// write until nothing is due. Everything it needs to know is in the store, so a round may follow a
// crash at any point. Throws only when the local database fails.
RoundResult RunRound(EngineContext& context, RoundMemory& memory, const RoundRequest& request);

}  // namespace cosell

#pragma once

#include <optional>
#include <string>

#include "engine/context.h"
#include "engine/intake.h"
#include "engine/person.h"
#include "engine/rails.h"
#include "engine/recovered_bases.h"

namespace cosell {

struct RoundRequest {
  // "start", "event", "poll", "sweep", "rebuild", "apply": as in sync_runs.
  std::string kind = "poll";
  IntakeDepth depth = IntakeDepth::poll;
  Confirmations confirmed;
  // Of a rebuild, for links that have no base; outlives the round. Null: none.
  const RecoveredBases* bases = nullptr;
};

struct RoundResult {
  Run run;
  std::optional<Error>
      broken;  // a side could not be reached or did not let us in; the connection is paused
  std::int64_t told = 0;      // notices for a person written in this round
  std::int64_t drifting = 0;  // pairs newly found to disagree although neither side has changed
  std::string stopped;        // the rail that waits for a person, or "plan-changed"; else empty
  std::string reason;         // of either, for a person; after an apply, what is left to do
  // The round has worked off the last of a gap: time in which nobody looked.
  std::optional<GapCertificate> certificate{};
  std::int64_t bases_recovered = 0;  // links that got theirs from RoundRequest::bases
};

// What one round leaves for the next, in memory alone: losing it costs nothing but a repeated line.
struct RoundMemory {
  std::string state;  // of the connection, as last stored
  std::string reason;
  std::string outcome;  // of the last round
};

// One round of one connection: look up what is in doubt, take in, check the brakes, then plan and
// write until nothing is due. Everything it needs to know is in the store, so a round may follow a
// crash at any point. Throws only when the local database fails.
RoundResult RunRound(EngineContext& context, RoundMemory& memory, const RoundRequest& request);

// A reviewed plan, carried out as Engine::Apply says.
RoundResult RunReviewed(EngineContext& context, RoundMemory& memory, const ReviewedPlan& reviewed);

}  // namespace cosell

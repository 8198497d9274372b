#pragma once

#include <cstdint>
#include <string>

#include "tools/simulation/invariants/scene.h"
#include "tools/simulation/script.h"
#include "tools/simulation/workshop.h"

namespace cosell::simulation {

// How a history went. A value.
struct Outcome {
  Violations violations;
  std::string trace_hash;
  std::string trace;    // every line, for whoever wants to compare two runs
  std::string reasons;  // what the service says it did and why
  std::string end;      // the business values of both sides and the links' states
  std::int64_t rounds = 0;
  std::int64_t requests = 0;
  std::int64_t writes = 0;  // remote, committed
  std::int64_t crashes = 0;
  int remote_writes_of_last_step = 0;  // sent while the script's last step was carried out
};

// Carries a script out in a new world and checks what came of it. The same script gives the same
// outcome, to the byte.
Outcome RunScript(const Script& script, const Workshop& workshop);

// I12: notes in `again` when it is not the history that `once` was.
void CheckSameHistory(const Outcome& once, Outcome* again);

}  // namespace cosell::simulation

#pragma once

#include "tools/simulation/stage.h"

// The end of every history: quiet, then the checks.
namespace cosell::simulation {

// Troubles are over, nobody edits any more; every late webhook arrives; rounds until nothing is
// written, also after the longest pause the service makes by itself.
void ComeToRest(Stage& stage);

// All invariants against what is there now; requires a running service.
void Judge(Stage& stage);

// I4: what comes back of our own writes causes none.
void CheckNoEcho(Stage& stage);

// I10: with the database gone the pairs come back, and where all agrees nothing is written.
void CheckRebuild(Stage& stage);

}  // namespace cosell::simulation

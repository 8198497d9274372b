#pragma once

#include "tools/simulation/stage.h"

namespace cosell::simulation {

// Requires that everything is at rest, and leaves it so. Short stories that chance seldom tells,
// each about one way of hearing of an edit or one way of losing it: a webhook alone, a poll alone,
// lagging and cut lists, a crash between two durable writes or behind a create, clocks that are
// apart. No sweep repairs what a hint left out, so here it shows ("I3 late"); what is wrong in the
// end is for the judge to say afterwards.
void TellArrivals(Stage& stage);

}  // namespace cosell::simulation

#pragma once

#include "tools/simulation/chance.h"
#include "tools/simulation/script.h"

namespace cosell::simulation {

// What goes wrong while the script's rounds and deliveries are carried out; numbered on from its
// steps. The refusals of a CRM are those its contract knows.
void GenerateTroubles(Chance& chance, Script* script);

}  // namespace cosell::simulation

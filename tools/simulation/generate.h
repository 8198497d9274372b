#pragma once

#include <cstdint>

#include "tools/simulation/script.h"

namespace cosell::simulation {

// The history of a seed: one to four deals, what people do with them, what goes wrong meanwhile.
// Weighted so that both sides are often busy with one field at once. A pure function: the same for
// the same arguments on every machine.
Script Generate(std::uint64_t seed, sandbox::CrmProduct product);

}  // namespace cosell::simulation

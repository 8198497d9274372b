#pragma once

#include <functional>

#include "tools/simulation/script.h"

namespace cosell::simulation {

// A small part of the script that still fails: delta debugging over steps and troubles. Which part
// is found is the same each time. `fails` is called for every candidate; it must hold for `script`.
Script Shrink(const Script& script, const std::function<bool(const Script&)>& fails);

}  // namespace cosell::simulation

#pragma once

#include <chrono>

#include "base/error.h"

namespace cosell {

// How long a connection rests after its `pauses`-th failure in a row (from 0): as long as the
// remote asked for, at least; else less and less often, up to 16 s. Other connections go on.
std::chrono::nanoseconds PauseAfter(const Error& broken, int pauses);

}  // namespace cosell

#pragma once

#include <cstddef>
#include <memory>

#include "ports/executor.h"

namespace cosell::platform {

// An Executor on `threads` threads of its own, shared by all connections. The thread that calls
// RunAll works on its own tasks too: however busy others keep the pool, a caller always gets on,
// and a task may itself call RunAll. So one RunAll runs at most `threads` + 1 tasks side by side.
// The destructor waits for the threads; no RunAll may be under way then. `threads` may be 0.
std::unique_ptr<Executor> MakeThreadPool(std::size_t threads);

}  // namespace cosell::platform

#pragma once

#include "app/config.h"
#include "base/clock.h"
#include "ports/executor.h"
#include "ports/log.h"
#include "ports/secrets.h"
#include "ports/store.h"

namespace cosell::app {

// What every connection stands on. Owned by the program; outlives the connections.
struct Ground {
  const Config& config;
  Store& store;
  Secrets& secrets;
  Clock& clock;
  Random& random;
  Executor& executor;
  Log& log;
};

}  // namespace cosell::app

#pragma once

#include "app/config.h"
#include "base/result.h"
#include "mapping/mapping.h"

namespace cosell::app {

// The connection's mapping, not bound yet: its mapping_file, or the built-in one of the CRM's kind.
// invalid_input lists every problem.
Result<Mapping> LoadMapping(const ConnectionConfig& config);

}  // namespace cosell::app

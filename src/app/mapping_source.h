#pragma once

#include <string>
#include <vector>

#include "app/config.h"
#include "base/result.h"
#include "mapping/effective.h"
#include "mapping/mapping.h"

namespace cosell::app {

// The connection's mapping, not bound yet: its mapping_file on top of the built-in one of the CRM's
// kind, or that alone. invalid_input lists every problem.
Result<Mapping> LoadMapping(const ConnectionConfig& config);

// The same line by line, with what the configuration says on top: columns of crm.fields, policies
// of conflicts, whose origin is "the configuration".
Result<std::vector<EffectiveLine>> ShowMapping(const ConnectionConfig& config);

}  // namespace cosell::app

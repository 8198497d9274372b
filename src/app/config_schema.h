#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "app/config.h"

namespace cosell::app {

extern const std::string_view kConfigSchema;   // embedded from schema/config.schema.json
extern const std::string_view kRestCrmSchema;  // embedded from schema/rest-crm.schema.json

// Everything in which the document departs from the schema, one problem for each place, in words:
// what stands there, what is wanted, and for an unknown key the known one it may have meant.
// Internal to the configuration.
std::vector<ConfigProblem> CheckAgainstSchema(const nlohmann::json& document,
                                              std::string_view schema = kConfigSchema);

}  // namespace cosell::app

#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "tools/sandbox/dataverse/types.h"

// Switches as JSON; times carry their unit in the name ("push_delay_ms").
namespace cosell::sandbox::dataverse {

nlohmann::ordered_json SwitchesJson(const DataverseSwitches& switches);
// Sets the named switches. Throws std::invalid_argument, naming the member, for an unknown one or a
// value of the wrong type; nothing is changed then.
void ApplySwitches(DataverseSwitches& switches, const nlohmann::ordered_json& json);

}  // namespace cosell::sandbox::dataverse

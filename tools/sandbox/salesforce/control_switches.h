#pragma once

#include <nlohmann/json.hpp>

#include "tools/sandbox/salesforce/types.h"

// Switches as JSON; times carry their unit in the name ("commit_delay_s").
namespace cosell::sandbox::salesforce {

nlohmann::ordered_json SwitchesJson(const SalesforceSwitches& switches);
// Sets the named switches. Throws std::invalid_argument, naming the member, for an unknown one or a
// value of the wrong type; nothing is changed then.
void ApplySwitches(SalesforceSwitches& switches, const nlohmann::ordered_json& json);

}  // namespace cosell::sandbox::salesforce

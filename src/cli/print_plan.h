#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace cosell::cli {

// A plan as PlanAsJson (app/results.h) gives it, for a reader: one block a link, each change with
// its value before and after and its reason. Internal to this room.
std::string PlanAsText(const nlohmann::ordered_json& plan);

}  // namespace cosell::cli

#pragma once

#include <string_view>

namespace cosell {

// Embedded from src/mapping/dynamics365.json.
extern const std::string_view kDynamics365Mapping;

}  // namespace cosell

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace cosell::app {

// The one of `known` that a wrong name was probably meant to be, ignoring case; nothing when none
// is near enough. Pure. Internal to the configuration.
std::optional<std::string> Nearest(const std::string& wrong, const std::vector<std::string>& known);

}  // namespace cosell::app

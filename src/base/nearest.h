#pragma once

#include <optional>
#include <string>
#include <vector>

namespace cosell {

// The known name that a wrong one was probably meant to be: the nearest by edit distance, ignoring
// case, or one that it is the beginning of. Nothing when none is near. Pure.
std::optional<std::string> Nearest(const std::string& wrong, const std::vector<std::string>& known);

}  // namespace cosell

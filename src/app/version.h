#pragma once

#include <string_view>

namespace cosell::app {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace cosell::app

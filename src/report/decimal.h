#pragma once

#include <string>
#include <string_view>

namespace cosell::report {

// The exact sum of two canonical decimals (mapping/normalize.h), itself canonical. An empty text
// counts as 0. Requires canonical texts.
std::string AddDecimals(std::string_view a, std::string_view b);

}  // namespace cosell::report

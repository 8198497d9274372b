#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace cosell {

// A GUID in its 8-4-4-4-12 form, lower case, without braces. Accepts upper case and surrounding
// braces; nothing for any other text.
std::optional<std::string> NormalizeGuid(std::string_view text);

// A random (version 4) GUID.
std::string NewGuid(Random& random);

}  // namespace cosell

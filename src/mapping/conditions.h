#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "mapping/mapping.h"

// Conditions of fields and of routes. Pure.
namespace cosell {

// Per field of the mapping: whether what this side's record says allows it. Empty where no field
// has conditions, which means all.
Result<std::vector<bool>> AllowedByReferral(const Mapping& mapping, std::string_view raw);
Result<std::vector<bool>> AllowedByCrm(const Mapping& mapping, std::string_view raw);

}  // namespace cosell

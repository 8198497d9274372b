#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cosell {

// One line of a mapping as it works: a plain value and where it comes from.
struct EffectiveLine {
  std::string path;    // "fields.deal_value.crm"
  std::string value;   // JSON text
  std::string origin;  // "the built-in mapping", or "mapping.json:12"
  bool operator==(const EffectiveLine&) const = default;
};

// The whole of a mapping text on top of the built-in one, by path; short lists stand in one line.
// invalid_input as ParseMapping (mapping/mapping.h), which is asked first. Pure.
Result<std::vector<EffectiveLine>> EffectiveLines(std::string_view json, const std::string& source);

}  // namespace cosell

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

// The mapped, comparable form of either side of a pair. Values.
namespace cosell {

// One field in canonical text, so that equality of texts is equality of values: trimmed text, a
// decimal without trailing zeros ("84500.5"), "2026-09-30", "true"/"false", an ISO code, or a set
// as its sorted, lower-case keys joined with '\n'. Nothing stands for null, "" and absent alike.
using Value = std::optional<std::string>;

// Position of a field in the mapping's list of fields; the same for every record under one mapping.
using FieldIndex = std::size_t;

struct Record {
  std::vector<Value> values;  // one per field of the mapping, in its order
  bool operator==(const Record&) const = default;
};

}  // namespace cosell

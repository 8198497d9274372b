#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Reading of remote JSON with simdjson. Internal to this room. One document at a time and thread:
// parsing the next one ends the former's elements.
namespace cosell {

using JsonElement = simdjson::dom::element;

Result<JsonElement> ParseElement(std::string_view raw, std::string_view what);
// By exact name, then ignoring case (contract partner-center.md section 3.9).
std::optional<JsonElement> MemberOf(const JsonElement& parent, std::string_view name);
// Steps as in mapping/pointer.h.
std::optional<JsonElement> WalkTo(JsonElement at, const std::vector<std::string>& steps);
// Empty for what is no text.
std::string_view TextIn(const std::optional<JsonElement>& value);
// A number or a quoted number as text.
std::string NumberIn(const JsonElement& value);
// A text as it is; numbers and booleans as JSON prints them; empty for anything else.
std::string ScalarIn(const JsonElement& value);

}  // namespace cosell

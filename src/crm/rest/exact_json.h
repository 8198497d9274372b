#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

// JSON in which a decimal number keeps its digits: 84500.10 stays that, and a number with twenty
// digits keeps them all, since money passes through here. Such a number is held as its text (in a
// binary value, which JSON itself has not). Pure functions.
namespace cosell::rest {

using Json = nlohmann::json;

// Nothing for a text that is not JSON. With `comments` // and /* */ are skipped.
std::optional<Json> ParseExact(std::string_view text, bool comments = false);

// The JSON text; numbers as they were.
std::string PrintExact(const Json& json);

// A decimal number from its text; requires a JSON number.
Json ExactNumber(std::string_view text);
bool IsNumber(const Json& json);

// Whether the text is a JSON number: -12, 84500.10, 1e3.
bool IsNumberText(std::string_view text);

// The member a JSON pointer leads to ("" is the whole); null where there is none or the pointer is
// not well formed.
const Json* Find(const Json& json, const std::string& pointer);
// Sets it, with the objects on the way. False where something else stands on the way.
bool Put(Json& json, const std::string& pointer, Json value);
// Whether the text is a JSON pointer (RFC 6901).
bool IsPointer(std::string_view text);

}  // namespace cosell::rest

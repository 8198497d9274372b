#pragma once

#include <string>
#include <string_view>

// Pieces of JSON text, for flat attributes whose values are kept as text. Pure functions.
namespace cosell::salesforce {

// "\"text\"", escaped.
std::string Quoted(std::string_view text);
void AppendQuoted(std::string& out, std::string_view text);

// The text inside a JSON string; empty for anything else.
std::string Unquoted(std::string_view json);

// A JSON number without exponent and without zeros that say nothing: "1.2345678E7" -> "12345678",
// "125000.0" -> "125000". Exact, since money passes through here. Other text comes back as it is.
std::string NormalizeNumber(std::string_view token);

}  // namespace cosell::salesforce

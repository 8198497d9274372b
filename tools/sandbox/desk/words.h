#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

// What the desks share about the words for columns.
namespace cosell::sandbox {

Error NoSuchWord(const std::string& word);

// A JSON object with its members renamed; invalid_input for a word `columns` does not know.
Result<std::string> Renamed(const std::map<std::string, std::string>& columns,
                            const std::string& fields);

// "SOL-2; SOL-1" or "SOL-2, SOL-1" -> both, sorted.
std::vector<std::string> ListOf(const std::string& text);

// "84500.0000" -> "84500", "0.50" -> "0.5".
std::string PlainDecimal(std::string text);

}  // namespace cosell::sandbox

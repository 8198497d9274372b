#pragma once

#include <map>
#include <string>

#include "base/result.h"

// What the desks share about the words for columns.
namespace cosell::sandbox {

Error NoSuchWord(const std::string& word);

// A JSON object with its members renamed; invalid_input for a word `columns` does not know.
Result<std::string> Renamed(const std::map<std::string, std::string>& columns,
                            const std::string& fields);

// "84500.0000" -> "84500", "0.50" -> "0.5".
std::string PlainDecimal(std::string text);

}  // namespace cosell::sandbox

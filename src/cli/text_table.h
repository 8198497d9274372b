#pragma once

#include <string>
#include <vector>

namespace cosell::cli {

// Rows of text in aligned columns, the first row being the header. Widths count characters, not
// bytes.
std::string FormatTable(const std::vector<std::vector<std::string>>& rows);

// At most 48 characters on one line, for values in a listing.
std::string Shorten(const std::string& text);

}  // namespace cosell::cli

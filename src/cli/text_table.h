#pragma once

#include <string>
#include <vector>

namespace cosell::cli {

// Rows of text in aligned columns, the first row being the header. Widths count characters, not
// bytes.
std::string FormatTable(const std::vector<std::vector<std::string>>& rows);

}  // namespace cosell::cli

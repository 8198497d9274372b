#include "cli/text_table.h"

#include <algorithm>

#include "base/text.h"

namespace cosell::cli {

std::string FormatTable(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], Utf16Length(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - Utf16Length(row[i]) + 2, ' ');
    }
    text += line + "\n";
  }
  return text;
}

std::string Shorten(const std::string& text) {
  const std::string line = ReplaceAll(text, "\n", " | ");
  return Utf16Length(line) <= 48 ? line : std::string(TruncateUtf16(line, 45)) + "...";
}

}  // namespace cosell::cli

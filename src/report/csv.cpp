#include <algorithm>

#include "base/text.h"
#include "report/render.h"
#include "report/topics.h"

namespace cosell::report {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// What a spreadsheet takes for the beginning of a formula.
bool StartsFormula(const std::string& text) {
  return std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

// A spreadsheet would drop its leading zeros, or all digits after the fifteenth.
bool LooksLikeNumber(const std::string& text) {
  return text.find_first_not_of("0123456789.,eE+-") == std::string::npos &&
         text.find_first_of("0123456789") != std::string::npos;
}

std::string Quoted(const std::string& text) {
  const bool guard = !text.empty() && (StartsFormula(text) || LooksLikeNumber(text));
  return (guard ? "\"'" : "\"") + ReplaceAll(text, "\"", "\"\"") + "\"";
}

std::string Field(const Cell& cell, CellType type) {
  if (!cell) return "";
  return type == CellType::number || type == CellType::money ? *cell : Quoted(*cell);
}

void AddLine(std::vector<std::string> fields, std::size_t width, std::string* csv) {
  fields.resize(width);
  *csv += Join(fields, ",") + "\r\n";
}

}  // namespace

std::string RenderCsv(const Report& report, const CsvOptions& options) {
  const auto topics = TopicsOf(report);
  std::size_t width = 0;
  for (const Topic& topic : topics) width = std::max(width, topic.columns.size() + 1);
  std::string csv(options.bom ? kByteOrderMark : "");
  for (const Topic& topic : topics) {
    std::vector<std::string> names = {Quoted(topic.key)};
    for (const Column& column : topic.columns) names.push_back(Quoted(column.key));
    AddLine(std::move(names), width, &csv);
    for (const auto& row : topic.rows) {
      std::vector<std::string> fields = {Quoted(topic.key)};
      for (std::size_t i = 0; i < row.size(); ++i)
        fields.push_back(Field(row[i], topic.columns[i].type));
      AddLine(std::move(fields), width, &csv);
    }
  }
  return csv;
}

}  // namespace cosell::report

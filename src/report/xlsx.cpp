#include <xlsxwriter.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "report/render.h"
#include "report/topics.h"

namespace cosell::report {
namespace {

constexpr std::size_t kCellCharactersMax = 32'767;  // of the format
constexpr std::size_t kExactDigits = 15;            // what a spreadsheet's number keeps
constexpr lxw_row_t kHeaderRow = 2;                 // below the note and an empty row

struct Formats {
  explicit Formats(lxw_workbook* book)
      : header(workbook_add_format(book)),
        note(workbook_add_format(book)),
        text(workbook_add_format(book)),
        number(workbook_add_format(book)),
        money(workbook_add_format(book)) {
    format_set_bold(header);
    format_set_bottom(header, LXW_BORDER_THIN);
    format_set_italic(note);
    format_set_num_format(text, "@");
    format_set_num_format(number, "0");
    format_set_num_format(money, "#,##0.00");
  }
  lxw_format* header;
  lxw_format* note;
  lxw_format* text;
  lxw_format* number;
  lxw_format* money;
};

bool FitsNumber(const std::string& decimal) {
  return static_cast<std::size_t>(std::count_if(decimal.begin(), decimal.end(), [](char c) {
           return c >= '0' && c <= '9';
         })) <= kExactDigits;
}

void WriteText(lxw_worksheet* sheet, lxw_row_t row, std::size_t column, const std::string& text,
               lxw_format* format) {
  const std::string fits(TruncateUtf16(text, kCellCharactersMax));
  worksheet_write_string(sheet, row, static_cast<lxw_col_t>(column), fits.c_str(), format);
}

// A number only where nothing of it is lost; an id is always text.
void WriteCell(lxw_worksheet* sheet, lxw_row_t row, std::size_t column, const Cell& cell,
               CellType type, const Formats& formats) {
  if (!cell) return;
  const bool number = type == CellType::number || type == CellType::money;
  if (number && FitsNumber(*cell)) {
    worksheet_write_number(sheet, row, static_cast<lxw_col_t>(column),
                           std::strtod(cell->c_str(), nullptr),
                           type == CellType::money ? formats.money : formats.number);
    return;
  }
  WriteText(sheet, row, column, *cell, formats.text);
}

double WidthOf(const Topic& topic, std::size_t column) {
  constexpr std::size_t kWidest = 60;
  std::size_t width = topic.columns[column].title.size() + 2;
  for (const auto& row : topic.rows) {
    if (row[column]) width = std::max(width, Utf16Length(*row[column]) + 1);
  }
  return static_cast<double>(std::min(width, kWidest));
}

lxw_row_t SheetRow(std::size_t row) { return kHeaderRow + 1 + static_cast<lxw_row_t>(row); }

// A chart takes its labels from one column: where a label has several parts, they are joined in a
// column behind the table.
lxw_col_t WriteLabels(lxw_worksheet* sheet, const Topic& topic, const Formats& formats) {
  const auto& labels = topic.charts.front().label_columns;
  if (labels.size() == 1) return static_cast<lxw_col_t>(labels.front());
  const std::size_t column = topic.columns.size();
  WriteText(sheet, kHeaderRow, column, "Label", formats.header);
  for (std::size_t row = 0; row < topic.rows.size(); ++row)
    WriteText(sheet, SheetRow(row), column, LabelOf(topic, topic.charts.front(), row),
              formats.text);
  worksheet_set_column(sheet, static_cast<lxw_col_t>(column), static_cast<lxw_col_t>(column), 30,
                       nullptr);
  return static_cast<lxw_col_t>(column);
}

void AddChart(lxw_workbook* book, lxw_worksheet* sheet, const Topic& topic, const BarChart& bars,
              lxw_col_t labels, lxw_row_t* at_row) {
  lxw_chart* chart = workbook_add_chart(book, LXW_CHART_BAR);
  const lxw_row_t first = SheetRow(bars.first_row);
  const lxw_row_t last = SheetRow(bars.first_row + bars.rows - 1);
  for (const std::size_t value : bars.value_columns) {
    const auto column = static_cast<lxw_col_t>(value);
    lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
    chart_series_set_categories(series, topic.key.c_str(), first, labels, last, labels);
    chart_series_set_values(series, topic.key.c_str(), first, column, last, column);
    chart_series_set_name(series, topic.columns[value].title.c_str());
  }
  chart_title_set_name(chart, bars.title.c_str());
  chart_axis_set_reverse(chart->y_axis);
  if (bars.value_columns.size() == 1) chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
  const auto rows = static_cast<lxw_row_t>(std::max<std::size_t>(10, bars.rows * 2));
  lxw_chart_options options{};
  options.y_scale = static_cast<double>(rows) / 14;
  options.x_scale = 1.5;
  worksheet_insert_chart_opt(sheet, *at_row, static_cast<lxw_col_t>(topic.columns.size() + 2),
                             chart, &options);
  *at_row += rows + 2;
}

void AddSheet(lxw_workbook* book, const Topic& topic, const Formats& formats) {
  lxw_worksheet* sheet = workbook_add_worksheet(book, topic.key.c_str());
  WriteText(sheet, 0, 0, topic.title + ". " + topic.note, formats.note);
  for (std::size_t column = 0; column < topic.columns.size(); ++column) {
    WriteText(sheet, kHeaderRow, column, topic.columns[column].title, formats.header);
    const auto at = static_cast<lxw_col_t>(column);
    worksheet_set_column(sheet, at, at, WidthOf(topic, column), nullptr);
  }
  for (std::size_t row = 0; row < topic.rows.size(); ++row) {
    for (std::size_t column = 0; column < topic.columns.size(); ++column)
      WriteCell(sheet, SheetRow(row), column, topic.rows[row][column], topic.columns[column].type,
                formats);
  }
  if (topic.rows.empty()) WriteText(sheet, SheetRow(0), 0, topic.none, formats.note);
  worksheet_freeze_panes(sheet, kHeaderRow + 1, 0);
  if (!topic.rows.empty())
    worksheet_autofilter(sheet, kHeaderRow, 0, SheetRow(topic.rows.size() - 1),
                         static_cast<lxw_col_t>(topic.columns.size() - 1));
  if (topic.charts.empty()) return;
  const lxw_col_t labels = WriteLabels(sheet, topic, formats);
  lxw_row_t at_row = kHeaderRow;
  for (const BarChart& chart : topic.charts) AddChart(book, sheet, topic, chart, labels, &at_row);
}

std::filesystem::path PathOf(const std::string& utf8) {
  return std::filesystem::path(std::u8string(utf8.begin(), utf8.end()));
}

}  // namespace

Result<std::string> RenderXlsx(const Report& report, const std::string& scratch_file) {
  const auto failure = [&](const std::string& why) {
    return Error{ErrorKind::invalid_input, "the workbook could not be written to '" + scratch_file +
                                               "': " + why +
                                               "; look whether the folder exists and has room"};
  };
  // Asked first, because the library writes its own complaint to standard error.
  if (!std::ofstream(PathOf(scratch_file), std::ios::binary)) return failure("it cannot be made");
  lxw_workbook* book = workbook_new(scratch_file.c_str());
  const Formats formats(book);
  for (const Topic& topic : TopicsOf(report)) AddSheet(book, topic, formats);
  const lxw_error failed = workbook_close(book);
  std::string bytes;
  {
    std::ifstream in(PathOf(scratch_file), std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  std::error_code ignored;
  std::filesystem::remove(PathOf(scratch_file), ignored);
  if (failed == LXW_NO_ERROR && !bytes.empty()) return bytes;
  return failure(lxw_strerror(failed));
}

}  // namespace cosell::report

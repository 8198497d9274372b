#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "report/report.h"

// A report as tables: the one place that says which columns a topic has. Every format prints these.
// Internal to this room and to what prints a report as text.
namespace cosell::report {

enum class CellType {
  text,
  id,      // text that may look like a number
  number,  // a whole number
  money,   // an exact decimal
  time,    // RFC 3339, UTC, whole seconds
};

struct Column {
  std::string key;    // in JSON and CSV
  std::string title;  // for a person
  CellType type = CellType::text;
};

// Well-formed UTF-8 without control characters but tab and line ends. Nothing: there is no value.
using Cell = std::optional<std::string>;

// Bars over consecutive rows of a table, one group of bars a row.
struct BarChart {
  std::string title;
  std::size_t first_row = 0;
  std::size_t rows = 0;
  std::vector<std::size_t> label_columns;
  std::vector<std::size_t> value_columns;
};

struct Topic {
  std::string key;    // in JSON and CSV, and the name of a sheet
  std::string title;  // for a person
  std::string note;   // what is counted, and how
  std::string none;   // what is said when there are no rows
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::vector<BarChart> charts;
};

// The label of a chart's row: its label columns, joined.
std::string LabelOf(const Topic& topic, const BarChart& chart, std::size_t row);

// All topics, also those without rows. Pure.
std::vector<Topic> TopicsOf(const Report& report);

}  // namespace cosell::report

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "report/report.h"

// A report in each of its formats. Pure, but for the scratch file of the last.
namespace cosell::report {

struct CsvOptions {
  bool bom = false;  // begins with a UTF-8 byte order mark, as some spreadsheets want it
};

// RFC 4180, one file: the first column names the topic, the first line of a topic its columns. All
// lines have the same number of fields. Text is quoted, numbers are not. A text that a spreadsheet
// would take for a formula or a number begins with an apostrophe.
std::string RenderCsv(const Report& report, const CsvOptions& options);

// One object; docs/REPORT.md describes it. Amounts are texts, so that they stay exact.
std::string RenderJson(const Report& report);

// One page without scripts and without anything from elsewhere; its `main` is the report.
std::string RenderHtml(const Report& report);

// The style of that page, for a page that shows the report as a part of itself.
std::string_view ReportStyle();

// An Office Open XML workbook, one sheet a topic, with charts. `scratch_file` is written and
// removed again; invalid_input with the reason when that fails.
Result<std::string> RenderXlsx(const Report& report, const std::string& scratch_file);

}  // namespace cosell::report

#pragma once

#include <string>

#include "base/result.h"
#include "report/format.h"
#include "report/report.h"

namespace cosell::app {

// Reads the numbers of a report from the database at `database_path`, beside whoever writes to it.
// Throws std::runtime_error as OpenReportSource does. Any thread.
report::Report MakeReport(const std::string& database_path, const ReportScope& scope);

// Writes it to `file`, in place of an older one, as a whole or not at all. invalid_input with the
// reason when that fails. `bom` is for CSV alone.
Status WriteReport(const report::Report& report, report::Format format, const std::string& file,
                   bool bom);

}  // namespace cosell::app

#pragma once

#include <memory>
#include <string>

#include "ports/report_source.h"

namespace cosell {

// Opens an existing database for reports, on a connection of its own that reads only, also while
// the daemon writes. Throws std::runtime_error as OpenReadOnlyStore does.
std::unique_ptr<ReportSource> OpenReportSource(const std::string& path);

}  // namespace cosell

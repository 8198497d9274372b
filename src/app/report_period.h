#pragma once

#include <string>

#include "base/result.h"
#include "ports/report_source.h"

namespace cosell::app {

// The period between two texts: dates or RFC 3339 times, UTC. Of a date given as the end all is
// included. An empty `to` is now; an empty `from` is thirty days before the end. invalid_input says
// which one is no time, or that the end is not after the beginning. Pure.
Result<ReportScope> ReportPeriod(const std::string& from, const std::string& to, Instant now);

}  // namespace cosell::app

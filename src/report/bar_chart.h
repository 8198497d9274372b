#pragma once

#include <string>

#include "report/topics.h"

namespace cosell::report {

// Text of HTML and SVG: nothing in it is markup.
std::string EscapeMarkup(const std::string& text);

// An inline SVG that scales in width while its text does not; styled by classes of report.css. `id`
// is unique in the page. Internal to this room.
std::string BarChartAsSvg(const Topic& topic, const BarChart& chart, const std::string& id);

}  // namespace cosell::report

#pragma once

#include <string>
#include <vector>

#include "web/route.h"

namespace cosell::web {

// The dashboard: one page at /, its styles and scripts at /dashboard/{file}. They hold no data and
// are for everybody; what they show they read from the API, with the caller's own token.
// `report_style` is the style of the report's own page (report/render.h).
std::vector<Route> DashboardRoutes(std::string report_style);

}  // namespace cosell::web

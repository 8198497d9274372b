#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "ports/store.h"
#include "web/metrics.h"
#include "web/route.h"

namespace cosell::web {

// The routes that say how the service is, described in schema/openapi.yaml:
//   GET /         what this is and where its API lives; anybody
//   GET /healthz  200 "alive" as long as the process answers; asks nothing else; anybody
//   GET /readyz   200 when the database answers, else 503: {"ready":true}; anybody. A caller with a
//                 role also sees {"connections":[{"name","state","reason"}]}; a paused connection
//                 does not make the service unready
//   GET /metrics  Prometheus text; viewer
// `store`, `clock` and `metrics` must outlive the routes.
std::vector<Route> HealthRoutes(Store& store, const Clock& clock, const Metrics& metrics,
                                std::string version);

}  // namespace cosell::web

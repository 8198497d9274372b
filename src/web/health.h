#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "ports/store.h"
#include "web/backup_state.h"
#include "web/metrics.h"
#include "web/route.h"

namespace cosell::web {

// The routes that say how the service is, described in schema/openapi.yaml:
//   GET /healthz  200 "alive" as long as the process answers; asks nothing else; anybody
//   GET /readyz   200 when the database answers, else 503: {"ready":true}; anybody. A caller with a
//                 role also sees {"connections":[{"name","state","reason"}]} and, with scheduled
//                 backups, {"backup":{"state","last_at","problem"}}; neither a paused connection
//                 nor a failed backup makes the service unready
//   GET /metrics  Prometheus text; viewer
// `backup` tells how scheduled backups stand; empty: there are none. `store`, `clock` and `metrics`
// must outlive the routes.
std::vector<Route> HealthRoutes(Store& store, const Clock& clock, const Metrics& metrics,
                                std::function<BackupState()> backup = {});

}  // namespace cosell::web

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "ports/store.h"
#include "web/route.h"

namespace cosell::web {

// Runs one sweep of a connection now and returns when it is done, with a JSON object as text.
// `request` is the request's body: empty, or a JSON object such as {"confirm":"mass-change"}. Its
// errors: not_found for an unknown connection, invalid_input for a request it does not understand,
// refused when a safety rail stops it. Called from any thread of the server.
using SyncCommand = std::function<Result<std::string>(const ConnectionName& connection,
                                                      const std::string& request)>;

// The routes below /api/v1, described in schema/openapi.yaml:
//   GET  /api/v1/status                          how every connection stands; viewer
//   POST /api/v1/connections/{connection}/sync   `sync`; operator
// `store` and `clock` must outlive the routes.
std::vector<Route> ApiRoutes(Store& store, const Clock& clock, SyncCommand sync);

}  // namespace cosell::web

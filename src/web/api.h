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

// What the API has done for it; each answers a JSON object as text. Called from any thread of the
// server.
struct ApiCommands {
  // Runs one sweep of a connection now and returns when it is done. `request` is the request's
  // body: empty, or a JSON object such as
  // {"confirm":"mass-change"}. A rail that stopped it and a side that could not be reached are told
  // in the answer. Errors: not_found for an unknown connection, invalid_input for a request it does
  // not understand.
  std::function<Result<std::string>(const ConnectionName& connection, const std::string& request)>
      sync;
  // What a sweep would write; writes nothing. Errors: not_found; those of the remote sides.
  std::function<Result<std::string>(const ConnectionName& connection)> plan;
};

// The routes below /api/v1, described in schema/openapi.yaml:
//   GET  /api/v1/status                          how every connection stands; viewer
//   POST /api/v1/connections/{connection}/sync   one sweep; operator
//   POST /api/v1/connections/{connection}/plan   a dry run; operator
// `store` and `clock` must outlive the routes.
std::vector<Route> ApiRoutes(Store& store, const Clock& clock, ApiCommands commands);

}  // namespace cosell::web

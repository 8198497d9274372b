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
// server. All of them answer not_found for an unknown connection and invalid_input for a request
// they do not understand. `request` is the request's body.
struct ApiCommands {
  // Runs one sweep of a connection now and returns when it is done. `request` is empty, or a JSON
  // object such as {"confirm":"mass-change"}. A rail that stopped it and a side that could not be
  // reached are told in the answer.
  std::function<Result<std::string>(const ConnectionName& connection, const std::string& request)>
      sync;
  // What a sweep would write; writes nothing. Errors: those of the remote sides.
  std::function<Result<std::string>(const ConnectionName& connection)> plan;
  // Carries out exactly the plan a person has reviewed, or tells in the answer why not.
  std::function<Result<std::string>(const ConnectionName& connection, const std::string& request)>
      apply;
  // What waits for a person's decision, with the values of both sides.
  std::function<Result<std::string>(const ConnectionName& connection)> conflicts;
  // Takes down a person's decision about one of them. Errors: not_found for a conflict that is not
  // open, invalid_input for a decision that cannot be carried out.
  std::function<Result<std::string>(const ConnectionName& connection, const std::string& request)>
      resolve;
  // The links that are set aside, with their reasons.
  std::function<Result<std::string>(const ConnectionName& connection)> quarantine;
  // Looks at one of them, or all, again now. Errors: not_found for a link that is not set aside.
  std::function<Result<std::string>(const ConnectionName& connection, const std::string& request)>
      retry;
  // Erases a person's data between two rounds, or lets it in again; tells how much that was, which
  // may be nothing.
  std::function<Result<std::string>(const ConnectionName& connection, const std::string& request)>
      redact;
};

// The routes below /api/v1, described in schema/openapi.yaml:
//   GET  /api/v1/status                                       how every connection stands; viewer
//   POST /api/v1/connections/{connection}/sync                one sweep; operator
//   POST /api/v1/connections/{connection}/plan                a dry run; operator
//   POST /api/v1/connections/{connection}/apply               a reviewed plan; operator
//   GET  /api/v1/connections/{connection}/conflicts           what waits for a decision; viewer
//   POST /api/v1/connections/{connection}/conflicts/resolve   a decision; operator
//   GET  /api/v1/connections/{connection}/quarantine          what is set aside; viewer
//   POST /api/v1/connections/{connection}/quarantine/retry    look at it again; operator
//   POST /api/v1/connections/{connection}/redact              erase a person's data; operator
// `store` and `clock` must outlive the routes.
std::vector<Route> ApiRoutes(Store& store, const Clock& clock, ApiCommands commands);

}  // namespace cosell::web

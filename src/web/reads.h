#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "web/route.h"

namespace cosell::web {

// What somebody wants to look at.
struct Asked {
  std::map<std::string, std::string> parameters;  // what stood at the {names} of the path
  std::map<std::string, std::string> query;       // decoded; only names the route knows
  Role role = Role::none;

  // Empty when it is not there.
  std::string Query(const std::string& name) const;
};

// A body and what it is.
struct Shown {
  std::string content_type = "application/json";
  std::string body;
};

// What the reading part of the API has answered for it, from any thread of the server. Each answers
// not_found for what is not there and invalid_input for a request it does not understand.
struct ApiReads {
  std::function<Result<Shown>(const Asked&)> links;
  std::function<Result<Shown>(const Asked&)> link;
  std::function<Result<Shown>(const Asked&)> timeline;
  std::function<Result<Shown>(const Asked&)> report;
};

// The routes below /api/v1 that the dashboard reads, for viewers, described in schema/openapi.yaml:
//   GET /api/v1/role                                               what the caller may do
//   GET /api/v1/links                                              links by page
//   GET /api/v1/connections/{connection}/links/{link}              one link
//   GET /api/v1/connections/{connection}/links/{link}/timeline     what happened to it
//   GET /api/v1/report                                             the report of a period
std::vector<Route> ReadRoutes(ApiReads reads);

}  // namespace cosell::web

#include "web/reads.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/text.h"

namespace cosell::web {
namespace {

using Query = std::map<std::string, std::string>;

Error Bad(const std::string& why) { return {ErrorKind::invalid_input, why}; }

Result<Query> ParseQuery(const std::string& text, const std::set<std::string>& known) {
  Query query;
  try {
    Poco::URI uri;
    uri.setRawQuery(text);
    for (const auto& [name, value] : uri.getQueryParameters()) {
      if (!known.contains(name)) {
        return Bad("the query may hold only: " + Join({known.begin(), known.end()}, ", "));
      }
      if (!IsUtf8(value)) return Bad("'" + name + "' is not UTF-8");
      query[name] = value;
    }
  } catch (const Poco::Exception&) {
    return Bad("the query is malformed");
  }
  return query;
}

Handler Reading(std::function<Result<Shown>(const Asked&)> read, std::set<std::string> known) {
  return [read = std::move(read), known = std::move(known)](const InboundHttp& request) {
    auto query = ParseQuery(request.query, known);
    if (!query) return ErrorAnswer(query.error());
    auto shown = read({request.parameters, *std::move(query), request.role});
    if (!shown) return ErrorAnswer(shown.error());
    return OutboundHttp{200, std::move(shown->content_type), std::move(shown->body), {}};
  };
}

Result<Shown> RoleOfCaller(const Asked& asked) {
  return Shown{"application/json", nlohmann::json{{"role", ToString(asked.role)}}.dump()};
}

}  // namespace

std::string Asked::Query(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second;
}

std::vector<Route> ReadRoutes(ApiReads reads) {
  const std::string link = "/api/v1/connections/{connection}/links/{link}";
  return {{"GET", "/api/v1/role", Role::viewer, 0, Reading(RoleOfCaller, {})},
          {"GET", "/api/v1/links", Role::viewer, 0,
           Reading(std::move(reads.links), {"connection", "state", "q", "after", "limit"})},
          {"GET", link, Role::viewer, 0, Reading(std::move(reads.link), {})},
          {"GET", link + "/timeline", Role::viewer, 0, Reading(std::move(reads.timeline), {})},
          {"GET", "/api/v1/report", Role::viewer, 0,
           Reading(std::move(reads.report), {"connection", "from", "to", "format"})}};
}

}  // namespace cosell::web

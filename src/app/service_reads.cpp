#include <charconv>
#include <limits>
#include <optional>

#include "app/links_view.h"
#include "app/report_files.h"
#include "app/report_period.h"
#include "app/service.h"
#include "report/render.h"

// What the API shows: the dashboard's reads.
namespace cosell::app {
namespace {

constexpr std::int64_t kLinksPerPage = 50;
constexpr std::int64_t kLinksPerPageMax = 500;

Error Bad(const std::string& why) { return {ErrorKind::invalid_input, why}; }

// `otherwise` when it is not there; nothing when it is no number from `least` to `most`.
std::optional<std::int64_t> NumberIn(const std::string& text, std::int64_t otherwise,
                                     std::int64_t least, std::int64_t most) {
  if (text.empty()) return otherwise;
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  const bool good = read.ec == std::errc() && read.ptr == end && number >= least && number <= most;
  return good ? std::optional(number) : std::nullopt;
}

Result<LinkQuery> ParseLinkQuery(const web::Asked& asked) {
  const auto limit = NumberIn(asked.Query("limit"), kLinksPerPage, 1, kLinksPerPageMax);
  if (!limit) return Bad("limit must be a number from 1 to " + std::to_string(kLinksPerPageMax));
  const auto after = NumberIn(asked.Query("after"), 0, 0, std::numeric_limits<std::int64_t>::max());
  if (!after) return Bad("after must be the number of a link");
  LinkQuery query;
  query.connection.text = asked.Query("connection");
  query.state = asked.Query("state");
  query.text = asked.Query("q");
  query.after_id = *after;
  query.limit = static_cast<std::size_t>(*limit);
  return query;
}

Result<web::Shown> Render(const report::Report& made, const std::string& format) {
  if (format.empty() || format == "json") return web::Shown{"application/json", RenderJson(made)};
  if (format == "html") return web::Shown{"text/html; charset=utf-8", RenderHtml(made)};
  if (format == "csv") return web::Shown{"text/csv; charset=utf-8", RenderCsv(made, {})};
  return Bad("format must be json, html or csv");
}

Result<web::Shown> AsJson(Result<std::string> json) {
  if (!json) return json.error();
  return web::Shown{"application/json", *std::move(json)};
}

}  // namespace

// The report's reads are of one moment and its own connection, so it does not hold up the engine.
Result<web::Shown> Service::ShowReport(const web::Asked& asked) {
  auto scope = ReportPeriod(asked.Query("from"), asked.Query("to"), world_.clock.Now());
  if (!scope) return scope.error();
  scope->connection.text = asked.Query("connection");
  std::string database_path;
  {
    const std::shared_lock guard(connections_mutex_);
    if (!scope->connection.empty() && Find(scope->connection.text) == nullptr)
      return Error{ErrorKind::not_found, "there is no connection '" + scope->connection.text + "'"};
    database_path = config_->database_path;
  }
  return Render(MakeReport(database_path, *scope), asked.Query("format"));
}

web::ApiReads Service::Reads() {
  web::ApiReads reads;
  reads.links = [this](const web::Asked& asked) -> Result<web::Shown> {
    const auto query = ParseLinkQuery(asked);
    if (!query) return query.error();
    return web::Shown{"application/json", LinksAsJson(*browser_, *query)};
  };
  const auto of_link = [this](auto show) {
    return [this, show](const web::Asked& asked) {
      const ConnectionName name{asked.parameters.at("connection")};
      return AsJson(On(name, [&](Connection& connection) {
        return show(connection.engine().mapping(), name, asked.parameters.at("link"),
                    asked.role >= web::Role::operator_);
      }));
    };
  };
  reads.link =
      of_link([this](const Mapping& mapping, const ConnectionName& name, const std::string& id,
                     bool people) { return LinkAsJson(*store_, mapping, name, id, people); });
  reads.timeline = of_link([this](const Mapping& mapping, const ConnectionName& name,
                                  const std::string& id, bool people) {
    return TimelineAsJson(*store_, *browser_, mapping, name, id, people);
  });
  reads.report = [this](const web::Asked& asked) { return ShowReport(asked); };
  return reads;
}

}  // namespace cosell::app

#include "tools/sandbox/dataverse/control.h"

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/time.h"
#include "tools/sandbox/dataverse/control_switches.h"
#include "tools/sandbox/dataverse/request.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::ordered_json;

net::HttpResponse Answer(int status, const Json& body) {
  return {status,
          {{"Content-Type", "application/json"}},
          body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

net::HttpResponse Refusal(int status, const std::string& message) {
  return Answer(status, {{"error", message}});
}

net::HttpResponse Answer(const Status& status) {
  if (status) return {204, {}, ""};
  return Refusal(status.error().http_status, status.error().message);
}

Json RowJson(const RowView& row) {
  Json json = {{"@odata.etag", row.etag}};
  for (const auto& [column, text] : row.cells) json[column] = text;
  return json;
}

Json Optional(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }

Json OperationJson(const PerformedOperation& operation) {
  Json changes = Json::array();
  for (const auto& change : operation.changes) {
    changes.push_back({{"column", change.column},
                       {"before", Optional(change.before)},
                       {"after", Optional(change.after)}});
  }
  return {{"at", FormatInstant(operation.at)},
          {"by_api", operation.by_api},
          {"user", operation.user_id},
          {"table", operation.table},
          {"id", operation.id},
          {"operation", operation.operation},
          {"version", operation.version},
          {"changes", changes},
          {"ignored", operation.ignored}};
}

// One request taken apart.
struct Call {
  std::string method;
  std::vector<std::string> path;
  std::string query;
  const net::HttpRequest& request;

  Json Body() const {
    if (request.body.empty()) return Json::object();
    Json body = Json::parse(request.body, nullptr, false);
    if (!body.is_object()) throw std::invalid_argument("the body must be a JSON object");
    return body;
  }
  std::optional<std::string> Option(std::string_view name) const {
    for (const auto& item : Split(query, '&')) {
      if (item.starts_with(std::string(name) + "=")) {
        return dataverse::PercentDecode(std::string_view(item).substr(name.size() + 1), true);
      }
    }
    return std::nullopt;
  }
};

class Control {
 public:
  Control(DataverseWorld& world, const Call& call)
      : world_(world),
        call_(call),
        person_(call.Option("person").value_or(world.people().front())) {}

  net::HttpResponse Run() {
    const std::string& what = call_.path.front();
    if (what == "rows" && call_.path.size() > 1) return Rows();
    if (call_.path.size() > 1) return Unknown();
    if (what == "people" && call_.method == "GET") return People();
    if (what == "switches") return Switches();
    if (what == "faults") return Faults();
    if (what == "journal" && call_.method == "GET") return Journal();
    if (what == "counters" && call_.method == "GET") return Counters();
    if (what == "subscriptions" && call_.method == "POST") return Subscribe();
    if (what == "expire-change-tracking" && call_.method == "POST") {
      world_.ExpireChangeTracking();
      return {204, {}, ""};
    }
    return Unknown();
  }

 private:
  static net::HttpResponse Unknown() {
    return Refusal(404, "no such route; they are listed in dataverse_world.h");
  }

  net::HttpResponse Rows() {
    const std::string& set = call_.path[1];
    if (call_.path.size() == 2) {
      if (call_.method == "POST") return Create(set);
      return call_.method == "GET" ? List(set) : Unknown();
    }
    const std::string& id = call_.path[2];
    if (call_.path.size() == 4 && call_.method == "POST") return Act(set, id, call_.path[3]);
    if (call_.path.size() > 3) return Unknown();
    if (call_.method == "PATCH") {
      return Answer(world_.Edit(person_, set, id, call_.request.body));
    }
    if (call_.method == "DELETE") return Answer(world_.Delete(person_, set, id));
    if (call_.method != "GET") return Unknown();
    const auto row = world_.Row(set, id);
    return row ? Answer(200, RowJson(*row)) : Refusal(404, "no row " + id + " in " + set);
  }

  net::HttpResponse List(const std::string& set) {
    Json rows = Json::array();
    for (const auto& row : world_.Rows(set)) rows.push_back(RowJson(row));
    return Answer(200, {{"value", rows}});
  }

  net::HttpResponse Create(const std::string& set) {
    const auto created = world_.Create(person_, set, call_.request.body);
    if (!created) return Refusal(created.error().http_status, created.error().message);
    return Answer(201, {{"id", *created}});
  }

  net::HttpResponse Act(const std::string& set, const std::string& id, const std::string& verb) {
    const Json body = call_.Body();
    if (verb == "assign") return Answer(world_.Assign(person_, set, id, body.at("owner")));
    if (set == "leads" && verb == "qualify") return Qualify(id, body.value("opportunity", true));
    if (set == "leads" && verb == "disqualify") {
      return Answer(world_.Disqualify(person_, id, body.value("status", 4)));
    }
    if (set != "opportunities") return Unknown();
    if (verb == "reopen") return Answer(world_.Reopen(person_, id, body.value("status", 1)));
    DataverseWorld::Closing closing{body.value("status", 0), body.value("description", ""), ""};
    if (body.contains("actual_revenue")) closing.actual_revenue = body["actual_revenue"].dump();
    if (verb == "win") return Answer(world_.Win(person_, id, closing));
    if (verb == "lose") return Answer(world_.Lose(person_, id, closing));
    return Unknown();
  }

  net::HttpResponse Qualify(const std::string& id, bool opportunity) {
    const auto made = world_.Qualify(person_, id, opportunity);
    if (!made) return Refusal(made.error().http_status, made.error().message);
    return Answer(200, {{"opportunity", *made}});
  }

  net::HttpResponse People() {
    Json people = Json::array();
    for (const auto& id : world_.people()) {
      const auto row = world_.Row("systemusers", id);
      people.push_back({{"id", id}, {"name", Optional(row->Cell("fullname"))}});
    }
    return Answer(200, {{"value", people}});
  }

  net::HttpResponse Switches() {
    if (call_.method == "PATCH") dataverse::ApplySwitches(world_.switches(), call_.Body());
    if (call_.method != "PATCH" && call_.method != "GET") return Unknown();
    return Answer(200, dataverse::SwitchesJson(world_.switches()));
  }

  net::HttpResponse Faults() {
    if (call_.method == "DELETE") {
      world_.ClearFaults();
      return {204, {}, ""};
    }
    if (call_.method != "POST") return Unknown();
    const Json body = call_.Body();
    DataverseFault fault;
    fault.count = body.value("count", fault.count);
    fault.status = body.value("status", fault.status);
    fault.code = body.value("code", fault.code);
    fault.message = body.value("message", fault.message);
    fault.method = body.value("method", fault.method);
    fault.path_contains = body.value("path_contains", fault.path_contains);
    fault.after_commit = body.value("after_commit", fault.after_commit);
    if (body.contains("retry_after_s")) fault.retry_after_s = body["retry_after_s"].get<int>();
    world_.Inject(std::move(fault));
    return {204, {}, ""};
  }

  net::HttpResponse Journal() {
    const auto api = call_.Option("api");
    Json operations = Json::array();
    for (const auto& operation : world_.journal()) {
      if (api && operation.by_api != (*api == "true")) continue;
      operations.push_back(OperationJson(operation));
    }
    return Answer(200, {{"value", operations}});
  }

  net::HttpResponse Counters() {
    const auto counters = world_.counters();
    return Answer(200, {{"reads", counters.reads},
                        {"writes", counters.writes},
                        {"refused", counters.refused},
                        {"batches", counters.batches}});
  }

  net::HttpResponse Subscribe() {
    const Json body = call_.Body();
    PushSubscription subscription;
    subscription.url = body.at("url").get<std::string>();
    subscription.key = body.value("key", "");
    subscription.table = body.value("table", subscription.table);
    subscription.messages = body.value("messages", subscription.messages);
    subscription.filtering_attributes =
        body.value("filtering_attributes", subscription.filtering_attributes);
    world_.Subscribe(std::move(subscription));
    return {204, {}, ""};
  }

  DataverseWorld& world_;
  const Call& call_;
  std::string person_;
};

}  // namespace

net::HttpResponse DataverseControl::Handle(const net::HttpRequest& request) {
  const auto at = request.url.find(prefix_);
  if (at == std::string::npos) return Refusal(404, "not a route of " + prefix_);
  const std::string rest = request.url.substr(at + prefix_.size());
  const auto question = rest.find('?');
  const Call call{request.method, Split(rest.substr(0, question), '/'),
                  question == std::string::npos ? "" : rest.substr(question + 1), request};
  try {
    return Control(world_, call).Run();
  } catch (const std::invalid_argument& problem) {
    return Refusal(400, problem.what());
  } catch (const Json::exception& problem) {
    return Refusal(400, std::string("the body does not fit: ") + problem.what());
  }
}

}  // namespace cosell::sandbox

#include "tools/sandbox/salesforce/control.h"

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/time.h"
#include "net/url.h"
#include "tools/sandbox/salesforce/control_switches.h"

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

Json Optional(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }

Json WriteJson(const SalesforceWrite& write) {
  Json changes = Json::array();
  for (const auto& change : write.changes) {
    changes.push_back({{"field", change.field},
                       {"before", Optional(change.before)},
                       {"after", Optional(change.after)}});
  }
  return {{"at", FormatInstant(write.at)},
          {"by_api", write.by_api},
          {"user", write.user_id},
          {"object", write.object},
          {"id", write.id},
          {"operation", write.operation},
          {"changes", changes},
          {"ignored", write.ignored}};
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
  std::optional<std::string> Option(const std::string& name) const {
    for (const auto& item : Split(query, '&')) {
      if (item.starts_with(name + "=")) return net::UrlDecode(item.substr(name.size() + 1));
    }
    return std::nullopt;
  }
};

class Control {
 public:
  Control(SalesforceWorld& world, const Call& call)
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
    return Unknown();
  }

 private:
  static net::HttpResponse Unknown() {
    return Refusal(404, "no such route; they are listed in salesforce_world.h");
  }

  net::HttpResponse Rows() {
    const std::string& object = call_.path[1];
    if (call_.path.size() == 2) {
      if (call_.method == "POST") return Create(object);
      return call_.method == "GET" ? List(object) : Unknown();
    }
    const std::string& id = call_.path[2];
    if (call_.path.size() == 4 && call_.method == "POST") return Act(object, id, call_.path[3]);
    if (call_.path.size() > 3) return Unknown();
    if (call_.method == "PATCH") {
      return Answer(world_.Edit(person_, object, id, call_.request.body));
    }
    if (call_.method == "DELETE") return Answer(world_.Delete(person_, object, id));
    if (call_.method != "GET") return Unknown();
    const auto row = world_.Row(object, id);
    return row ? Answer(200, Json(row->fields)) : Refusal(404, "no record " + id + " of " + object);
  }

  net::HttpResponse List(const std::string& object) {
    Json rows = Json::array();
    for (const auto& row : world_.Rows(object)) rows.push_back(row.fields);
    return Answer(200, {{"value", rows}});
  }

  net::HttpResponse Create(const std::string& object) {
    const auto created = world_.Create(person_, object, call_.request.body);
    if (!created) return Refusal(created.error().http_status, created.error().message);
    return Answer(201, {{"id", *created}});
  }

  net::HttpResponse Act(const std::string& object, const std::string& id, const std::string& verb) {
    const Json body = call_.Body();
    if (verb == "undelete") return Answer(world_.Undelete(person_, object, id));
    if (verb == "bump") return Answer(world_.BackgroundBump(object, id));
    if (verb == "hide") return Answer(world_.Hide(object, id, body.value("hidden", true)));
    if (verb == "merge") {
      return Answer(world_.Merge(person_, object, id, body.at("loser").get<std::string>()));
    }
    if (verb == "lineitem" && object == "Opportunity") {
      return Answer(world_.AddLineItem(person_, id, body.at("price").get<std::string>()));
    }
    return verb == "convert" && object == "Lead" ? Convert(id, body) : Unknown();
  }

  net::HttpResponse Convert(const std::string& id, const Json& body) {
    const auto made = world_.ConvertLead(person_, id, body.value("opportunity", ""));
    if (!made) return Refusal(made.error().http_status, made.error().message);
    return Answer(200, {{"account", made->account_id},
                        {"contact", made->contact_id},
                        {"opportunity", made->opportunity_id}});
  }

  net::HttpResponse People() {
    Json people = Json::array();
    for (const auto& id : world_.people()) {
      people.push_back({{"id", id}, {"name", Optional(world_.Row("User", id)->Field("Name"))}});
    }
    return Answer(200, {{"value", people}});
  }

  net::HttpResponse Switches() {
    if (call_.method == "PATCH") salesforce::ApplySwitches(world_.switches(), call_.Body());
    if (call_.method != "PATCH" && call_.method != "GET") return Unknown();
    return Answer(200, salesforce::SwitchesJson(world_.switches()));
  }

  net::HttpResponse Faults() {
    if (call_.method == "DELETE") {
      world_.ClearFaults();
      return {204, {}, ""};
    }
    if (call_.method != "POST") return Unknown();
    const Json body = call_.Body();
    SalesforceFault fault;
    fault.count = body.value("count", fault.count);
    fault.status = body.value("status", fault.status);
    fault.error_code = body.value("error_code", fault.error_code);
    fault.message = body.value("message", fault.message);
    fault.method = body.value("method", fault.method);
    fault.path_contains = body.value("path_contains", fault.path_contains);
    fault.after_commit = body.value("after_commit", fault.after_commit);
    fault.html = body.value("html", fault.html);
    if (body.contains("truncate_at")) fault.truncate_at = body["truncate_at"].get<std::size_t>();
    world_.Inject(std::move(fault));
    return {204, {}, ""};
  }

  net::HttpResponse Journal() {
    const auto api = call_.Option("api");
    Json writes = Json::array();
    for (const auto& write : world_.journal()) {
      if (!api || write.by_api == (*api == "true")) writes.push_back(WriteJson(write));
    }
    return Answer(200, {{"value", writes}});
  }

  net::HttpResponse Counters() {
    const auto counters = world_.counters();
    return Answer(
        200,
        {{"calls", counters.calls}, {"refused", counters.refused}, {"by_kind", counters.by_kind}});
  }

  SalesforceWorld& world_;
  const Call& call_;
  std::string person_;
};

}  // namespace

net::HttpResponse SalesforceControl::Handle(const net::HttpRequest& request) {
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

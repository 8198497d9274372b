#include "tools/sandbox/desk/desk_control.h"
#include "tools/sandbox/world/control_json.h"

// The routes of leads and of an opportunity's solutions.
namespace cosell::sandbox {

net::HttpResponse DeskControl::Solutions(const net::HttpRequest& request, const std::string& id) {
  if (request.method == "GET") return Done200({{"value", desk_().Solutions(id)}});
  const auto body = ParseBody(request.body);
  if (request.method != "PUT" || !body || !body->contains("value"))
    return Failed(400, "solutions are replaced by PUT {\"value\":[\"SOL-1\"]}");
  std::vector<std::string> solutions;
  for (const Json& each : (*body)["value"]) {
    if (!each.is_string()) return Failed(400, "a solution is named by its id");
    solutions.push_back(each);
  }
  return Outcome(desk_().SetSolutions(id, solutions));
}

net::HttpResponse DeskControl::Leads(const net::HttpRequest& request) {
  if (request.method == "POST") {
    if (!ParseBody(request.body)) return Failed(400, "the body must be a JSON object");
    const auto id = desk_().OpenLead(request.body.empty() ? "{}" : request.body);
    return id ? Done200({{"id", *id}}) : Failed(id.error());
  }
  if (request.method != "GET") return Failed(405, "there is no " + request.method + " leads");
  Json rows = Json::array();
  for (const std::string& id : desk_().Leads()) {
    rows.push_back(
        {{"id", id}, {"referral_id", desk_().LeadValue(id, "referral_id").value_or("")}});
  }
  return Done200({{"value", std::move(rows)}});
}

net::HttpResponse DeskControl::Lead(const net::HttpRequest& request, const std::string& id) {
  if (request.method == "DELETE") return Outcome(desk_().DeleteLead(id));
  if (request.method == "PATCH") {
    if (!ParseBody(request.body)) return Failed(400, "the body must be a JSON object");
    return Outcome(desk_().SetLead(id, request.body));
  }
  if (request.method != "GET") return Failed(405, "there is no " + request.method + " of a lead");
  Json row = Json::object();
  for (const std::string& word : LeadWords()) {
    if (const auto value = desk_().LeadValue(id, word)) row[word] = *value;
  }
  if (row.empty()) return Failed(404, "there is no lead " + id);
  row["id"] = id;
  return Done200(row);
}

net::HttpResponse DeskControl::ActOnLead(const net::HttpRequest& request, const std::string& id,
                                         const std::string& what) {
  if (request.method == "POST" && what == "disqualify") return Outcome(desk_().Disqualify(id));
  if (request.method != "POST" || what != "qualify")
    return Failed(404, "there is no " + request.method + " " + request.url);
  const auto body = ParseBody(request.body);
  if (!body) return Failed(400, "the body must be a JSON object");
  const auto opportunity = desk_().QualifyLead(id, body->value("opportunity", true));
  return opportunity ? Done200({{"opportunity", *opportunity}}) : Failed(opportunity.error());
}

}  // namespace cosell::sandbox

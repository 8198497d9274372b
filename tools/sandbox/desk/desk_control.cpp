#include "tools/sandbox/desk/desk_control.h"

#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "tools/sandbox/world/control_json.h"
#include "tools/sandbox/world/encoding.h"

namespace cosell::sandbox {
namespace {

constexpr std::array<std::pair<std::string_view, SeedCrmState>, 5> kStates = {
    {{"on_hold", SeedCrmState::on_hold},
     {"in_progress", SeedCrmState::in_progress},
     {"won", SeedCrmState::won},
     {"lost", SeedCrmState::lost},
     {"cancelled", SeedCrmState::cancelled}}};

std::optional<SeedCrmState> StateNamed(std::string_view name) {
  for (const auto& [text, state] : kStates) {
    if (text == name) return state;
  }
  return std::nullopt;
}

// A deal that lacks nothing, until the request says otherwise.
SeedDeal CompleteDeal(Instant now) {
  SeedDeal deal;
  deal.account_name = "Northwind Traders AB";
  deal.address = {"Hamngatan 4", "", "Goteborg", "", "41104", "SE"};
  deal.contact =
      SeedPerson{"Inga", "Sundqvist", "inga.sundqvist@northwind.example", "+46 31 0000001", ""};
  deal.owner = {"Oda", "Brandt", "oda.brandt@contoso.example", "+49 30 000002", ""};
  deal.value = "12000";
  deal.currency = "EUR";
  deal.closing_date = "2027-03-15";
  deal.notes = "Pilot for two yards.";
  deal.products = "SOL-90210-QWK";
  deal.visible = false;
  deal.sync = false;
  deal.created_at = deal.updated_at = now;
  return deal;
}

std::string TextOf(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? "" : value.dump();
}

// False for a word a new deal does not have.
bool Replace(SeedDeal& deal, const std::string& word, const Json& value) {
  if (word == "name") {
    deal.name = TextOf(value);
  } else if (word == "account") {
    deal.account_name = TextOf(value);
  } else if (word == "country") {
    deal.address.country = TextOf(value);
  } else if (word == "help") {
    deal.help_label = TextOf(value);
  } else if (word == "products") {
    deal.products = TextOf(value);
  } else if (word == "deal_value") {
    deal.value = value.is_null() ? std::nullopt : std::optional(TextOf(value));
  } else if (word == "notes") {
    deal.notes = TextOf(value);
  } else if (word == "sync") {
    deal.sync = value == true;
  } else {
    return false;
  }
  return true;
}

}  // namespace

net::HttpResponse DeskControl::Outcome(const Status& status) {
  return status ? Done200({{"done", true}}) : Failed(status.error());
}

net::HttpResponse DeskControl::Handle(const net::HttpRequest& request) {
  const std::string path = ParseUrl(request.url).path;
  if (!path.starts_with(prefix_)) return Failed(404, "the desk is at " + prefix_);
  const auto parts = Split(std::string_view(path).substr(prefix_.size()), '/');
  if (parts[0] == "writes" && request.method == "GET")
    return Done200({{"service", desk_().ServiceWrites()}});
  if (parts[0] == "notifications" && request.method == "PATCH") {
    const auto body = ParseBody(request.body);
    if (!body || !body->contains("lost") || !(*body)["lost"].is_boolean())
      return Failed(400, "the body must be {\"lost\":true} or {\"lost\":false}");
    CrmDesk::Notifications how = desk_().notifications();
    how.lost = (*body)["lost"];
    desk_().SetNotifications(how);
    return Outcome(Done{});
  }
  if (parts[0] == "leads" && parts.size() == 1) return Leads(request);
  if (parts[0] == "leads" && parts.size() == 2) return Lead(request, parts[1]);
  if (parts[0] == "leads" && parts.size() == 3) return ActOnLead(request, parts[1], parts[2]);
  if (parts[0] != "opportunities" || parts.size() > 3)
    return Failed(404, "there is no " + request.method + " " + path);
  if (parts.size() == 1 && request.method == "GET") return List();
  if (parts.size() == 1 && request.method == "POST") return Open(request.body);
  if (parts.size() == 2 && request.method == "GET") return Show(parts[1]);
  if (parts.size() >= 2) return Act(request, parts[1], parts.size() == 3 ? parts[2] : "");
  return Failed(405, "there is no " + request.method + " " + path);
}

net::HttpResponse DeskControl::List() {
  Json rows = Json::array();
  for (const std::string& id : desk_().Opportunities()) {
    rows.push_back({{"id", id}, {"referral_id", desk_().Value(id, "referral_id").value_or("")}});
  }
  return Done200({{"value", std::move(rows)}});
}

net::HttpResponse DeskControl::Show(const std::string& id) {
  Json row = Json::object();
  for (const std::string& word : DeskWords()) {
    if (const auto value = desk_().Value(id, word)) row[word] = *value;
  }
  if (row.empty()) return Failed(404, "there is no opportunity " + id);
  row["id"] = id;
  return Done200(row);
}

net::HttpResponse DeskControl::Open(const std::string& body) {
  const auto words = ParseBody(body);
  if (!words) return Failed(400, "the body must be a JSON object");
  SeedDeal deal = CompleteDeal(clock_.Now());
  for (const auto& word : words->items()) {
    if (!Replace(deal, word.key(), word.value()))
      return Failed(400, "a new deal has no '" + word.key() + "'");
  }
  return Done200({{"id", desk_().Open({deal}, "").front()}});
}

net::HttpResponse DeskControl::Act(const net::HttpRequest& request, const std::string& id,
                                   const std::string& what) {
  if (what == "solutions") return Solutions(request, id);
  if (request.method == "DELETE" && what.empty()) return Outcome(desk_().Delete(id));
  if (request.method == "PATCH") {
    if (!ParseBody(request.body)) return Failed(400, "the body must be a JSON object");
    if (what.empty()) return Outcome(desk_().Set(id, request.body));
    if (what == "account") return Outcome(desk_().SetAccount(id, request.body));
  }
  if (request.method == "POST" && what == "hand_over") {
    const auto body = ParseBody(request.body);
    if (!body || !body->contains("to_owner_of") || !(*body)["to_owner_of"].is_string())
      return Failed(400, "the body must be {\"to_owner_of\":\"<id of an opportunity>\"}");
    return Outcome(desk_().HandOver(id, (*body)["to_owner_of"]));
  }
  const auto state = StateNamed(what);
  if (request.method == "POST" && state) return Outcome(desk_().Move(id, *state));
  return Failed(404, "there is no " + request.method + " " + request.url);
}

}  // namespace cosell::sandbox

#include "cli/show_at.h"

#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/inspect.h"
#include "cli/text_table.h"
#include "cli/times.h"
#include "story/state_at.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

Json FieldsAsJson(const FieldValues& fields) {
  Json json = Json::object();
  for (const auto& [name, value] : fields) json[name] = value ? Json(*value) : Json(nullptr);
  return json;
}

Json SideAsJson(const SideAt& side) {
  if (!side.known) return nullptr;
  return {{"id", side.record_id},
          {"deleted", side.deleted},
          {"changed_at", FormatInstant(side.changed_at)},
          {"seen_at", FormatInstant(side.seen_at)},
          {"source", side.source},
          {"fields", FieldsAsJson(side.fields)}};
}

Json AsJson(const FoundLink& found, const PairAt& pair) {
  Json json = {{"connection", found.connection.text},
               {"link", found.work.link.id},
               {"at", FormatInstant(pair.at)}};
  json["referral_id"] = pair.link ? Json(pair.link->referral_id) : Json(nullptr);
  json["crm_id"] = pair.link ? Json(pair.link->crm_id) : Json(nullptr);
  json["record_kind"] = pair.link ? Json(ToString(pair.link->kind)) : Json(nullptr);
  json["state"] = pair.link ? Json(ToString(pair.link->state)) : Json(nullptr);
  json["reason"] = pair.link ? Json(pair.link->reason) : Json(nullptr);
  json["base"] = {{"partner_center", FieldsAsJson(pair.base_partner_center)},
                  {"crm", FieldsAsJson(pair.base_crm)}};
  json["partner_center"] = SideAsJson(pair.partner_center);
  json["crm"] = SideAsJson(pair.crm);
  return json;
}

std::string Shown(const FieldValues& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() || !found->second ? "-" : Shorten(*found->second);
}

std::string FieldTable(const PairAt& pair) {
  std::set<std::string> names;
  for (const FieldValues* fields :
       {&pair.partner_center.fields, &pair.crm.fields, &pair.base_partner_center, &pair.base_crm}) {
    for (const auto& [name, value] : *fields) names.insert(name);
  }
  std::vector<std::vector<std::string>> rows = {{"field", "Partner Center", "CRM", "last agreed"}};
  for (const std::string& name : names) {
    const std::string pc = Shown(pair.base_partner_center, name);
    const std::string crm = Shown(pair.base_crm, name);
    rows.push_back({name, Shown(pair.partner_center.fields, name), Shown(pair.crm.fields, name),
                    pc == crm ? pc : pc + " | " + crm});
  }
  return FormatTable(rows);
}

void PrintSide(const char* name, const SideAt& side, Instant at) {
  std::cout << "  " << name << "  ";
  if (!side.known) {
    std::cout << "nothing from then is recorded\n";
    return;
  }
  std::cout << side.record_id << (side.deleted ? ", deleted" : "") << ", so since "
            << FormatSeconds(side.changed_at);
  if (side.seen_at > at) std::cout << " (read only at " << FormatSeconds(side.seen_at) << ")";
  std::cout << "\n";
}

void Print(const FoundLink& found, const PairAt& pair) {
  std::cout << "link " << found.work.link.id << " of " << found.connection.text << " at "
            << FormatInstant(pair.at) << ": ";
  if (pair.link) {
    std::cout << ToString(pair.link->state)
              << (pair.link->reason.empty() ? "" : " (" + pair.link->reason + ")") << "\n";
  } else {
    std::cout << "not known to cosell-sync yet\n";
  }
  PrintSide("Partner Center", pair.partner_center, pair.at);
  PrintSide("CRM           ", pair.crm, pair.at);
  std::cout << FieldTable(pair);
}

}  // namespace

int ShowAt(Session& session, const FoundLink& found, const std::string& at) {
  const PairAt pair = StateAt(ReadHistory(session, found), ParseTime(at, "--at"));
  if (session.json()) {
    std::cout << AsJson(found, pair).dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  } else {
    Print(found, pair);
  }
  return kDone;
}

}  // namespace cosell::cli

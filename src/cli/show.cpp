#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/find_link.h"
#include "cli/show_at.h"
#include "cli/text_table.h"
#include "mapping/read_record.h"
#include "plan/base.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

Json ParseOr(const std::string& text, Json fallback) {
  Json json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? fallback : json;
}

Json SideAsJson(const std::optional<Snapshot>& snapshot) {
  if (!snapshot) return nullptr;
  return {{"id", snapshot->id},
          {"etag", snapshot->etag},
          {"changed_at", FormatInstant(snapshot->changed_at)},
          {"read_at", FormatInstant(snapshot->read_at)},
          {"deleted", snapshot->deleted},
          {"record", ParseOr(snapshot->raw, nullptr)}};
}

Json HistoryAsJson(const std::vector<FieldHistoryEntry>& history) {
  Json json = Json::array();
  for (const auto& entry : history) {
    json.push_back({{"field", entry.field},
                    {"value", entry.value},
                    {"side", ToString(entry.side)},
                    {"at", FormatInstant(entry.at)},
                    {"cause", entry.cause},
                    {"superseded_by", entry.superseded_by}});
  }
  return json;
}

Json AsJson(Store& store, const FoundLink& found) {
  const Link& link = found.work.link;
  Json json = {{"connection", found.connection.text},
               {"link", link.id},
               {"referral_id", link.referral_id.text},
               {"crm_id", link.crm_id.text},
               {"record_kind", ToString(link.kind)},
               {"state", ToString(link.state)},
               {"reason", link.reason},
               {"last_synced_at",
                link.last_synced_at ? Json(FormatInstant(*link.last_synced_at)) : Json(nullptr)},
               {"base",
                {{"partner_center", ParseOr(link.base_partner_center, nullptr)},
                 {"crm", ParseOr(link.base_crm, nullptr)}}},
               {"partner_center", SideAsJson(found.work.referral)},
               {"crm", SideAsJson(found.work.crm)},
               {"conflicts", Json::array()},
               {"history", HistoryAsJson(store.HistoryOf(link.id))}};
  for (const Conflict& conflict : store.ConflictsOf(link.id)) {
    json["conflicts"].push_back({{"field", conflict.field},
                                 {"base", conflict.base},
                                 {"partner_center_value", conflict.partner_center_value},
                                 {"crm_value", conflict.crm_value},
                                 {"since", FormatInstant(conflict.since)}});
  }
  return json;
}

// The agreed values of both sides, field by field.
std::string BaseTable(const Link& link) {
  const Json pc = ParseOr(link.base_partner_center, Json::object());
  const Json crm = ParseOr(link.base_crm, Json::object());
  std::set<std::string> fields;
  for (const auto& item : pc.items()) fields.insert(item.key());
  for (const auto& item : crm.items()) fields.insert(item.key());
  fields.erase(kApartMember);
  std::vector<std::vector<std::string>> rows = {
      {"field", "Partner Center, last agreed", "CRM, last agreed"}};
  const auto text = [](const Json& side, const std::string& field) {
    return side.contains(field) && side[field].is_string() ? Shorten(side[field].get<std::string>())
                                                           : std::string("-");
  };
  for (const auto& field : fields) rows.push_back({field, text(pc, field), text(crm, field)});
  return rows.size() == 1 ? "The two sides have not agreed on anything yet.\n" : FormatTable(rows);
}

void Print(Store& store, const FoundLink& found) {
  const Link& link = found.work.link;
  std::cout << "link " << link.id << " of " << found.connection.text << ": " << ToString(link.state)
            << (link.reason.empty() ? "" : " (" + link.reason + ")") << "\n"
            << "  referral     " << (link.referral_id.empty() ? "none" : link.referral_id.text)
            << "\n"
            << "  " << ToString(link.kind) << "  "
            << (link.crm_id.empty() ? "none" : link.crm_id.text) << "\n"
            << "  last synced  "
            << (link.last_synced_at ? FormatSeconds(*link.last_synced_at) : "never") << "\n"
            << BaseTable(link);
  for (const Conflict& conflict : store.ConflictsOf(link.id)) {
    std::cout << "open conflict in " << conflict.field << ": Partner Center has '"
              << Shorten(conflict.partner_center_value) << "', the CRM has '"
              << Shorten(conflict.crm_value) << "'\n";
  }
  for (const auto& entry : store.HistoryOf(link.id)) {
    std::cout << FormatSeconds(entry.at) << "  " << entry.field << " = '" << Shorten(entry.value)
              << "' from " << ToString(entry.side) << " (" << entry.cause
              << (entry.superseded_by.empty() ? "" : "; lost to " + entry.superseded_by) << ")\n";
  }
}

}  // namespace

int Show(Session& session, const std::string& id, const std::string& at) {
  const FoundLink found = FindLink(session, id);
  if (!at.empty()) return ShowAt(session, found, at);
  if (session.json()) {
    std::cout << AsJson(session.ReadOnlyStore(), found)
                     .dump(2, ' ', false, Json::error_handler_t::replace)
              << "\n";
  } else {
    Print(session.ReadOnlyStore(), found);
  }
  const LinkState state = found.work.link.state;
  return state == LinkState::conflict || state == LinkState::quarantined ? kNeedsPerson : kDone;
}

}  // namespace cosell::cli

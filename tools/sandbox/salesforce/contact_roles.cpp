#include "tools/sandbox/salesforce/contact_roles.h"

namespace cosell::sandbox::salesforce {
namespace {

// Roles of an opportunity that are in force.
std::vector<std::string> RolesOf(const Table& roles, const std::string& opportunity) {
  const std::size_t link = roles.type().At("OpportunityId");
  std::vector<std::string> found;
  for (const auto& id : roles.Candidates(link, opportunity)) {
    const Row& row = roles.Find(id)->row;
    if (row.deletion == 0 && row.cells[link] == Value(opportunity)) found.push_back(id);
  }
  return found;
}

void ShowPrimary(const WriteContext& context, const std::string& opportunity) {
  Table& opportunities = context.database.At("Opportunity");
  const Table& roles = context.database.At("OpportunityContactRole");
  const Record* record = opportunities.Find(opportunity);
  if (record == nullptr) return;
  Value contact;
  for (const auto& id : RolesOf(roles, opportunity)) {
    const Row& role = roles.Find(id)->row;
    if (roles.Cell(role, "IsPrimary") == Value(true)) contact = roles.Cell(role, "ContactId");
  }
  Row row = record->row;
  Value& shown = row.cells[opportunities.type().At("ContactId")];
  if (shown == contact) return;
  shown = contact;
  context.database.Put(opportunities, std::move(row), context.delayed());
}

void ClearOtherPrimaries(const WriteContext& context, Table& roles, const Row& primary) {
  for (const auto& id : RolesOf(roles, roles.Text(primary, "OpportunityId"))) {
    if (id == primary.id || roles.Cell(roles.Find(id)->row, "IsPrimary") != Value(true)) continue;
    Changes changes;
    changes.Set(roles.type(), "IsPrimary", false);
    UpdateRow(context, roles, id, changes);
  }
}

}  // namespace

void AfterSave(const WriteContext& context, Table& table, const std::string& id, bool created) {
  const Row row = table.Find(id)->row;
  if (table.type().name == "OpportunityContactRole") {
    const bool primary = table.Cell(row, "IsPrimary") == Value(true) && row.deletion == 0;
    if (primary) ClearOtherPrimaries(context, table, row);
    ShowPrimary(context, table.Text(row, "OpportunityId"));
  }
  if (table.type().name == "Opportunity" && created && !table.Text(row, "ContactId").empty()) {
    Table& roles = context.database.At("OpportunityContactRole");
    Changes changes;
    changes.Set(roles.type(), "OpportunityId", id);
    changes.Set(roles.type(), "ContactId", table.Cell(row, "ContactId"));
    changes.Set(roles.type(), "IsPrimary", true);
    CreateRow(context, roles, changes);
  }
}

void AssignLead(const WriteContext& context, const Table& table, Row& row) {
  const Database& database = context.database;
  if (table.type().name != "Lead" || !context.caller.by_api || !context.auto_assign) return;
  if (!database.switches().assign_leads || database.people().size() < 2) return;
  row.cells[table.type().At("OwnerId")] = database.people()[1];
}

}  // namespace cosell::sandbox::salesforce

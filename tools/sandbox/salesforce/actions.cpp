#include "tools/sandbox/salesforce/actions.h"

#include <algorithm>
#include <stdexcept>

#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox::salesforce {
namespace {

Value CellOf(const Table& table, const std::string& id, std::string_view field) {
  return table.Cell(table.Find(id)->row, field);
}

// Children of the loser get the winner.
void MoveChildren(const WriteContext& context, const std::string& object, const std::string& winner,
                  const std::string& loser) {
  for (auto& table : context.database.tables()) {
    const auto& fields = table->type().fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].to != object || !fields[i].updateable) continue;
      for (const auto& id : table->Candidates(i, loser)) {
        const Row& row = table->Find(id)->row;
        if (row.deletion != 0 || row.cells[i] != Value(loser)) continue;
        Changes changes;
        changes.cells[i] = winner;
        UpdateRow(context, *table, id, changes);
      }
    }
  }
}

// Copies a lead's fields under the names the new record has for them.
void CopyFields(const Table& leads, const std::string& lead, const Table& table,
                const std::vector<std::pair<const char*, const char*>>& names, Changes& changes) {
  for (const auto& [from, to] : names) {
    if (!leads.type().Find(from) || !table.type().Find(to)) continue;
    const Value value = CellOf(leads, lead, from);
    if (!IsNull(value)) changes.Set(table.type(), to, value);
  }
}

std::string AccountOfLead(const WriteContext& context, const Table& leads,
                          const std::string& lead) {
  Table& accounts = context.database.At("Account");
  Changes changes;
  CopyFields(leads, lead, accounts,
             {{"Company", "Name"},
              {"Phone", "Phone"},
              {"Website", "Website"},
              {"Industry", "Industry"},
              {"Street", "BillingStreet"},
              {"City", "BillingCity"},
              {"State", "BillingState"},
              {"PostalCode", "BillingPostalCode"},
              {"Country", "BillingCountry"}},
             changes);
  return CreateRow(context, accounts, changes);
}

std::string ContactOfLead(const WriteContext& context, const Table& leads, const std::string& lead,
                          const std::string& account) {
  Table& contacts = context.database.At("Contact");
  Changes changes;
  CopyFields(leads, lead, contacts,
             {{"FirstName", "FirstName"},
              {"LastName", "LastName"},
              {"Salutation", "Salutation"},
              {"Title", "Title"},
              {"Email", "Email"},
              {"Phone", "Phone"},
              {"MobilePhone", "MobilePhone"}},
             changes);
  changes.Set(contacts.type(), "AccountId", account);
  return CreateRow(context, contacts, changes);
}

// Where the administrator has mapped the co-sell fields. Those that the opportunity has too.
void CopyCosellFields(const Table& leads, const std::string& lead, const Table& opportunities,
                      Changes& changes) {
  for (const Field& field : leads.type().fields) {
    if (!field.cosell) continue;
    CopyFields(leads, lead, opportunities, {{field.name.c_str(), field.name.c_str()}}, changes);
  }
}

std::string OpportunityOfLead(const WriteContext& context, const Table& leads,
                              const std::string& lead, const ConvertedIds& ids,
                              const std::string& name) {
  Table& opportunities = context.database.At("Opportunity");
  const Instant later = context.database.Now() + std::chrono::hours{24 * 90};
  Changes changes;
  CopyFields(leads, lead, opportunities,
             {{"LeadSource", "LeadSource"}, {"CurrencyIsoCode", "CurrencyIsoCode"}}, changes);
  if (context.database.switches().convert_copies_cosell_fields) {
    CopyCosellFields(leads, lead, opportunities, changes);
  }
  changes.Set(opportunities.type(), "Name", name);
  changes.Set(opportunities.type(), "AccountId", ids.account);
  changes.Set(opportunities.type(), "ContactId", ids.contact);
  changes.Set(opportunities.type(), "StageName", "Prospecting");
  changes.Set(opportunities.type(), "CloseDate", FormatSeconds(later).substr(0, 10));
  return CreateRow(context, opportunities, changes);
}

std::string ConvertedStatus(const Database& database) {
  const auto& statuses = database.schema().lead_statuses;
  return std::find_if(statuses.begin(), statuses.end(), [](const auto& s) { return s.converted; })
      ->name;
}

}  // namespace

void RequireLive(const Database& database, const Table& table, const std::string& id) {
  const Record* record = table.Find(id);
  if (record == nullptr) ThrowNotFound();
  if (record->row.deletion != 0) ThrowDeleted(database);
}

void MergeRows(const WriteContext& context, Table& table, const std::string& winner,
               const std::string& loser) {
  RequireLive(context.database, table, winner);
  RequireLive(context.database, table, loser);
  if (!table.type().mergeable || winner == loser) {
    throw ServiceError(400, "INVALID_TYPE", "These records cannot be merged", {});
  }
  MoveChildren(context, table.type().name, winner, loser);
  Row row = table.Find(loser)->row;
  row.cells[table.type().At("MasterRecordId")] = winner;
  context.database.Put(table, std::move(row), context.delayed());
  DeleteRow(context, table, loser, "merge");
  UpdateRow(context, table, winner, {});
}

ConvertedIds ConvertLeadRow(const WriteContext& context, const std::string& lead,
                            const std::string& opportunity_name) {
  Table& leads = context.database.At("Lead");
  RequireLive(context.database, leads, lead);
  ConvertedIds ids;
  ids.account = AccountOfLead(context, leads, lead);
  ids.contact = ContactOfLead(context, leads, lead, ids.account);
  Changes changes;
  if (!opportunity_name.empty()) {
    ids.opportunity = OpportunityOfLead(context, leads, lead, ids, opportunity_name);
    changes.Set(leads.type(), "ConvertedOpportunityId", ids.opportunity);
  }
  changes.Set(leads.type(), "ConvertedAccountId", ids.account);
  changes.Set(leads.type(), "ConvertedContactId", ids.contact);
  changes.Set(leads.type(), "ConvertedDate", FormatSeconds(context.database.Now()).substr(0, 10));
  changes.Set(leads.type(), "IsConverted", true);
  changes.Set(leads.type(), "Status", ConvertedStatus(context.database));
  UpdateRow(context, leads, lead, changes, "convert");
  return ids;
}

void AddLineItemTo(const WriteContext& context, const std::string& opportunity,
                   const std::string& price) {
  Table& opportunities = context.database.At("Opportunity");
  RequireLive(context.database, opportunities, opportunity);
  const ObjectType& type = opportunities.type();
  double amount = 0;
  try {
    amount = std::get<double>(FromPlainText(type.fields[type.At("Amount")], price));
  } catch (const std::invalid_argument& problem) {
    throw ServiceError(400, "JSON_PARSER_ERROR", problem.what());
  }
  if (CellOf(opportunities, opportunity, "HasOpportunityLineItem") == Value(true)) {
    amount += std::get<double>(CellOf(opportunities, opportunity, "Amount"));
  }
  Changes changes;
  changes.Set(type, "HasOpportunityLineItem", true);
  changes.Set(type, "Amount", amount);
  UpdateRow(context, opportunities, opportunity, changes, "lineitem");
}

void BumpRow(Database& database, Table& table, const std::string& id) {
  RequireLive(database, table, id);
  Row row = table.Find(id)->row;
  row.cells[table.type().At("SystemModstamp")] = StampText(database.Now());
  database.Put(table, std::move(row), false);
}

}  // namespace cosell::sandbox::salesforce

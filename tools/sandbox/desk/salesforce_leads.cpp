#include "tools/sandbox/desk/salesforce_leads.h"

#include <nlohmann/json.hpp>

#include "tools/sandbox/desk/words.h"
#include "tools/sandbox/salesforce/salesforce_world.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

constexpr char kLead[] = "Lead";

bool IsDeleted(const SalesforceRow& row) { return row.Field("IsDeleted") == "true"; }

std::map<std::string, std::string> FieldsOf(const SalesforceWorld& world) {
  const SalesforceWorldOptions& options = world.options();
  std::map<std::string, std::string> fields = {
      {"name", "Title"},
      {"company", "Company"},
      {"first_name", "FirstName"},
      {"last_name", "LastName"},
      {"email", "Email"},
      {"phone", "Phone"},
      {"notes", "Description"},
      {"country", options.country_picklists ? "CountryCode" : "Country"},
      {"sync", world.Column("Sync_with_Partner_Center__c")},
      {"referral_id", world.Column("Referral_Identifier__c")},
      {"referral_link", world.Column("Referral_Link__c")},
      {"audit", world.Column("Audit__c")}};
  if (options.multi_currency) fields["currency"] = "CurrencyIsoCode";
  if (options.lead_deal_fields) {
    fields["deal_value"] = "Deal_Value__c";
    fields["closing_date"] = "Closing_Date__c";
  }
  return fields;
}

}  // namespace

SalesforceLeads::SalesforceLeads(SalesforceWorld& world)
    : world_(world), fields_(FieldsOf(world)) {}

Result<std::string> SalesforceLeads::Open(const std::string& fields) {
  const auto renamed = Renamed(fields_, fields);
  if (!renamed) return renamed.error();
  return world_.Create(Seller(), kLead, *renamed);
}

Status SalesforceLeads::Set(const std::string& id, const std::string& fields) {
  const auto renamed = Renamed(fields_, fields);
  if (!renamed) return renamed.error();
  return world_.Edit(Seller(), kLead, id, *renamed);
}

Result<std::string> SalesforceLeads::Convert(const std::string& id, bool opportunity) {
  const std::string name = Value(id, "name").value_or(Value(id, "company").value_or(""));
  const auto made = world_.ConvertLead(Seller(), id, opportunity ? name : "");
  if (!made) return made.error();
  return made->opportunity_id;
}

Status SalesforceLeads::Disqualify(const std::string& id) {
  return world_.Edit(Seller(), kLead, id, Json{{"Status", UnqualifiedStatus()}}.dump());
}

Status SalesforceLeads::Delete(const std::string& id) { return world_.Delete(Seller(), kLead, id); }

std::vector<std::string> SalesforceLeads::All() const {
  std::vector<std::string> ids;
  for (const SalesforceRow& row : world_.Rows(kLead)) {
    if (!IsDeleted(row)) ids.push_back(row.id);
  }
  return ids;
}

std::optional<std::string> SalesforceLeads::Value(const std::string& id,
                                                  const std::string& word) const {
  const auto row = Existing(id);
  if (!row) return std::nullopt;
  if (word == "state") return StateOf(*row);
  if (word == "became") return row->Field("ConvertedOpportunityId");
  const auto field = fields_.find(word);
  if (field == fields_.end()) return std::nullopt;
  auto value = row->Field(field->second);
  if (value && word == "deal_value") value = PlainDecimal(*value);
  return value;
}

std::optional<SalesforceRow> SalesforceLeads::Existing(const std::string& id) const {
  auto row = world_.Row(kLead, id);
  if (row && IsDeleted(*row)) row.reset();
  return row;
}

std::string SalesforceLeads::UnqualifiedStatus() const {
  std::string last;
  double order = 0;
  for (const SalesforceRow& row : world_.Rows("LeadStatus")) {
    const double here = std::stod(row.Field("SortOrder").value_or("0"));
    const bool special = row.Field("IsDefault") == "true" || row.Field("IsConverted") == "true";
    if (special || here < order) continue;
    order = here;
    last = row.Field("ApiName").value_or("");
  }
  return last;
}

std::string SalesforceLeads::StateOf(const SalesforceRow& row) const {
  if (row.Field("IsConverted") == "true") return "qualified";
  return row.Field("Status") == UnqualifiedStatus() ? "disqualified" : "new";
}

std::string SalesforceLeads::Seller() const { return world_.people().front(); }

}  // namespace cosell::sandbox

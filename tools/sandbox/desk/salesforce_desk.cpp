#include "tools/sandbox/desk/salesforce_desk.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/record_id.h"
#include "base/text.h"
#include "tools/sandbox/desk/salesforce_leads.h"
#include "tools/sandbox/desk/salesforce_solutions.h"
#include "tools/sandbox/desk/seed_row.h"
#include "tools/sandbox/desk/words.h"
#include "tools/sandbox/salesforce/access/outbound_messages.h"
#include "tools/sandbox/salesforce/salesforce_world.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

constexpr char kOpportunity[] = "Opportunity";
constexpr char kAccount[] = "Account";

const std::map<std::string, std::string>& StandardFields() {
  static const std::map<std::string, std::string> fields = {{"name", "Name"},
                                                            {"deal_value", "Amount"},
                                                            {"currency", "CurrencyIsoCode"},
                                                            {"closing_date", "CloseDate"},
                                                            {"notes", "Description"}};
  return fields;
}

const std::map<std::string, std::string>& PackagedFields() {
  static const std::map<std::string, std::string> fields = {
      {"sync", "Sync_with_Partner_Center__c"},
      {"referral_id", "Referral_Identifier__c"},
      {"referral_link", "Referral_Link__c"},
      {"help", "How_can_Microsoft_help__c"},
      {"products", "Products__c"},
      {"audit", "Audit__c"},
      {"visibility", "Referral_Visibility__c"},
      {"microsoft_crm_id", "Microsoft_CRM_Identifier__c"},
      {"referral_program", "Referral_Program__c"}};
  return fields;
}

std::string StageOf(SeedCrmState state) {
  switch (state) {
    case SeedCrmState::in_progress:
      return "Qualification";
    case SeedCrmState::on_hold:
      return "On Hold - Microsoft";
    case SeedCrmState::won:
      return "Closed Won";
    case SeedCrmState::lost:
    case SeedCrmState::cancelled:
      return "Closed Lost";
  }
  return "Qualification";
}

// An organisation without the child object keeps the ids in the text field.
std::string ProductsOf(const SeedDeal& deal, bool solutions_object) {
  if (!deal.products.empty() || solutions_object) return deal.products;
  std::vector<std::string> ids;
  for (const SeedSolution& solution : deal.solutions) ids.push_back(solution.id);
  return Join(ids, ", ");
}

SeedSalesforceOpportunity RowOf(const SeedDeal& deal, const std::string& link_template,
                                bool solutions_object) {
  SeedSalesforceOpportunity row;
  FillRow(deal, link_template, row);
  if (deal.contact)
    row.contact =
        SeedSalesforceContact{deal.contact->first_name, deal.contact->last_name,
                              deal.contact->email, deal.contact->phone, deal.contact->title};
  SeedSalesforcePerson owner;
  owner.first_name = deal.owner.first_name;
  owner.last_name = deal.owner.last_name;
  owner.email = deal.owner.email;
  owner.phone = deal.owner.phone;
  row.owner = owner;
  row.description = deal.notes;
  row.stage = StageOf(deal.crm_state);
  row.products = ProductsOf(deal, solutions_object);
  return row;
}

class SalesforceDesk final : public CrmDesk {
 public:
  SalesforceDesk(SalesforceWorld& world, OutboundMessages& messages)
      : world_(world), messages_(messages), leads_(world), solutions_(world) {
    fields_ = StandardFields();
    for (const auto& [word, field] : PackagedFields()) fields_[word] = world_.Column(field);
  }

  CrmProduct product() const override { return CrmProduct::salesforce; }
  std::string_view service() const override { return "salesforce"; }
  std::string IdFor(int number) const override {
    std::string digits = std::to_string(number);
    digits.insert(0, 10 - std::min<std::size_t>(10, digits.size()), '0');
    return NormalizeSalesforceId("0065g" + digits).value();
  }

  std::vector<std::string> Open(const std::vector<SeedDeal>& deals,
                                const std::string& link_template) override {
    std::vector<SeedSalesforceOpportunity> rows;
    for (const SeedDeal& deal : deals)
      rows.push_back(RowOf(deal, link_template, world_.options().solutions_object));
    return world_.Seed(rows);
  }

  Status Set(const std::string& id, const std::string& fields) override {
    const auto renamed = Renamed(fields_, fields);
    if (!renamed) return renamed.error();
    return world_.Edit(Seller(), kOpportunity, id, *renamed);
  }

  Status HandOver(const std::string& id, const std::string& to_owner_of) override {
    const auto row = world_.Row(kOpportunity, to_owner_of);
    Json owner = Json::object();
    owner["OwnerId"] = row ? row->Field("OwnerId").value_or("") : "";
    return world_.Edit(Seller(), kOpportunity, id, owner.dump());
  }

  Status SetAccount(const std::string& id, const std::string& fields) override {
    const std::string country =
        world_.options().country_picklists ? "BillingCountryCode" : "BillingCountry";
    const auto renamed = Renamed({{"name", "Name"},
                                  {"city", "BillingCity"},
                                  {"postal_code", "BillingPostalCode"},
                                  {"country", country}},
                                 fields);
    if (!renamed) return renamed.error();
    const auto account = AccountOf(id);
    if (!account) return account.error();
    return world_.Edit(Seller(), kAccount, *account, *renamed);
  }

  Status Move(const std::string& id, SeedCrmState state) override {
    return world_.Edit(Seller(), kOpportunity, id, Json{{"StageName", StageOf(state)}}.dump());
  }

  Status Delete(const std::string& id) override {
    return world_.Delete(Seller(), kOpportunity, id);
  }
  Status Undelete(const std::string& id) override {
    return world_.Undelete(Seller(), kOpportunity, id);
  }
  Status MergeCustomers(const std::string& id, const std::string& other) override {
    const auto kept = AccountOf(id);
    const auto ended = AccountOf(other);
    if (!kept || !ended) return kept ? ended.error() : kept.error();
    return world_.Merge(Seller(), kAccount, *kept, *ended);
  }
  Status DeleteCustomer(const std::string& id) override {
    const auto account = AccountOf(id);
    if (!account) return account.error();
    return world_.Delete(Seller(), kAccount, *account);
  }

  Result<std::string> OpenLead(const std::string& fields) override { return leads_.Open(fields); }
  Status SetLead(const std::string& id, const std::string& fields) override {
    return leads_.Set(id, fields);
  }
  Result<std::string> QualifyLead(const std::string& id, bool opportunity) override {
    return leads_.Convert(id, opportunity);
  }
  Status Disqualify(const std::string& id) override { return leads_.Disqualify(id); }
  Status DeleteLead(const std::string& id) override { return leads_.Delete(id); }
  std::vector<std::string> Leads() const override { return leads_.All(); }
  std::optional<std::string> LeadValue(const std::string& id,
                                       const std::string& word) const override {
    return leads_.Value(id, word);
  }
  Status SetSolutions(const std::string& id, const std::vector<std::string>& solutions) override {
    return solutions_.Set(id, solutions);
  }
  std::vector<std::string> Solutions(const std::string& id) const override {
    return solutions_.Of(id);
  }

  std::vector<std::string> Opportunities() const override { return IdsOf(kOpportunity); }
  std::size_t Accounts() const override { return IdsOf(kAccount).size(); }
  std::size_t Contacts() const override { return IdsOf("Contact").size(); }
  std::size_t ServiceWrites() const override {
    const auto& journal = world_.journal();
    return static_cast<std::size_t>(std::count_if(journal.begin(), journal.end(),
                                                  [](const auto& write) { return write.by_api; }));
  }

  std::optional<std::string> Value(const std::string& id, const std::string& word) const override {
    const auto row = Existing(id);
    if (!row) return std::nullopt;
    if (word == "state") return StateOf(*row);
    if (word == "account") return RelatedOf(*row, "AccountId", kAccount, "Name");
    if (word == "contact") return RelatedOf(*row, "ContactId", "Contact", "LastName");
    const auto field = fields_.find(word);
    if (field == fields_.end()) return std::nullopt;
    auto value = row->Field(field->second);
    if (value && word == "deal_value") value = PlainDecimal(*value);
    return value;
  }

  // Salesforce keeps no cursor; what it forgets is which records were deleted.
  void ForgetChanges() override { world_.switches().delete_log_from = Instant::max(); }
  Notifications notifications() const override {
    const OutboundSwitches& switches = messages_.switches();
    return {switches.lost, switches.duplicated, switches.reordered,
            std::chrono::milliseconds(switches.delay_ms)};
  }
  void SetNotifications(const Notifications& how) override {
    OutboundSwitches& switches = messages_.switches();
    switches.lost = how.lost;
    switches.duplicated = how.twice;
    switches.reordered = how.shuffled;
    switches.delay_ms = how.delay.count();
  }

 private:
  std::string Seller() const { return world_.people().front(); }

  Result<std::string> AccountOf(const std::string& id) const {
    const auto row = Existing(id);
    const auto account = row ? row->Field("AccountId") : std::nullopt;
    if (!account) return Error{ErrorKind::not_found, "the deal has no account"};
    return *account;
  }

  static bool IsDeleted(const SalesforceRow& row) { return row.Field("IsDeleted") == "true"; }

  std::optional<SalesforceRow> Existing(const std::string& id) const {
    auto row = world_.Row(kOpportunity, id);
    if (row && IsDeleted(*row)) row.reset();
    return row;
  }

  std::vector<std::string> IdsOf(const std::string& object) const {
    std::vector<std::string> ids;
    for (const SalesforceRow& row : world_.Rows(object)) {
      if (!IsDeleted(row)) ids.push_back(row.id);
    }
    return ids;
  }

  std::string StateOf(const SalesforceRow& row) const {
    if (row.Field("IsWon") == "true") return "won";
    if (row.Field("IsClosed") == "true") return "lost";
    return row.Field("StageName") == StageOf(SeedCrmState::on_hold) ? "new" : "active";
  }

  std::optional<std::string> RelatedOf(const SalesforceRow& row, const std::string& lookup,
                                       const std::string& object, const std::string& field) const {
    const auto id = row.Field(lookup);
    const auto related = id ? world_.Row(object, *id) : std::nullopt;
    return related ? related->Field(field) : std::nullopt;
  }

  SalesforceWorld& world_;
  OutboundMessages& messages_;
  SalesforceLeads leads_;
  SalesforceSolutions solutions_;
  std::map<std::string, std::string> fields_;
};

}  // namespace

std::unique_ptr<CrmDesk> MakeSalesforceDesk(SalesforceWorld& world, OutboundMessages& messages) {
  return std::make_unique<SalesforceDesk>(world, messages);
}

}  // namespace cosell::sandbox

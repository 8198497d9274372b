#include "tools/sandbox/salesforce/seed.h"

#include <stdexcept>

#include "base/text.h"
#include "tools/sandbox/salesforce/derive.h"
#include "tools/sandbox/salesforce/ids.h"
#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox::salesforce {
namespace {

// Collects the fields of one new record; empty texts stay null.
class NewRecord {
 public:
  NewRecord(Database& database, const std::string& object, std::string user)
      : database_(database), table_(database.At(object)), user_(std::move(user)) {}

  NewRecord& Text(const std::string& field, const std::string& text) {
    const auto at = table_.type().Find(field);
    if (!at || text.empty()) return *this;
    const Field& spec = table_.type().fields[*at];
    changes_.cells[*at] = IsText(spec.type) ? std::string(TruncateUtf16(text, spec.length)) : text;
    return *this;
  }
  NewRecord& Set(const std::string& field, Value value) {
    if (const auto at = table_.type().Find(field)) changes_.cells[*at] = std::move(value);
    return *this;
  }
  std::string Create(const std::string& id = "") {
    WriteContext context{database_, {user_, false}, {true, ""}};
    context.silent = true;
    return CreateRow(context, table_, changes_, id);
  }

 private:
  Database& database_;
  Table& table_;
  std::string user_;
  Changes changes_;
};

void SeedStages(Database& database, const std::string& user) {
  double order = 0;
  for (const auto& stage : database.schema().stages) {
    NewRecord(database, "OpportunityStage", user)
        .Text("MasterLabel", stage.name)
        .Text("ApiName", stage.name)
        .Set("IsActive", true)
        .Set("SortOrder", ++order)
        .Set("IsClosed", stage.closed)
        .Set("IsWon", stage.won)
        .Text("ForecastCategory", stage.forecast)
        .Text("ForecastCategoryName", ForecastLabel(stage.forecast))
        .Set("DefaultProbability", static_cast<double>(stage.probability))
        .Create();
  }
  order = 0;
  for (const auto& status : database.schema().lead_statuses) {
    NewRecord(database, "LeadStatus", user)
        .Text("MasterLabel", status.name)
        .Text("ApiName", status.name)
        .Set("SortOrder", ++order)
        .Set("IsDefault", status.is_default)
        .Set("IsConverted", status.converted)
        .Create();
  }
}

void SeedCurrencies(Database& database, const std::string& user) {
  if (database.Find("CurrencyType") == nullptr) return;
  const auto add = [&](const std::string& code, bool active) {
    NewRecord(database, "CurrencyType", user)
        .Text("IsoCode", code)
        .Set("IsActive", active)
        .Set("IsCorporate", code == database.options().currency)
        .Create();
  };
  for (const auto& code : database.schema().currencies) add(code, true);
  for (const auto& code : database.schema().inactive_currencies) add(code, false);
}

class Seeder {
 public:
  explicit Seeder(Database& database) : database_(database) {
    Remember("User", {"Email"}, owners_);
    Remember("Account", {"Name", "BillingPostalCode"}, accounts_);
    Remember("Contact", {"AccountId", "Email"}, contacts_);
  }

  std::string Seed(const SeedSalesforceOpportunity& seed) {
    const std::string owner = OwnerOf(seed);
    const std::string account = AccountOf(seed, owner);
    const std::string contact = ContactOf(seed, account, owner);
    const std::string id = Opportunity(seed, owner, account, contact);
    for (const auto& solution : seed.solutions) Solution(solution, id, owner);
    SetTimes(id, seed);
    return id;
  }

 private:
  // What earlier seeds and people have made is shared too.
  void Remember(const char* object, const std::vector<const char*>& fields,
                std::map<std::string, std::string>& index) {
    const Table& table = database_.At(object);
    for (const auto& [id, record] : table.records()) {
      if (record.row.deletion != 0) continue;
      std::vector<std::string> parts;
      for (const auto* field : fields) parts.push_back(FoldCase(table.Text(record.row, field)));
      index[Join(parts, "\n")] = id;
    }
  }

  std::string Custom(const std::string& name) const { return FullName(database_.options(), name); }

  std::string OwnerOf(const SeedSalesforceOpportunity& seed) {
    if (!seed.owner) return database_.people().front();
    std::string& id = owners_[FoldCase(seed.owner->email)];
    if (id.empty()) id = SeedPerson(database_, *seed.owner);
    return id;
  }

  std::string AccountOf(const SeedSalesforceOpportunity& seed, const std::string& user) {
    if (seed.account.empty()) return "";
    std::string& id = accounts_[FoldCase(seed.account) + "\n" + FoldCase(seed.account_postal_code)];
    if (!id.empty()) return id;
    const bool second = !seed.account_line2.empty();
    const bool codes = database_.options().country_picklists;
    id = NewRecord(database_, "Account", user)
             .Text("Name", seed.account)
             .Text("BillingStreet", seed.account_line1 + (second ? "\n" : "") + seed.account_line2)
             .Text("BillingCity", seed.account_city)
             .Text("BillingState", seed.account_state)
             .Text("BillingPostalCode", seed.account_postal_code)
             .Text(codes ? "BillingCountryCode" : "BillingCountry", seed.account_country)
             .Create();
    return id;
  }

  std::string ContactOf(const SeedSalesforceOpportunity& seed, const std::string& account,
                        const std::string& user) {
    if (!seed.contact) return "";
    std::string& id = contacts_[FoldCase(account) + "\n" + FoldCase(seed.contact->email)];
    if (!id.empty()) return id;
    id = NewRecord(database_, "Contact", user)
             .Text("AccountId", account)
             .Text("FirstName", seed.contact->first_name)
             .Text("LastName", seed.contact->last_name)
             .Text("Email", seed.contact->email)
             .Text("Phone", seed.contact->phone)
             .Text("Title", seed.contact->job_title)
             .Create();
    return id;
  }

  std::string CloseDate(const SeedSalesforceOpportunity& seed) const {
    if (!seed.estimated_close_date.empty()) return seed.estimated_close_date;
    return FormatSeconds(database_.Now() + std::chrono::hours{24 * 90}).substr(0, 10);
  }

  std::string Opportunity(const SeedSalesforceOpportunity& seed, const std::string& user,
                          const std::string& account, const std::string& contact) {
    NewRecord record(database_, "Opportunity", user);
    record.Text("Name", seed.name)
        .Text("AccountId", account)
        .Text("ContactId", contact)
        .Text("StageName", seed.stage)
        .Text("CloseDate", CloseDate(seed))
        .Text("Description", seed.description)
        .Text("CurrencyIsoCode", seed.currency)
        .Set(Custom("Sync_with_Partner_Center__c"), seed.sync)
        .Text(Custom("How_can_Microsoft_help__c"), seed.help)
        .Text(Custom("Products__c"), seed.products)
        .Text(Custom("Referral_Identifier__c"), seed.referral_id)
        .Text(Custom("Referral_Link__c"), seed.referral_link)
        .Text(Custom("Microsoft_CRM_Identifier__c"), seed.microsoft_crm_id);
    if (seed.visible) record.Set(Custom("Referral_Visibility__c"), *seed.visible);
    if (!seed.estimated_value.empty()) {
      const ObjectType& type = database_.At("Opportunity").type();
      record.Set("Amount", FromPlainText(type.fields[type.At("Amount")], seed.estimated_value));
    }
    return record.Create(IdOf(seed.id));
  }

  static std::string IdOf(const std::string& text) {
    if (text.empty()) return "";
    const auto id = FullId(text);
    if (!id) throw std::invalid_argument("'" + text + "' is no record id");
    return *id;
  }

  void Solution(const SeedSalesforceSolution& solution, const std::string& opportunity,
                const std::string& user) {
    if (database_.Find(Custom("Microsoft_Solution__c")) == nullptr) return;
    NewRecord(database_, Custom("Microsoft_Solution__c"), user)
        .Text(Custom("Opportunity__c"), opportunity)
        .Text(Custom("Solution_Identifier__c"), solution.id)
        .Text(Custom("Solution_Name__c"), solution.name)
        .Create();
  }

  void SetTimes(const std::string& id, const SeedSalesforceOpportunity& seed) {
    Table& table = database_.At("Opportunity");
    Row row = table.Find(id)->row;
    const auto set = [&](const char* field, const std::optional<Instant>& at) {
      if (at) row.cells[table.type().At(field)] = StampText(*at);
    };
    const auto modified = seed.modified_at ? seed.modified_at : seed.created_at;
    set("CreatedDate", seed.created_at);
    set("LastModifiedDate", modified);
    set("SystemModstamp", modified);
    database_.Put(table, std::move(row), false);
  }

  Database& database_;
  std::map<std::string, std::string> owners_;
  std::map<std::string, std::string> accounts_;
  std::map<std::string, std::string> contacts_;
};

std::string CreateUser(Database& database, const SeedSalesforcePerson& person,
                       const std::string& id) {
  return NewRecord(database, "User", database.options().api_user_id)
      .Text("FirstName", person.first_name)
      .Text("LastName", person.last_name)
      .Text("Username", person.email)
      .Text("Email", person.email)
      .Text("Phone", person.phone)
      .Set("IsActive", person.active)
      .Create(id);
}

}  // namespace

void SeedOrganization(Database& database) {
  Transaction transaction(database);
  const auto& options = database.options();
  EnsureUser(database, options.api_user_id);
  SeedStages(database, options.api_user_id);
  SeedCurrencies(database, options.api_user_id);
  NewRecord(database, "Organization", options.api_user_id)
      .Text("Name", options.organization_name)
      .Text("DefaultLocaleSidKey", "en_US")
      .Create(options.organization_id);
  transaction.Commit();
}

std::string SeedPerson(Database& database, const SeedSalesforcePerson& person) {
  Transaction transaction(database);
  const std::string id = CreateUser(database, person, FullId(person.id).value_or(""));
  transaction.Commit();
  database.people().push_back(id);
  return id;
}

void EnsureUser(Database& database, const std::string& id) {
  if (database.At("User").Find(id) != nullptr) return;
  Transaction transaction(database);
  CreateUser(database, {"", "Cosell", "Sync", "cosell-sync@contoso.example", ""}, id);
  transaction.Commit();
}

std::vector<std::string> SeedRows(Database& database,
                                  const std::vector<SeedSalesforceOpportunity>& seeds) {
  Transaction transaction(database);
  Seeder seeder(database);
  std::vector<std::string> ids;
  ids.reserve(seeds.size());
  for (const auto& seed : seeds) ids.push_back(seeder.Seed(seed));
  transaction.Commit();
  return ids;
}

}  // namespace cosell::sandbox::salesforce

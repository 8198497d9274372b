#include "tools/sandbox/dataverse/seed.h"

#include "base/text.h"
#include "base/time.h"
#include "tools/sandbox/dataverse/conditions.h"
#include "tools/sandbox/dataverse/error.h"
#include "tools/sandbox/dataverse/render.h"
#include "tools/sandbox/dataverse/schema.h"

namespace cosell::sandbox::dataverse {
namespace {

// Collects the cells of one new row; empty texts stay null.
class Cells {
 public:
  Cells(Database& database, Table& table) : database_(database), table_(table) {}

  Cells& Text(const std::string& column, const std::string& text) {
    const auto at = table_.Find(column);
    if (!at || text.empty()) return *this;
    const Column& spec = table_.columns()[*at];
    const bool limited = spec.length_max > 0;
    const Json value = limited ? TruncateUtf16(text, spec.length_max) : std::string_view(text);
    changes_.cells.emplace_back(*at, CellFromJson(table_, spec, value, database_.switches()));
    return *this;
  }
  Cells& Set(const std::string& column, Value value) {
    if (const auto at = table_.Find(column)) changes_.cells.emplace_back(*at, std::move(value));
    return *this;
  }
  Cells& Link(const std::string& column, const std::string& table, const std::string& id) {
    return id.empty() ? *this : Set(column, Reference{table, id});
  }

  std::string Create(const Caller& caller, const std::string& id = "") {
    WriteContext context{database_, caller, ""};
    context.silent = true;
    return CreateRow(context, table_, id.empty() ? std::nullopt : std::optional(id), changes_);
  }

 private:
  Database& database_;
  Table& table_;
  Changes changes_;
};

std::string NumberText(double number) {
  return DecimalText(static_cast<std::int64_t>(number * 1e10 + 0.5), kRateScale);
}

void SeedCurrencies(Database& database, const Caller& caller) {
  Table& table = database.At("transactioncurrency");
  double base = 1;
  for (const auto& currency : Currencies()) {
    if (currency.code == database.options().base_currency) base = currency.per_euro;
  }
  for (const auto& currency : Currencies()) {
    Cells(database, table)
        .Text("currencyname", currency.name)
        .Text("isocurrencycode", currency.code)
        .Text("currencysymbol", currency.symbol)
        .Set("currencyprecision", std::int64_t{currency.precision})
        .Set("exchangerate", ParseDecimal(NumberText(currency.per_euro / base), kRateScale).value())
        .Create(caller);
  }
}

class Seeder {
 public:
  Seeder(Database& database, std::string first_person)
      : database_(database), first_person_(std::move(first_person)) {
    Remember("systemuser", {"internalemailaddress"}, owners_);
    Remember("account", {"name", "address1_postalcode"}, accounts_);
    Remember("contact", {"parentcustomerid", "emailaddress1"}, contacts_);
  }

  std::string Seed(const SeedOpportunity& seed) {
    const Caller caller{OwnerOf(seed), false};
    const std::string account = AccountOf(seed, caller);
    const std::string contact = ContactOf(seed, account, caller);
    const std::string id = CreateOpportunity(seed, account, contact, caller);
    for (const auto& solution : seed.solutions) CreateSolution(solution, id, caller);
    if (seed.status_code > 2) Close(id, seed.status_code, caller);
    SetTimes(id, seed);
    return id;
  }

 private:
  // What earlier seeds and people have made is shared too.
  void Remember(const char* name, const std::vector<const char*>& columns,
                std::map<std::string, std::string>& index) {
    const Table& table = database_.At(name);
    for (const auto& [id, row] : table.rows()) {
      std::vector<std::string> parts;
      for (const auto* column : columns) {
        const std::size_t at = table.At(column);
        parts.push_back(FoldCase(
            CellText(table.columns()[at], row.cells[at], database_.switches()).value_or("")));
      }
      index[Join(parts, "\n")] = id;
    }
  }

  std::string Custom(const std::string& name) const { return database_.options().prefix + name; }

  std::string OwnerOf(const SeedOpportunity& seed) {
    if (!seed.owner) return first_person_;
    std::string& id = owners_[FoldCase(seed.owner->email)];
    if (id.empty()) id = SeedPerson(database_, *seed.owner);
    return id;
  }

  std::string AccountOf(const SeedOpportunity& seed, const Caller& caller) {
    if (seed.account.empty()) return "";
    std::string& id = accounts_[FoldCase(seed.account + "\n" + seed.account_postal_code)];
    if (!id.empty()) return id;
    id = Cells(database_, database_.At("account"))
             .Text("name", seed.account)
             .Text("address1_line1", seed.account_line1)
             .Text("address1_line2", seed.account_line2)
             .Text("address1_city", seed.account_city)
             .Text("address1_stateorprovince", seed.account_state)
             .Text("address1_postalcode", seed.account_postal_code)
             .Text("address1_country", seed.account_country)
             .Create(caller);
    return id;
  }

  std::string ContactOf(const SeedOpportunity& seed, const std::string& account,
                        const Caller& caller) {
    if (!seed.contact) return "";
    std::string& id = contacts_[account + "\n" + FoldCase(seed.contact->email)];
    if (!id.empty()) return id;
    id = Cells(database_, database_.At("contact"))
             .Text("firstname", seed.contact->first_name)
             .Text("lastname", seed.contact->last_name)
             .Text("emailaddress1", seed.contact->email)
             .Text("telephone1", seed.contact->phone)
             .Text("jobtitle", seed.contact->job_title)
             .Link("parentcustomerid", "account", account)
             .Create(caller);
    return id;
  }

  std::string CreateOpportunity(const SeedOpportunity& seed, const std::string& account,
                                const std::string& contact, const Caller& caller) {
    Cells cells(database_, database_.At("opportunity"));
    cells.Text("name", seed.name)
        .Text("description", seed.description)
        .Text("estimatedclosedate", seed.estimated_close_date)
        .Link("parentaccountid", "account", account)
        .Link("parentcontactid", "contact", contact)
        .Set("statuscode", std::int64_t{seed.status_code == 2 ? 2 : 1})
        .Set(Custom("syncwithpartnercenter"), seed.sync)
        .Text(Custom("products"), seed.products)
        .Text(Custom("referralidentifier"), seed.referral_id)
        .Text(Custom("referrallink"), seed.referral_link)
        .Text(Custom("microsoftcrmidentifier"), seed.microsoft_crm_id);
    if (seed.visible) cells.Set(Custom("referralvisibility"), *seed.visible);
    if (const auto amount = ParseDecimal(seed.estimated_value, kMoneyScale)) {
      cells.Set("estimatedvalue", *amount);
    }
    if (const Row* currency = database_.FindCurrency(seed.currency)) {
      cells.Link("transactioncurrencyid", "transactioncurrency", currency->id);
    }
    if (const auto help = HelpValue(seed.help)) cells.Set(Custom("howcanmicrosofthelp"), *help);
    return cells.Create(caller, seed.id);
  }

  std::optional<std::int64_t> HelpValue(const std::string& label) {
    const Table& table = database_.At("opportunity");
    const auto at = table.Find(Custom("howcanmicrosofthelp"));
    if (!at) return std::nullopt;
    for (const auto& option : table.columns()[*at].options) {
      if (EqualsIgnoreCase(option.label, label)) return option.value;
    }
    return std::nullopt;
  }

  void CreateSolution(const SeedSolutionRow& solution, const std::string& opportunity,
                      const Caller& caller) {
    const auto fill = [&](Cells cells) {
      return cells.Text(Custom("name"), solution.name)
          .Text(Custom("solutionidentifier"), solution.id)
          .Text(Custom("type"), "3P");
    };
    fill(Cells(database_, database_.At(Custom("microsoftsolution"))))
        .Link(Custom("opportunityid"), "opportunity", opportunity)
        .Create(caller);
    if (!catalogue_.insert(solution.id).second) return;
    fill(Cells(database_, database_.At(Custom("microsoftsolutiondetail")))).Create(caller);
  }

  void Close(const std::string& id, std::int64_t reason, const Caller& caller) {
    Table& table = database_.At("opportunity");
    const Row& row = *table.FindRow(id);
    const bool won = reason == 3;
    Changes changes;
    changes.cells.emplace_back(table.At("statecode"), std::int64_t{won ? 1 : 2});
    changes.cells.emplace_back(table.At("statuscode"), reason);
    changes.cells.emplace_back(table.At("actualclosedate"),
                               FormatSeconds(database_.Now()).substr(0, 10));
    if (won) changes.cells.emplace_back(table.At("actualvalue"), table.Cell(row, "estimatedvalue"));
    WriteContext context{database_, caller, ""};
    context.silent = true;
    UpdateRow(context, table, id, changes, {"Update", "update", std::nullopt, true});
  }

  void SetTimes(const std::string& id, const SeedOpportunity& seed) {
    Table& table = database_.At("opportunity");
    Row row = *table.FindRow(id);
    const auto set = [&](const char* column, const std::optional<Instant>& at) {
      if (at) row.cells[table.At(column)] = FormatSeconds(*at);
    };
    set("createdon", seed.created_at);
    set("modifiedon", seed.modified_at ? seed.modified_at : seed.created_at);
    database_.Put(table, std::move(row));
  }

  Database& database_;
  std::string first_person_;
  std::map<std::string, std::string> owners_;
  std::map<std::string, std::string> accounts_;
  std::map<std::string, std::string> contacts_;
  std::set<std::string> catalogue_;
};

}  // namespace

void SeedOrganization(Database& database) {
  Transaction transaction(database);
  const Caller caller{database.api_user_id(), false};
  Cells(database, database.At("systemuser"))
      .Text("lastname", "# cosell-sync")
      .Set("applicationid", database.NewId())
      .Create(caller, database.api_user_id());
  SeedCurrencies(database, caller);
  transaction.Commit();
}

std::string SeedPerson(Database& database, const SeedUser& user) {
  Transaction transaction(database);
  const std::string id = Cells(database, database.At("systemuser"))
                             .Text("firstname", user.first_name)
                             .Text("lastname", user.last_name)
                             .Text("internalemailaddress", user.email)
                             .Text("domainname", user.email)
                             .Text("address1_telephone1", user.phone)
                             .Set("azureactivedirectoryobjectid", database.NewId())
                             .Create({database.api_user_id(), false}, user.id);
  transaction.Commit();
  return id;
}

std::vector<std::string> SeedRows(Database& database, const std::string& first_person,
                                  const std::vector<SeedOpportunity>& seeds) {
  Transaction transaction(database);
  Seeder seeder(database, first_person);
  std::vector<std::string> ids;
  ids.reserve(seeds.size());
  for (const auto& seed : seeds) ids.push_back(seeder.Seed(seed));
  transaction.Commit();
  return ids;
}

}  // namespace cosell::sandbox::dataverse

#include "tools/sandbox/desk/dataverse_desk.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "tools/sandbox/dataverse/dataverse_world.h"
#include "tools/sandbox/desk/dataverse_leads.h"
#include "tools/sandbox/desk/dataverse_solutions.h"
#include "tools/sandbox/desk/seed_row.h"
#include "tools/sandbox/desk/words.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kDescriptionMax = 2'000;  // UTF-16 units of the description column
constexpr char kOpportunities[] = "opportunities";
constexpr char kAccounts[] = "accounts";
constexpr char kAccountLookup[] = "_parentaccountid_value";

const std::map<std::string, std::string>& Columns() {
  static const std::map<std::string, std::string> columns = {
      {"name", "name"},
      {"deal_value", "estimatedvalue"},
      {"closing_date", "estimatedclosedate"},
      {"notes", "description"},
      {"sync", "msft_syncwithpartnercenter"},
      {"referral_id", "msft_referralidentifier"},
      {"referral_link", "msft_referrallink"},
      {"help", "msft_howcanmicrosofthelp"},
      {"products", "msft_products"},
      {"audit", "msft_audit"},
      {"visibility", "msft_referralvisibility"},
      {"microsoft_crm_id", "msft_microsoftcrmidentifier"},
      {"referral_program", "msft_referralprogram"}};
  return columns;
}

// Option values of How can Microsoft help?, in order from 100000000.
constexpr std::array<std::string_view, 6> kHelp = {"Workload Specific Value Proposition",
                                                   "Customer Technical Architecture",
                                                   "Proof Of Concept Or Demo",
                                                   "Quotes Or Licensing",
                                                   "Post Sales Customer Success",
                                                   "General Or Other"};
constexpr int kHelpFirst = 100'000'000;

Json HelpOption(const Json& label) {
  if (!label.is_string()) return label;
  for (std::size_t i = 0; i < kHelp.size(); ++i) {
    if (EqualsIgnoreCase(kHelp[i], label.get_ref<const std::string&>()))
      return kHelpFirst + static_cast<int>(i);
  }
  return label;
}

std::string HelpLabel(const std::string& option) {
  for (std::size_t i = 0; i < kHelp.size(); ++i) {
    if (option == std::to_string(kHelpFirst + static_cast<int>(i))) return std::string(kHelp[i]);
  }
  return option;
}

int StatusCode(SeedCrmState state) {
  switch (state) {
    case SeedCrmState::in_progress:
      return 1;
    case SeedCrmState::on_hold:
      return 2;
    case SeedCrmState::won:
      return 3;
    case SeedCrmState::cancelled:
      return 4;
    case SeedCrmState::lost:
      return 5;
  }
  return 1;
}

SeedOpportunity RowOf(const SeedDeal& deal, const std::string& link_template) {
  SeedOpportunity row;
  FillRow(deal, link_template, row);
  if (deal.contact)
    row.contact = SeedContact{deal.contact->first_name, deal.contact->last_name,
                              deal.contact->email, deal.contact->phone, deal.contact->title};
  row.owner =
      SeedUser{"", deal.owner.first_name, deal.owner.last_name, deal.owner.email, deal.owner.phone};
  row.description =
      std::string(TruncateUtf16(ReplaceAll(deal.notes, "\r\n", "\n"), kDescriptionMax));
  row.status_code = StatusCode(deal.crm_state);
  row.products = deal.products;
  return row;
}

class DataverseDesk final : public CrmDesk {
 public:
  explicit DataverseDesk(DataverseWorld& world) : world_(world), leads_(world), solutions_(world) {}

  CrmProduct product() const override { return CrmProduct::dynamics365; }
  std::string_view service() const override { return "dataverse"; }
  std::string IdFor(int number) const override {
    std::string digits = std::to_string(number);
    digits.insert(0, 12 - std::min<std::size_t>(12, digits.size()), '0');
    return "0b000000-0000-4000-8000-" + digits;
  }

  std::vector<std::string> Open(const std::vector<SeedDeal>& deals,
                                const std::string& link_template) override {
    std::vector<SeedOpportunity> rows;
    for (const SeedDeal& deal : deals) rows.push_back(RowOf(deal, link_template));
    return world_.Seed(rows);
  }

  Status Set(const std::string& id, const std::string& fields) override {
    const Json words = Json::parse(fields);
    Json columns = Json::object();
    for (const auto& field : words.items()) {
      const auto column = Columns().find(field.key());
      if (column == Columns().end()) return NoSuchWord(field.key());
      columns[column->second] = field.key() == "help" ? HelpOption(field.value()) : field.value();
    }
    return world_.Edit(Seller(), kOpportunities, id, columns.dump());
  }

  Status HandOver(const std::string& id, const std::string& to_owner_of) override {
    const auto row = world_.Row(kOpportunities, to_owner_of);
    const std::string owner = row ? row->Cell("_ownerid_value").value_or("") : "";
    const Json bind = {{"ownerid@odata.bind", "/systemusers(" + owner + ")"}};
    return world_.Edit(Seller(), kOpportunities, id, bind.dump());
  }

  Status SetAccount(const std::string& id, const std::string& fields) override {
    static const std::map<std::string, std::string> columns = {
        {"name", "name"},
        {"city", "address1_city"},
        {"postal_code", "address1_postalcode"},
        {"country", "address1_country"}};
    const auto renamed = Renamed(columns, fields);
    if (!renamed) return renamed.error();
    const auto account = AccountOf(id);
    if (!account) return account.error();
    return world_.Edit(Seller(), kAccounts, *account, *renamed);
  }

  Status Move(const std::string& id, SeedCrmState state) override {
    const int code = StatusCode(state);
    DataverseWorld::Closing closing;
    closing.status = code;
    if (state == SeedCrmState::won) return world_.Win(Seller(), id, closing);
    if (code > 3) return world_.Lose(Seller(), id, closing);
    const auto row = world_.Row(kOpportunities, id);
    if (row && row->Cell("statecode") != "0") return world_.Reopen(Seller(), id, code);
    return world_.Edit(Seller(), kOpportunities, id, Json{{"statuscode", code}}.dump());
  }

  Status Delete(const std::string& id) override {
    return world_.Delete(Seller(), kOpportunities, id);
  }
  // The contract knows no way back.
  Status Undelete(const std::string&) override {
    return Error{ErrorKind::refused, "Dataverse keeps no deleted rows"};
  }

  // The contract is silent on merging: what hung on the second account is hung on the first, and
  // the second is left without any.
  Status MergeCustomers(const std::string& id, const std::string& other) override {
    const auto kept = AccountOf(id);
    const auto ended = AccountOf(other);
    if (!kept || !ended) return kept ? ended.error() : kept.error();
    if (*kept == *ended) return Error{ErrorKind::refused, "the two deals have one customer"};
    for (const RowView& row : world_.Rows(kOpportunities)) {
      if (row.Cell(kAccountLookup) != *ended) continue;
      const Json moved = {{"parentaccountid@odata.bind", "/accounts(" + *kept + ")"}};
      // A closed row stays with the account it was closed with.
      [[maybe_unused]] const Status done =
          world_.Edit(Seller(), kOpportunities, row.id, moved.dump());
    }
    return Done{};
  }
  Status DeleteCustomer(const std::string& id) override {
    const auto account = AccountOf(id);
    if (!account) return account.error();
    return world_.Delete(Seller(), kAccounts, *account);
  }

  Result<std::string> OpenLead(const std::string& fields) override { return leads_.Open(fields); }
  Status SetLead(const std::string& id, const std::string& fields) override {
    return leads_.Set(id, fields);
  }
  Result<std::string> QualifyLead(const std::string& id, bool opportunity) override {
    return leads_.Qualify(id, opportunity);
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

  std::vector<std::string> Opportunities() const override {
    std::vector<std::string> ids;
    for (const RowView& row : world_.Rows(kOpportunities)) ids.push_back(row.id);
    return ids;
  }
  std::size_t Accounts() const override { return world_.Rows(kAccounts).size(); }
  std::size_t Contacts() const override { return world_.Rows("contacts").size(); }
  std::size_t ServiceWrites() const override {
    const auto& journal = world_.journal();
    return static_cast<std::size_t>(std::count_if(journal.begin(), journal.end(),
                                                  [](const auto& write) { return write.by_api; }));
  }

  std::optional<std::string> Value(const std::string& id, const std::string& word) const override {
    const auto row = world_.Row(kOpportunities, id);
    if (!row) return std::nullopt;
    if (word == "state") return StateOf(*row);
    if (word == "currency")
      return RelatedOf(*row, "_transactioncurrencyid_value", "transactioncurrencies",
                       "isocurrencycode");
    if (word == "account") return RelatedOf(*row, kAccountLookup, kAccounts, "name");
    if (word == "contact") return RelatedOf(*row, "_parentcontactid_value", "contacts", "lastname");
    const auto column = Columns().find(word);
    if (column == Columns().end()) return std::nullopt;
    auto value = row->Cell(column->second);
    if (value && word == "deal_value") value = PlainDecimal(*value);
    if (value && word == "help") value = HelpLabel(*value);
    return value;
  }

  void ForgetChanges() override { world_.ExpireChangeTracking(); }
  Notifications notifications() const override {
    const auto& switches = world_.switches();
    return {switches.push_lost, switches.push_twice, switches.push_shuffled, switches.push_delay};
  }
  void SetNotifications(const Notifications& how) override {
    auto& switches = world_.switches();
    switches.push_lost = how.lost;
    switches.push_twice = how.twice;
    switches.push_shuffled = how.shuffled;
    switches.push_delay = how.delay;
  }

 private:
  std::string Seller() const { return world_.people().front(); }

  Result<std::string> AccountOf(const std::string& id) const {
    const auto row = world_.Row(kOpportunities, id);
    const auto account = row ? row->Cell(kAccountLookup) : std::nullopt;
    if (!account) return Error{ErrorKind::not_found, "the deal has no account"};
    return *account;
  }

  static std::string StateOf(const RowView& row) {
    const std::string state = row.Cell("statecode").value_or("0");
    if (state != "0") return state == "1" ? "won" : "lost";
    return row.Cell("statuscode") == "2" ? "new" : "active";
  }

  std::optional<std::string> RelatedOf(const RowView& row, const std::string& lookup,
                                       const std::string& set, const std::string& column) const {
    const auto id = row.Cell(lookup);
    const auto related = id ? world_.Row(set, *id) : std::nullopt;
    return related ? related->Cell(column) : std::nullopt;
  }

  DataverseWorld& world_;
  DataverseLeads leads_;
  DataverseSolutions solutions_;
};

}  // namespace

std::unique_ptr<CrmDesk> MakeDataverseDesk(DataverseWorld& world) {
  return std::make_unique<DataverseDesk>(world);
}

}  // namespace cosell::sandbox

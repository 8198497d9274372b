#include "tools/sandbox/desk/dataverse_desk.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "tools/sandbox/dataverse/dataverse_world.h"
#include "tools/sandbox/desk/seed_row.h"
#include "tools/sandbox/desk/words.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kDescriptionMax = 2'000;  // UTF-16 units of the description column
constexpr char kOpportunities[] = "opportunities";

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
  explicit DataverseDesk(DataverseWorld& world) : world_(world) {}

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

  Status SetAccount(const std::string& id, const std::string& fields) override {
    static const std::map<std::string, std::string> columns = {
        {"name", "name"},
        {"city", "address1_city"},
        {"postal_code", "address1_postalcode"},
        {"country", "address1_country"}};
    const auto renamed = Renamed(columns, fields);
    if (!renamed) return renamed.error();
    const auto row = world_.Row(kOpportunities, id);
    const auto account = row ? row->Cell("_parentaccountid_value") : std::nullopt;
    if (!account) return Error{ErrorKind::not_found, "the deal has no account"};
    return world_.Edit(Seller(), "accounts", *account, *renamed);
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

  std::vector<std::string> Opportunities() const override {
    std::vector<std::string> ids;
    for (const RowView& row : world_.Rows(kOpportunities)) ids.push_back(row.id);
    return ids;
  }
  std::size_t Accounts() const override { return world_.Rows("accounts").size(); }
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
    if (word == "account") return RelatedOf(*row, "_parentaccountid_value", "accounts", "name");
    if (word == "contact") return RelatedOf(*row, "_parentcontactid_value", "contacts", "lastname");
    const auto column = Columns().find(word);
    if (column == Columns().end()) return std::nullopt;
    auto value = row->Cell(column->second);
    if (value && word == "deal_value") value = PlainDecimal(*value);
    if (value && word == "help") value = HelpLabel(*value);
    return value;
  }

  void ForgetChanges() override { world_.ExpireChangeTracking(); }
  void LoseNotifications(bool lost) override { world_.switches().push_lost = lost; }

 private:
  std::string Seller() const { return world_.people().front(); }

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
};

}  // namespace

std::unique_ptr<CrmDesk> MakeDataverseDesk(DataverseWorld& world) {
  return std::make_unique<DataverseDesk>(world);
}

}  // namespace cosell::sandbox

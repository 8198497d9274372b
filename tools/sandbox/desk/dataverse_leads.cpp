#include "tools/sandbox/desk/dataverse_leads.h"

#include <map>
#include <nlohmann/json.hpp>

#include "tools/sandbox/dataverse/dataverse_world.h"
#include "tools/sandbox/desk/words.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

constexpr char kLeads[] = "leads";
constexpr char kCurrencies[] = "transactioncurrencies";

// Those of the co-sell columns without their prefix.
const std::map<std::string, std::string>& Columns() {
  static const std::map<std::string, std::string> columns = {{"name", "subject"},
                                                             {"company", "companyname"},
                                                             {"first_name", "firstname"},
                                                             {"last_name", "lastname"},
                                                             {"email", "emailaddress1"},
                                                             {"phone", "telephone1"},
                                                             {"country", "address1_country"},
                                                             {"deal_value", "estimatedamount"},
                                                             {"closing_date", "estimatedclosedate"},
                                                             {"notes", "description"}};
  return columns;
}

const std::map<std::string, std::string>& CosellColumns() {
  static const std::map<std::string, std::string> columns = {{"sync", "syncwithpartnercenter"},
                                                             {"referral_id", "referralidentifier"},
                                                             {"referral_link", "referrallink"},
                                                             {"audit", "audit"}};
  return columns;
}

std::optional<std::string> ColumnOf(const DataverseWorld& world, const std::string& word) {
  if (const auto found = Columns().find(word); found != Columns().end()) return found->second;
  const auto cosell = CosellColumns().find(word);
  if (cosell == CosellColumns().end()) return std::nullopt;
  return world.Column(cosell->second);
}

Result<std::string> CurrencyBind(const DataverseWorld& world, const std::string& code) {
  for (const RowView& row : world.Rows(kCurrencies)) {
    if (row.Cell("isocurrencycode") == code) return "/transactioncurrencies(" + row.id + ")";
  }
  return Error{ErrorKind::invalid_input, "the organisation has no currency " + code};
}

std::string StateOf(const RowView& row) {
  const std::string state = row.Cell("statecode").value_or("0");
  if (state == "0") return "new";
  return state == "1" ? "qualified" : "disqualified";
}

}  // namespace

Result<std::string> DataverseLeads::Open(const std::string& fields) {
  const auto body = Body(fields);
  if (!body) return body.error();
  return world_.Create(Seller(), kLeads, *body);
}

Status DataverseLeads::Set(const std::string& id, const std::string& fields) {
  const auto body = Body(fields);
  if (!body) return body.error();
  return world_.Edit(Seller(), kLeads, id, *body);
}

Result<std::string> DataverseLeads::Qualify(const std::string& id, bool opportunity) {
  return world_.Qualify(Seller(), id, opportunity);
}

Status DataverseLeads::Disqualify(const std::string& id) { return world_.Disqualify(Seller(), id); }

Status DataverseLeads::Delete(const std::string& id) { return world_.Delete(Seller(), kLeads, id); }

std::vector<std::string> DataverseLeads::All() const {
  std::vector<std::string> ids;
  for (const RowView& row : world_.Rows(kLeads)) ids.push_back(row.id);
  return ids;
}

std::optional<std::string> DataverseLeads::Value(const std::string& id,
                                                 const std::string& word) const {
  const auto row = world_.Row(kLeads, id);
  if (!row) return std::nullopt;
  if (word == "state") return StateOf(*row);
  if (word == "became") {
    for (const RowView& deal : world_.Rows("opportunities")) {
      if (deal.Cell("_originatingleadid_value") == id) return deal.id;
    }
    return std::nullopt;
  }
  if (word == "currency") {
    const auto currency = row->Cell("_transactioncurrencyid_value");
    const auto known = currency ? world_.Row(kCurrencies, *currency) : std::nullopt;
    return known ? known->Cell("isocurrencycode") : std::nullopt;
  }
  const auto column = ColumnOf(world_, word);
  auto value = column ? row->Cell(*column) : std::nullopt;
  if (value && word == "deal_value") value = PlainDecimal(*value);
  return value;
}

Result<std::string> DataverseLeads::Body(const std::string& fields) const {
  const Json words = Json::parse(fields);
  Json body = Json::object();
  for (const auto& field : words.items()) {
    if (field.key() == "currency") {
      const auto bind = CurrencyBind(world_, field.value());
      if (!bind) return bind.error();
      body["transactioncurrencyid@odata.bind"] = *bind;
      continue;
    }
    const auto column = ColumnOf(world_, field.key());
    if (!column) return NoSuchWord(field.key());
    body[*column] = field.value();
  }
  return body.dump();
}

std::string DataverseLeads::Seller() const { return world_.people().front(); }

}  // namespace cosell::sandbox

#include "support/memory_schema.h"

#include <algorithm>
#include <span>

#include "base/text.h"
#include "base/time.h"

namespace cosell::test {
namespace {

using Json = nlohmann::json;

struct Known {
  const char* name;
  const char* type;
  std::size_t length_max = 0;  // 0: no limit
};

constexpr Known kColumns[] = {{"name", "text", 300},
                              {"description", "memo", 2000},
                              {"estimatedvalue", "money"},
                              {"estimatedclosedate", "date"},
                              {"transactioncurrencyid", "lookup"},
                              {"parentaccountid", "lookup"},
                              {"parentcontactid", "lookup"},
                              {"ownerid", "lookup"},
                              {"statecode", "status"},
                              {"statuscode", "status"},
                              {"msft_syncwithpartnercenter", "boolean"},
                              {"msft_referralidentifier", "text", 100},
                              {"msft_referrallink", "text", 500},
                              {"msft_howcanmicrosofthelp", "choice"},
                              {"msft_products", "text", 2000},
                              {"msft_audit", "memo", 2000},
                              {"msft_referralvisibility", "boolean"},
                              {"msft_microsoftcrmidentifier", "text", 100},
                              {"msft_referralprogram", "text", 100}};

constexpr Known kLeadColumns[] = {{"subject", "text", 300},
                                  {"firstname", "text", 50},
                                  {"lastname", "text", 50},
                                  {"companyname", "text", 100},
                                  {"emailaddress1", "text", 100},
                                  {"telephone1", "text", 50},
                                  {"address1_country", "text", 80},
                                  {"description", "memo", 2000},
                                  {"estimatedamount", "money"},
                                  {"estimatedclosedate", "date"},
                                  {"transactioncurrencyid", "lookup"},
                                  {"parentaccountid", "lookup"},
                                  {"parentcontactid", "lookup"},
                                  {"qualifyingopportunityid", "lookup"},
                                  {"ownerid", "lookup"},
                                  {"statecode", "status"},
                                  {"statuscode", "status"},
                                  {"msft_syncwithpartnercenter", "boolean"},
                                  {"msft_referralidentifier", "text", 100},
                                  {"msft_referrallink", "text", 500},
                                  {"msft_audit", "memo", 2000}};

// State by status reason, from 1: New, Contacted; Qualified; Lost to Canceled.
constexpr int kLeadStates[] = {0, 0, 1, 2, 2, 2, 2};

constexpr const char* kHelp[] = {"Workload Specific Value Proposition",
                                 "Customer Technical Architecture",
                                 "Proof Of Concept or Demo",
                                 "Quotes or Licensing",
                                 "Post Sales Customer Success",
                                 "General or Other"};

Error Refuse(const std::string& column, const std::string& why) {
  Error error;
  error.kind = ErrorKind::refused;
  error.message = "Column " + column + " " + why;
  return error;
}

Result<Json> FitText(const CrmColumn& column, const Json& value) {
  if (!value.is_string()) return Refuse(column.name, "takes a text");
  const auto& text = value.get_ref<const std::string&>();
  if (Utf16Length(text) > column.length_max.value_or(0)) {
    return Refuse(column.name, "takes at most " + std::to_string(*column.length_max) +
                                   " characters: shorten the text");
  }
  return text.empty() ? Json(nullptr) : value;
}

Result<Json> FitChoice(const CrmColumn& column, const std::string& text) {
  for (const auto& [label, option] : column.choices) {
    if (EqualsIgnoreCase(label, text)) return Json(label);
  }
  return Refuse(column.name, "has no such choice: correct the mapping");
}

Result<Json> FitCurrency(const CrmSchema& schema, const CrmColumn& column,
                         const std::string& code) {
  const auto& known = schema.currencies;
  if (std::find(known.begin(), known.end(), code) != known.end()) return Json(code);
  return Refuse(column.name, "takes one of the organisation's currencies, not " + code);
}

Result<Json> Fit(const CrmSchema& schema, const CrmColumn& column, const Json& value) {
  if (!column.updatable) return Refuse(column.name, "is read only");
  if (value.is_null()) return value;
  const std::string text = value.is_string() ? value.get<std::string>() : "";
  const bool number = column.type == "money" || column.type == "status";
  if (number && !value.is_number()) return Refuse(column.name, "takes a number");
  if (column.type == "boolean" && !value.is_boolean())
    return Refuse(column.name, "takes true or false");
  if (column.type == "text" || column.type == "memo") return FitText(column, value);
  if (column.type == "choice") return FitChoice(column, text);
  if (column.name == schema.roles.at("currency")) return FitCurrency(schema, column, text);
  if (column.type != "date") return value;
  const auto date = CalendarDate(text);
  if (!date) return Refuse(column.name, "takes a date such as 2026-09-30");
  return Json(*date);
}

std::map<std::string, CrmColumn> ColumnsOf(std::span<const Known> known,
                                           std::initializer_list<std::string_view> read_only) {
  std::map<std::string, CrmColumn> columns;
  for (const Known& each : known) {
    const bool writable =
        std::find(read_only.begin(), read_only.end(), each.name) == read_only.end();
    CrmColumn column;
    column.name = each.name;
    column.type = each.type;
    column.creatable = column.updatable = writable;
    if (each.length_max > 0) column.length_max = each.length_max;
    columns.emplace(each.name, std::move(column));
  }
  return columns;
}

RecordSchema LeadSchema() {
  return {{{"sync", "msft_syncwithpartnercenter"},
           {"referral_id", "msft_referralidentifier"},
           {"referral_link", "msft_referrallink"},
           {"audit", "msft_audit"},
           {"deal_value", "estimatedamount"},
           {"currency", "transactioncurrencyid"},
           {"closing_date", "estimatedclosedate"},
           {"country_code", "address1_country"},
           {"status", "statuscode"},
           {"became", "qualifyingopportunityid"}},
          ColumnsOf(kLeadColumns, {"qualifyingopportunityid"})};
}

}  // namespace

CrmSchema MemorySchema(const std::vector<std::string>& currencies, const std::string& user_id) {
  CrmSchema schema;
  schema.columns = ColumnsOf(kColumns, {"statecode"});
  schema.lead = LeadSchema();
  schema.can_qualify = true;
  int option = 100'000'000;
  for (const char* label : kHelp) {
    schema.columns["msft_howcanmicrosofthelp"].choices[label] = std::to_string(option++);
  }
  schema.roles = {{"sync", "msft_syncwithpartnercenter"},
                  {"referral_id", "msft_referralidentifier"},
                  {"referral_link", "msft_referrallink"},
                  {"help", "msft_howcanmicrosofthelp"},
                  {"products", "msft_products"},
                  {"audit", "msft_audit"},
                  {"visibility", "msft_referralvisibility"},
                  {"microsoft_crm_id", "msft_microsoftcrmidentifier"},
                  {"program", "msft_referralprogram"},
                  {"deal_value", "estimatedvalue"},
                  {"currency", "transactioncurrencyid"},
                  {"closing_date", "estimatedclosedate"},
                  {"country_code", "address1_country"}};
  schema.currencies = currencies;
  schema.user_id = user_id;
  return schema;
}

Result<nlohmann::json> FitColumns(const CrmSchema& schema, RecordKind kind,
                                  const std::vector<Attribute>& attributes) {
  const auto& columns = kind == RecordKind::lead ? schema.lead->columns : schema.columns;
  Json fitted = Json::object();
  for (const Attribute& each : attributes) {
    const auto column = columns.find(each.name);
    if (column == columns.end()) return Refuse(each.name, "does not exist");
    auto value = Fit(schema, column->second, Json::parse(each.json));
    if (!value) return value.error();
    fitted[each.name] = *std::move(value);
  }
  return fitted;
}

std::optional<int> StateOfLeadReason(const nlohmann::json& reason) {
  const int at = reason.is_number_integer() ? reason.get<int>() - 1 : -1;
  if (at < 0 || at >= static_cast<int>(std::size(kLeadStates))) return std::nullopt;
  return kLeadStates[at];
}

}  // namespace cosell::test

#include "support/memory_schema.h"

#include <algorithm>

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

}  // namespace

CrmSchema MemorySchema(const std::vector<std::string>& currencies, const std::string& user_id) {
  CrmSchema schema;
  for (const Known& known : kColumns) {
    const bool writable = std::string_view(known.name) != "statecode";
    CrmColumn column{known.name, known.type, std::nullopt, writable, writable, {}};
    if (known.length_max > 0) column.length_max = known.length_max;
    schema.columns.emplace(known.name, std::move(column));
  }
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

Result<nlohmann::json> FitColumns(const CrmSchema& schema,
                                  const std::vector<Attribute>& attributes) {
  Json fitted = Json::object();
  for (const Attribute& each : attributes) {
    const auto column = schema.columns.find(each.name);
    if (column == schema.columns.end()) return Refuse(each.name, "does not exist");
    auto value = Fit(schema, column->second, Json::parse(each.json));
    if (!value) return value.error();
    fitted[each.name] = *std::move(value);
  }
  return fitted;
}

}  // namespace cosell::test

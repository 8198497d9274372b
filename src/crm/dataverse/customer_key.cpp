#include "crm/dataverse/customer_key.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "crm/dataverse/odata.h"
#include "model/digest.h"

namespace cosell::dataverse {
namespace {

using Json = nlohmann::json;

// Text of a flat value; empty for null and "".
std::string PlainText(const Attribute& attribute) {
  const Json value = Json::parse(attribute.json, nullptr, false);
  if (value.is_string()) return std::string(Trim(value.get<std::string>()));
  return value.is_primitive() && !value.is_null() && !value.is_discarded() ? value.dump() : "";
}

bool IsText(const Attribute& attribute) {
  return Json::parse(attribute.json, nullptr, false).is_string();
}

std::vector<Attribute> Named(const std::vector<Attribute>& attributes,
                             std::initializer_list<std::string_view> names) {
  std::vector<Attribute> found;
  for (const std::string_view name : names) {
    for (const Attribute& each : attributes) {
      if (each.name == name && !PlainText(each).empty()) found.push_back(each);
    }
  }
  return found;
}

}  // namespace

std::string CustomerKey::Text() const {
  std::vector<std::string> parts;
  if (!account_id.empty()) parts.push_back(account_id);
  for (const Attribute& each : match) parts.push_back(ToLower(PlainText(each)));
  return Join(parts, "|");
}

std::string CustomerKey::DerivedId(const Table& table) const {
  return DerivedGuid(table.logical_name, Text());
}

std::string CustomerKey::SearchPath(const Table& table) const {
  Query query;
  query.entity_set = table.entity_set;
  query.select = table.id_column;
  for (const Attribute& each : match) {
    const std::string text = PlainText(each);
    query.filter += each.name + " eq " + (IsText(each) ? QuoteLiteral(text) : text) + " and ";
  }
  if (!account_id.empty()) query.filter += "_parentcustomerid_value eq " + account_id + " and ";
  query.filter += "statecode eq 0";
  query.orderby = "createdon asc";
  query.top = "2";
  return Print(query);
}

CustomerKey KeyOf(const RelatedRecord& record, const std::string& account_id) {
  CustomerKey key;
  key.account_id = account_id;
  for (const Attribute& each : record.match) {
    if (!PlainText(each).empty()) key.match.push_back(each);
  }
  if (key.empty()) key.match = Named(record.attributes, {"emailaddress1"});
  if (key.empty()) key.match = Named(record.attributes, {"firstname", "lastname"});
  if (key.empty()) key.match = Named(record.attributes, {"name"});
  return key;
}

}  // namespace cosell::dataverse

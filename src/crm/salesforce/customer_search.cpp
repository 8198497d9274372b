#include "crm/salesforce/customer_search.h"

#include <Poco/UTF8String.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/record_id.h"
#include "base/text.h"
#include "crm/salesforce/errors.h"
#include "crm/salesforce/queries.h"
#include "crm/salesforce/soql.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;
using Group = std::vector<const CustomerKey*>;

constexpr const char* kAccountLookup = "AccountId";

std::vector<Attribute> Named(const std::vector<Attribute>& attributes,
                             std::initializer_list<std::string_view> names) {
  std::vector<Attribute> found;
  for (const std::string_view name : names) {
    for (const Attribute& each : attributes) {
      if (each.name == name && !PlainText(each.json).empty()) found.push_back(each);
    }
  }
  return found;
}

std::vector<Attribute> MatchOf(const RelatedRecord& record) {
  std::vector<Attribute> match;
  for (const Attribute& each : record.match) {
    if (!PlainText(each.json).empty()) match.push_back(each);
  }
  if (match.empty()) match = Named(record.attributes, {"Email"});
  if (match.empty()) match = Named(record.attributes, {"FirstName", "LastName"});
  if (match.empty()) match = Named(record.attributes, {"Name"});
  return match;
}

bool Comparable(const Field* field) {
  return field != nullptr && (field->type == FieldType::text || field->type == FieldType::link ||
                              field->type == FieldType::choice);
}

Error NotComparable(const Object& object, const std::string& field) {
  return Refusal("The " + object.name + " has no text field " + field +
                 " that may be read, so a deal's customer cannot be looked up by it: correct "
                 "`match` in the mapping, or give the integration user's permission set access to "
                 "the field");
}

// Keys of the same fields share their queries.
std::vector<Group> Grouped(const std::vector<CustomerKey>& keys) {
  std::map<std::string, Group> groups;
  for (const CustomerKey& key : keys) {
    std::string fields = key.account_id.empty() ? "" : kAccountLookup;
    for (const Attribute& each : key.attributes) fields += "," + each.name;
    groups[fields].push_back(&key);
  }
  std::vector<Group> out;
  for (auto& [fields, group] : groups) out.push_back(std::move(group));
  return out;
}

// Lists of all values a field may have: more than the keys ask for, never less. Who matches is
// decided on the rows.
std::string QueryFor(const Object& object,
                     const std::map<std::string, std::set<std::string>>& lists) {
  SelectStatement statement;
  statement.fields = {"Id"};
  std::vector<std::string> conditions;
  for (const auto& [field, texts] : lists) {
    statement.fields.push_back(field);
    conditions.push_back(In(field, std::vector<std::string>(texts.begin(), texts.end())));
  }
  statement.from = object.name;
  statement.where = All(conditions);
  statement.order_by = "CreatedDate, Id";
  return Print(statement);
}

std::vector<std::string> QueriesFor(const Object& object, const Group& group) {
  std::vector<std::string> queries;
  std::map<std::string, std::set<std::string>> lists;
  std::size_t length = 0;
  const auto add = [&](const std::string& field, const std::string& text) {
    if (lists[field].insert(text).second) length += text.size() + 3;
  };
  for (const CustomerKey* key : group) {
    if (!key->account_id.empty()) add(kAccountLookup, key->account_id);
    for (const Attribute& each : key->attributes) add(each.name, each.json);
    if (length > kListLengthMax) {
      queries.push_back(QueryFor(object, lists));
      lists.clear();
      length = 0;
    }
  }
  if (!lists.empty()) queries.push_back(QueryFor(object, lists));
  return queries;
}

std::string TextAt(const Json& row, const std::string& field) {
  const auto found = row.find(field);
  return found != row.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

// The key this row would have been found by.
CustomerKey KeyOfRow(const Json& row, const CustomerKey& like) {
  CustomerKey key;
  if (!like.account_id.empty()) {
    key.account_id = NormalizeSalesforceId(TextAt(row, kAccountLookup)).value_or("");
  }
  for (const Attribute& each : like.attributes) {
    key.attributes.push_back({each.name, TextAt(row, each.name)});
  }
  return key;
}

}  // namespace

std::string PlainText(const std::string& json) {
  const Json value = Json::parse(json, nullptr, false);
  return value.is_string() ? std::string(Trim(value.get_ref<const std::string&>())) : std::string{};
}

std::string CustomerKey::Text() const {
  std::string text = account_id;
  for (const Attribute& each : attributes) {
    text += "\n" + each.name + "=" + Poco::UTF8::toLower(std::string(Trim(each.json)));
  }
  return text;
}

Result<CustomerKey> KeyOf(const Object& object, const RelatedRecord& record,
                          const std::string& account_id) {
  CustomerKey key;
  key.account_id = account_id;
  for (const Attribute& each : MatchOf(record)) {
    const Field* field = object.FindIgnoringCase(each.name);
    if (!Comparable(field)) return NotComparable(object, each.name);
    key.attributes.push_back({field->name, PlainText(each.json)});
  }
  return key;
}

Result<std::map<std::string, CustomerMatch>> FindCustomers(Rest& rest, const Object& object,
                                                           const std::vector<CustomerKey>& keys) {
  const std::string what = "search for the " + ToLower(object.name);
  std::map<std::string, CustomerMatch> matches;
  for (const Group& group : Grouped(keys)) {
    const auto take = [&](const net::ApiAnswer& page) -> Result<std::string> {
      const Json json = Json::parse(page.response.body, nullptr, false);
      if (!json.is_object() || !json.contains("records") || !json["records"].is_array()) {
        return UnreadableAnswer(page, what);
      }
      for (const Json& row : json["records"]) {
        if (!row.is_object()) continue;
        CustomerMatch& match = matches[KeyOfRow(row, *group.front()).Text()];
        if (match.id.empty()) match.id = NormalizeSalesforceId(TextAt(row, "Id")).value_or("");
        ++match.count;
      }
      return TextAt(json, "nextRecordsUrl");
    };
    const Status ran = RunQueries(rest, QueriesFor(object, group), what, {}, take);
    if (!ran) return ran.error();
  }
  return matches;
}

}  // namespace cosell::salesforce

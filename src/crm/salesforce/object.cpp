#include "crm/salesforce/object.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;

std::string TextAt(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

bool FlagAt(const Json& object, const char* member, bool otherwise) {
  const auto found = object.find(member);
  return found != object.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

const Json& ArrayAt(const Json& object, const char* member) {
  static const Json kNone = Json::array();
  const auto found = object.find(member);
  return found != object.end() && found->is_array() ? *found : kNone;
}

FieldType TypeOf(std::string_view type) {
  static const std::map<std::string_view, FieldType> kTypes = {
      {"url", FieldType::link},
      {"email", FieldType::link},
      {"textarea", FieldType::memo},
      {"currency", FieldType::money},
      {"double", FieldType::number},
      {"int", FieldType::number},
      {"long", FieldType::number},
      {"percent", FieldType::number},
      {"date", FieldType::date},
      {"datetime", FieldType::datetime},
      {"boolean", FieldType::boolean},
      {"picklist", FieldType::choice},
      {"multipicklist", FieldType::multi_choice},
      {"reference", FieldType::reference},
      {"address", FieldType::compound},
      {"location", FieldType::compound},
      {"base64", FieldType::compound},
  };
  const auto found = kTypes.find(type);
  return found == kTypes.end() ? FieldType::text : found->second;
}

bool HasLength(FieldType type) {
  return type == FieldType::text || type == FieldType::link || type == FieldType::memo;
}

void ReadValues(const Json& json, Field& field) {
  for (const Json& each : ArrayAt(json, "picklistValues")) {
    if (!each.is_object() || !FlagAt(each, "active", true)) continue;
    field.values.push_back({TextAt(each, "value"), TextAt(each, "label")});
  }
}

Field ToField(const Json& json) {
  Field field;
  field.name = TextAt(json, "name");
  field.label = TextAt(json, "label");
  field.type = TypeOf(TextAt(json, "type"));
  const auto length = json.find("length");
  if (HasLength(field.type) && length != json.end() && length->is_number_unsigned() &&
      length->get<std::size_t>() > 0) {
    field.length_max = length->get<std::size_t>();
  }
  field.creatable = FlagAt(json, "createable", true);
  field.updatable = FlagAt(json, "updateable", true);
  field.required = field.creatable && field.type != FieldType::boolean &&
                   !FlagAt(json, "nillable", true) && !FlagAt(json, "defaultedOnCreate", false);
  field.calculated = FlagAt(json, "calculated", false);
  field.external_id = FlagAt(json, "externalId", false);
  field.unique = FlagAt(json, "unique", false);
  field.restricted = FlagAt(json, "restrictedPicklist", false);
  ReadValues(json, field);
  field.relationship = TextAt(json, "relationshipName");
  return field;
}

}  // namespace

const PicklistValue* Field::FindValue(std::string_view text) const {
  for (const PicklistValue& each : values) {
    if (EqualsIgnoreCase(each.value, text)) return &each;
  }
  for (const PicklistValue& each : values) {
    if (EqualsIgnoreCase(each.label, text)) return &each;
  }
  return nullptr;
}

const Field* Object::Find(std::string_view name) const {
  const auto found = fields.find(std::string(name));
  return found == fields.end() ? nullptr : &found->second;
}

const Field* Object::FindIgnoringCase(std::string_view name) const {
  if (const Field* exact = Find(name)) return exact;
  for (const auto& [own, field] : fields) {
    if (EqualsIgnoreCase(own, name)) return &field;
  }
  return nullptr;
}

std::optional<Object> ParseDescribe(std::string_view body) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object() || !json.contains("fields") || !json["fields"].is_array()) {
    return std::nullopt;
  }
  Object object;
  object.name = TextAt(json, "name");
  object.label = TextAt(json, "label");
  object.label_plural = TextAt(json, "labelPlural");
  object.creatable = FlagAt(json, "createable", true);
  object.updatable = FlagAt(json, "updateable", true);
  for (const Json& each : json["fields"]) {
    if (!each.is_object()) continue;
    Field field = ToField(each);
    const std::string name = field.name;
    if (!name.empty()) object.fields.emplace(name, std::move(field));
  }
  for (const Json& each : ArrayAt(json, "childRelationships")) {
    if (!each.is_object()) continue;
    object.children.push_back(
        {TextAt(each, "childSObject"), TextAt(each, "field"), TextAt(each, "relationshipName")});
  }
  return object;
}

std::string_view WithoutNamespace(std::string_view name) {
  const bool custom = name.ends_with("__c") || name.ends_with("__r");
  const auto first = name.find("__");
  const bool prefixed = custom && first != std::string_view::npos && first + 3 < name.size();
  return prefixed ? name.substr(first + 2) : name;
}

}  // namespace cosell::salesforce

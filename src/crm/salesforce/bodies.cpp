#include "crm/salesforce/bodies.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/record_id.h"
#include "base/text.h"
#include "base/time.h"
#include "crm/salesforce/errors.h"
#include "crm/salesforce/json_text.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kEllipsis = "\u2026";
constexpr std::size_t kValuesNamedMax = 20;

Error WrongKind(const Field& field, const char* wanted) {
  return Refusal("The value for field " + field.name + " is not " + wanted +
                 ": correct the field's type in the mapping");
}

// The field names its own values; the refused one is the mapping's or the administrator's, never a
// person's data.
Error UnknownChoice(const Field& field, const std::string& text) {
  std::vector<std::string> values;
  for (const PicklistValue& each : field.values) {
    if (values.size() < kValuesNamedMax) values.push_back(each.value);
  }
  std::string list = Join(values, "; ");
  if (field.values.size() > kValuesNamedMax) list += "; ...";
  return Refusal("Field " + field.name + " does not take \"" + text +
                 "\"; its active values are: " + list +
                 ". Correct the mapping, or add the value in Salesforce");
}

Result<std::string> Choice(const Field& field, const std::string& text) {
  if (const PicklistValue* known = field.FindValue(Trim(text))) return Quoted(known->value);
  if (field.restricted) return UnknownChoice(field, text);
  return Quoted(text);
}

// "Edge; Cloud" -> "Edge;Cloud"
Result<std::string> MultiChoice(const Field& field, const std::string& text) {
  std::vector<std::string> values;
  for (const std::string& part : Split(text, ';')) {
    const std::string_view name = Trim(part);
    if (name.empty()) continue;
    const PicklistValue* known = field.FindValue(name);
    if (known == nullptr && field.restricted) return UnknownChoice(field, std::string(name));
    values.push_back(known != nullptr ? known->value : std::string(name));
  }
  return values.empty() ? std::string("null") : Quoted(Join(values, ";"));
}

Result<std::string> Fitting(const Field& field, const std::string& text) {
  if (!field.length_max || Utf16Length(text) <= *field.length_max) return Quoted(text);
  const bool whole_or_nothing = field.type == FieldType::link || field.external_id || field.unique;
  if (whole_or_nothing) {
    return Refusal("The value for field " + field.name + " has " +
                   std::to_string(Utf16Length(text)) + " characters and the field takes " +
                   std::to_string(*field.length_max) +
                   ": make the field longer in Salesforce's setup, or map another one");
  }
  const std::string_view cut = TrimEnd(TruncateUtf16(text, *field.length_max - 1));
  return Quoted(std::string(cut) + std::string(kEllipsis));
}

Result<std::string> Reference(const Field& field, const std::string& text) {
  const auto id = NormalizeSalesforceId(Trim(text));
  if (!id) {
    return Refusal("The lookup " + field.name +
                   " takes the id of a record and can not be written otherwise: take it out of the "
                   "mapping, or give it an id of 15 or 18 characters");
  }
  return Quoted(*id);
}

Result<std::string> FromText(const Field& field, const std::string& text) {
  if (Trim(text).empty()) {
    return std::string(field.type == FieldType::boolean ? "false" : "null");
  }
  switch (field.type) {
    case FieldType::text:
    case FieldType::link:
    case FieldType::memo:
      return Fitting(field, text);
    case FieldType::choice:
      return Choice(field, text);
    case FieldType::multi_choice:
      return MultiChoice(field, text);
    case FieldType::reference:
      return Reference(field, text);
    case FieldType::date: {
      const auto date = CalendarDate(text);
      if (!date) return WrongKind(field, "a date");
      return Quoted(*date);
    }
    case FieldType::datetime: {
      const auto at = ParseInstant(text);
      if (!at) return WrongKind(field, "an instant");
      return Quoted(FormatInstant(*at));
    }
    case FieldType::boolean:
      return WrongKind(field, "true or false");
    case FieldType::money:
    case FieldType::number:
      return WrongKind(field, "a number");
    case FieldType::compound:
      break;
  }
  return WrongKind(field, "writable as a whole");
}

Result<std::string> ToJson(const Field& field, const std::string& flat) {
  const Json value = Json::parse(flat, nullptr, false);
  if (value.is_string()) return FromText(field, value.get<std::string>());
  if (value.is_null()) return std::string(field.type == FieldType::boolean ? "false" : "null");
  if (value.is_boolean()) {
    if (field.type == FieldType::boolean) return flat;
    if (field.type == FieldType::choice) return Choice(field, value.get<bool>() ? "Yes" : "No");
    return WrongKind(field, "what it takes");
  }
  if (value.is_number()) {
    const bool number = field.type == FieldType::money || field.type == FieldType::number;
    return number ? Result<std::string>(flat) : Result<std::string>(WrongKind(field, "a text"));
  }
  return WrongKind(field, "a plain value");
}

Error Unwritable(const Object& object, const std::string& name, BodyFor purpose) {
  return Refusal("Field " + name + " of the " + object.name + " may not be written in " +
                 (purpose == BodyFor::create ? "a create" : "an update") +
                 ": give the integration user's permission set edit access to it, or take it out "
                 "of the mapping");
}

Error Unknown(const Object& object, const std::string& name) {
  return Refusal("The " + object.name + " has no field " + name +
                 ", or it is hidden from the integration user: correct the mapping, or give the "
                 "user's permission set access to the field");
}

}  // namespace

void Body::Set(const std::string& field, std::string json) {
  for (Attribute& each : members) {
    if (each.name == field) {
      each.json = std::move(json);
      return;
    }
  }
  members.push_back({field, std::move(json)});
}

void Body::Remove(std::string_view field) {
  std::erase_if(members, [&](const Attribute& each) { return each.name == field; });
}

bool Body::Has(std::string_view field) const {
  return std::any_of(members.begin(), members.end(),
                     [&](const Attribute& each) { return each.name == field; });
}

Result<Body> BuildBody(const Object& object, std::span<const Attribute> attributes,
                       BodyFor purpose) {
  Body body;
  for (const Attribute& attribute : attributes) {
    const Field* field = object.FindIgnoringCase(attribute.name);
    if (field == nullptr) return Unknown(object, attribute.name);
    if (field->calculated) continue;  // the server works it out; the record is read back anyway
    const bool writable = purpose == BodyFor::create ? field->creatable : field->updatable;
    if (!writable) return Unwritable(object, field->name, purpose);
    auto json = ToJson(*field, attribute.json);
    if (!json) return json.error();
    body.Set(field->name, *std::move(json));
  }
  return body;
}

std::string PrintBody(const Body& body) {
  std::string out = "{";
  for (const Attribute& each : body.members) {
    if (out.size() > 1) out += ',';
    AppendQuoted(out, each.name);
    out.append(":").append(each.json);
  }
  return out + "}";
}

std::string PrintRecord(const Body& body, const std::string& type, const std::string& id) {
  std::string out = "{\"attributes\":{\"type\":" + Quoted(type) + "}";
  if (!id.empty()) out += ",\"id\":" + Quoted(id);
  for (const Attribute& each : body.members) {
    out += ',';
    AppendQuoted(out, each.name);
    out.append(":").append(each.json);
  }
  return out + "}";
}

std::string PrintCollection(const std::vector<std::string>& records) {
  return "{\"allOrNone\":false,\"records\":[" + Join(records, ",") + "]}";
}

}  // namespace cosell::salesforce

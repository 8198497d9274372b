#include "crm/dataverse/bodies.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "base/guid.h"
#include "base/text.h"
#include "base/time.h"
#include "crm/dataverse/errors.h"

namespace cosell::dataverse {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kCloseSubjectMax = 200;       // an activity's subject
constexpr std::size_t kCloseDescriptionMax = 2000;  // contract section 6.2

std::string Print(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Error UnknownLabel(const Column& column, const std::string& label) {
  std::vector<std::string> labels;
  for (const auto& [value, text] : column.labels) labels.push_back(text);
  if (labels.empty()) {
    return Refusal("The choices of column " + column.name +
                   " could not be read from the CRM, so \"" + label +
                   "\" cannot be written: let the application user read the table definitions");
  }
  return Refusal("Column " + column.name + " has no choice \"" + label + "\"; it has: " +
                 Join(labels, ", ") + ". Correct the mapping or add the choice in the CRM");
}

std::optional<std::int64_t> FindOption(const Column& column, const std::string& label) {
  for (const auto& [value, text] : column.labels) {
    if (text == label) return value;
  }
  for (const auto& [value, text] : column.labels) {
    if (EqualsIgnoreCase(Trim(text), Trim(label))) return value;
  }
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(label.data(), label.data() + label.size(), value);
  const bool number = problem == std::errc{} && end == label.data() + label.size();
  if (number && column.labels.contains(value)) return value;
  return std::nullopt;
}

Result<Json> OptionValue(const Column& column, const Json& flat) {
  if (flat.is_number_integer()) return flat;
  if (!flat.is_string() && !flat.is_boolean()) {
    return Refusal("Column " + column.name + " takes a choice's label");
  }
  // A yes/no role may be kept as a choice of Yes and No.
  const std::string label = flat.is_string()   ? flat.get<std::string>()
                            : flat.get<bool>() ? "Yes"
                                               : "No";
  if (Trim(label).empty()) return Json(nullptr);
  const auto value = FindOption(column, label);
  if (!value) return UnknownLabel(column, label);
  return Json(*value);
}

Result<Json> OptionValues(const Column& column, const Json& flat) {
  if (!flat.is_string()) return Refusal("Column " + column.name + " takes choice labels");
  std::vector<std::string> values;
  for (const std::string& part : Split(flat.get<std::string>(), ';')) {
    if (Trim(part).empty()) continue;
    const auto value = FindOption(column, std::string(Trim(part)));
    if (!value) return UnknownLabel(column, std::string(Trim(part)));
    values.push_back(std::to_string(*value));
  }
  return values.empty() ? Json(nullptr) : Json(Join(values, ","));
}

Result<Json> DateValue(const Column& column, const Json& flat) {
  const auto date = flat.is_string() ? CalendarDate(flat.get<std::string>()) : std::nullopt;
  if (!date) return Refusal("Column " + column.name + " takes a date such as 2026-09-30");
  return Json(column.timestamp_on_write ? *date + "T00:00:00Z" : *date);
}

// A decimal may come as text; Dataverse takes numbers only.
Result<Json> NumberValue(const Column& column, const Json& flat) {
  if (flat.is_number()) return flat;
  Json number = flat.is_string() ? Json::parse(flat.get<std::string>(), nullptr, false) : Json();
  if (!number.is_number()) return Refusal("Column " + column.name + " takes a number");
  return number;
}

// A text that is empty is stored as nothing (contract section 3.1).
Json TextValue(const Column& column, const Json& flat, Body& body) {
  if (!flat.is_string()) return flat;
  const auto& text = flat.get_ref<const std::string&>();
  body.text_columns.push_back(column.name);
  if (column.length_max && Utf16Length(text) > *column.length_max) {
    body.long_columns.push_back(column.name);
  }
  return text.empty() ? Json(nullptr) : flat;
}

Result<Json> PlainValue(const Column& column, const Json& flat, Body& body) {
  if (flat.is_null()) return flat;
  switch (column.type) {
    case ColumnType::choice:
    case ColumnType::status:
      return OptionValue(column, flat);
    case ColumnType::multi_choice:
      return OptionValues(column, flat);
    case ColumnType::date:
      return DateValue(column, flat);
    case ColumnType::money:
    case ColumnType::number:
      return NumberValue(column, flat);
    case ColumnType::boolean:
      if (!flat.is_boolean()) return Refusal("Column " + column.name + " takes true or false");
      return flat;
    case ColumnType::text:
    case ColumnType::memo:
      return TextValue(column, flat, body);
    default:
      return flat;
  }
}

Result<Json> BindValue(const Column& column, const LookupTarget& target,
                       const Currencies& currencies, const Json& flat) {
  if (flat.is_null()) return flat;
  if (!flat.is_string()) return Refusal("Column " + column.name + " takes the id of a record");
  std::optional<std::string> id;
  if (column.name == "transactioncurrencyid") {
    id = currencies.IdOf(flat.get<std::string>());
    if (!id) {
      return Refusal("The organisation has no currency " + flat.get<std::string>() +
                     ": add it to the CRM's currencies, or map the currency to another one");
    }
  } else {
    id = NormalizeGuid(flat.get<std::string>());
    if (!id) return Refusal("Column " + column.name + " takes the id of a record, a GUID");
  }
  return Json("/" + std::string(target.entity_set) + "(" + *id + ")");
}

Status AddLookup(const Table& table, const Column& column, const Currencies& currencies,
                 const Json& flat, Json& out) {
  const auto target = FindLookupTarget(table.logical_name, column.name);
  if (!target) {
    return Refusal("Column " + column.name + " of table " + table.logical_name +
                   " is a lookup this adapter cannot write: take it out of the mapping's writes");
  }
  auto value = BindValue(column, *target, currencies, flat);
  if (!value) return value.error();
  out[std::string(target->navigation) + "@odata.bind"] = *std::move(value);
  return Done{};
}

Status AddAttribute(const Table& table, const Currencies& currencies, const Attribute& attribute,
                    BodyFor purpose, Json& out, Body& body) {
  const Column* column = table.Find(attribute.name);
  if (column == nullptr) {
    return Refusal("The " + table.logical_name + " table has no column " + attribute.name +
                   ": correct the mapping, or create the column in the CRM");
  }
  const bool writable = purpose == BodyFor::create ? column->creatable : column->updatable;
  if (!writable) {
    return Refusal("Column " + attribute.name + " of table " + table.logical_name +
                   " is read only in the CRM: take it out of the mapping's writes");
  }
  const Json flat = Json::parse(attribute.json, nullptr, false);
  if (flat.is_discarded() || flat.is_structured()) {
    return Refusal("The value for column " + attribute.name + " is not a plain JSON value");
  }
  if (column->type == ColumnType::lookup) {
    return AddLookup(table, *column, currencies, flat, out);
  }
  auto value = PlainValue(*column, flat, body);
  if (!value) return value.error();
  out[column->name] = *std::move(value);
  return Done{};
}

}  // namespace

Result<Body> BuildBody(const Table& table, const Currencies& currencies,
                       std::span<const Attribute> attributes, BodyFor purpose,
                       std::optional<std::int64_t> state) {
  Body body;
  Json out = Json::object();
  if (state) out["statecode"] = *state;
  for (const Attribute& attribute : attributes) {
    if (attribute.name == "statecode") continue;
    const Status added = AddAttribute(table, currencies, attribute, purpose, out, body);
    if (!added) return added.error();
  }
  body.json = Print(out);
  return body;
}

std::string CloseBody(const std::string& opportunity_id, std::int64_t status,
                      const std::string& subject, const std::string& description) {
  Json close = Json::object();
  close["subject"] = TruncateUtf16(subject, kCloseSubjectMax);
  close["description"] = TruncateUtf16(description, kCloseDescriptionMax);
  close["opportunityid@odata.bind"] = "/opportunities(" + opportunity_id + ")";
  Json out = Json::object();
  out["Status"] = status;
  out["OpportunityClose"] = std::move(close);
  return Print(out);
}

Result<std::optional<std::int64_t>> StatusOf(const Table& table,
                                             std::span<const Attribute> attributes) {
  for (const Attribute& attribute : attributes) {
    if (attribute.name != "statuscode") continue;
    const Json flat = Json::parse(attribute.json, nullptr, false);
    if (flat.is_null()) continue;
    const Column* column = table.Find("statuscode");
    if (column == nullptr) {
      return Refusal("The " + table.logical_name + " table has no column statuscode");
    }
    auto value = OptionValue(*column, flat);
    if (!value) return value.error();
    if (value->is_number_integer()) return std::optional(value->get<std::int64_t>());
  }
  return std::optional<std::int64_t>{};
}

}  // namespace cosell::dataverse

#include "tools/sandbox/salesforce/cells.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox::salesforce {
namespace {

[[noreturn]] void ThrowCannotRead(const Field& field, const Json& json) {
  const char* kind = json.is_string()         ? "VALUE_STRING"
                     : json.is_boolean()      ? "VALUE_TRUE"
                     : json.is_null()         ? "VALUE_NULL"
                     : json.is_number_float() ? "VALUE_NUMBER_FLOAT"
                     : json.is_number()       ? "VALUE_NUMBER_INT"
                     : json.is_array()        ? "START_ARRAY"
                                              : "START_OBJECT";
  ThrowBadJson("Cannot deserialize instance of " + std::string(TypeName(field.type)) + " from " +
               kind + " value " + (json.is_string() ? json.get<std::string>() : json.dump()) +
               " or request may be missing a required field at [line:1, column:2]");
}

double NumberFrom(const Field& field, const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (!json.is_string()) ThrowCannotRead(field, json);
  const auto& text = json.get_ref<const std::string&>();
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) ThrowCannotRead(field, json);
  return number;
}

Value NumberCell(const Field& field, const Json& json) {
  const double number = NumberFrom(field, json);
  if (field.type == FieldType::integer) {
    if (number != std::floor(number)) ThrowCannotRead(field, json);
    return number;
  }
  if (std::abs(number) >= std::pow(10.0, field.precision - field.scale)) {
    throw ServiceError(
        400, "NUMBER_OUTSIDE_VALID_RANGE",
        field.label + ": value outside of valid range on numeric field: " + json.dump(),
        {field.name});
  }
  return RoundTo(number, field.scale);
}

Value TextCell(const Database& database, const Field& field, const Json& json) {
  if (!json.is_string()) ThrowCannotRead(field, json);
  const auto& text = json.get_ref<const std::string&>();
  if (text.empty()) return {};
  if (field.type == FieldType::date) {
    if (!IsDate(text)) ThrowCannotRead(field, json);
    return text;
  }
  if (field.type == FieldType::datetime) {
    const auto at = ParseDatetime(text, database.switches().lenient_datetimes);
    if (!at) ThrowCannotRead(field, json);
    return StampText(*at);
  }
  if (field.type == FieldType::reference) {
    const auto id = FullId(text);
    if (id) return *id;
    throw ServiceError(400, "MALFORMED_ID", field.label + ": id value of incorrect type: " + text,
                       {field.name});
  }
  return text;
}

bool IsEmail(std::string_view text) {
  const auto at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find(' ') != std::string_view::npos) {
    return false;
  }
  const auto domain = text.substr(at + 1);
  return domain.find('@') == std::string_view::npos && domain.find('.') != std::string_view::npos &&
         !domain.starts_with('.') && !domain.ends_with('.');
}

bool IsListed(const Field& field, const std::string& value) {
  return std::any_of(field.values.begin(), field.values.end(),
                     [&](const auto& item) { return item.active && item.value == value; });
}

void CheckPicklist(const Database& database, const Field& field, const std::string& text) {
  const bool stage = field.name == "StageName" && database.switches().stage_restricted;
  if (!field.restricted && !stage) return;
  if (IsListed(field, text)) return;
  if (field.name == "CurrencyIsoCode") {
    throw ServiceError(400, "INVALID_CURRENCY_ISO", "invalid currency iso code: " + text,
                       {field.name});
  }
  if (field.name.ends_with("CountryCode")) {
    throw ServiceError(400, "FIELD_INTEGRITY_EXCEPTION",
                       "There's a problem with this country, even though it may appear correct. "
                       "Please select a country/territory from the list of valid countries.: " +
                           field.label,
                       {field.name});
  }
  throw ServiceError(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                     field.label + ": bad value for restricted picklist field: " + text,
                     {field.name});
}

}  // namespace

Value CellFromJson(const Database& database, const Field& field, const Json& json) {
  if (json.is_null()) {
    if (field.type != FieldType::boolean) return {};
    if (database.switches().null_booleans_refused) ThrowCannotRead(field, json);
    return false;
  }
  if (field.type == FieldType::boolean) {
    if (!json.is_boolean()) ThrowCannotRead(field, json);
    return json.get<bool>();
  }
  if (IsNumber(field.type)) return NumberCell(field, json);
  return TextCell(database, field, json);
}

void CheckCell(const Database& database, const ObjectType& type, const Field& field,
               const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || !IsText(field.type)) return;
  if (Utf16Length(*text) > field.length) {
    throw ServiceError(400, "STRING_TOO_LONG",
                       field.label +
                           ": data value too large: " + std::string(TruncateUtf16(*text, 40)) +
                           " (max length=" + std::to_string(field.length) + ")",
                       {field.name});
  }
  if (field.type == FieldType::email && !IsEmail(*text)) {
    throw ServiceError(400, "INVALID_EMAIL_ADDRESS",
                       field.label + ": invalid email address: " + *text, {field.name});
  }
  if (field.type == FieldType::picklist && !type.setup) CheckPicklist(database, field, *text);
}

void CheckReference(const WriteContext& context, const Field& field, const std::string& id) {
  const Table& parents = context.database.At(field.to);
  if (!id.starts_with(parents.type().prefix)) {
    throw ServiceError(400, "MALFORMED_ID", field.label + ": id value of incorrect type: " + id,
                       {field.name});
  }
  const Record* record = parents.Find(id);
  if (record == nullptr || record->row.deletion != 0) {
    throw ServiceError(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id",
                       {field.name});
  }
  if (context.caller.by_api && parents.Live(id) == nullptr) {
    throw ServiceError(400, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
                       "insufficient access rights on cross-reference id: " + id.substr(0, 15),
                       {field.name});
  }
  if (field.name == "OwnerId" && parents.Cell(record->row, "IsActive") == Value(false)) {
    throw ServiceError(400, "INACTIVE_OWNER_OR_USER", "operation performed with inactive user",
                       {field.name});
  }
}

}  // namespace cosell::sandbox::salesforce

#include "tools/sandbox/dataverse/cells.h"

#include <algorithm>

#include "base/guid.h"
#include "base/text.h"
#include "base/time.h"
#include "tools/sandbox/dataverse/conditions.h"
#include "tools/sandbox/dataverse/error.h"
#include "tools/sandbox/dataverse/request.h"

namespace cosell::sandbox::dataverse {
namespace {

constexpr std::string_view kEarliestDate = "1753-01-01";
constexpr std::string_view kBreaksKeys = "/<*%&:\\?+";  // 5.3: GET and PATCH by key fail on these

[[noreturn]] void ThrowType(const Column& column, std::string_view expected) {
  ThrowBadBody("Cannot convert the value of property '" + column.name + "' to the expected type '" +
               std::string(expected) + "'.");
}

[[noreturn]] void ThrowInvalid(const std::string& message) {
  throw ServiceError(400, kValidation, "A validation error occurred.  " + message);
}

std::string WithCrlf(const std::string& text) {
  return ReplaceAll(ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n");
}

Value TextCell(const Table& table, const Column& column, const Json& value,
               const DataverseSwitches& switches) {
  if (!value.is_string()) ThrowType(column, "Edm.String");
  auto text = value.get<std::string>();
  if (text.empty()) return {};
  if (Utf16Length(text) > column.length_max) {
    ThrowInvalid("The length of the '" + column.name + "' attribute of the '" + table.name() +
                 "' entity exceeded the maximum allowed length of '" +
                 std::to_string(column.length_max) + "'.");
  }
  if (column.type == ColumnType::memo && switches.crlf_memos) text = WithCrlf(text);
  return text;
}

void RequireRange(const Table& table, const Column& column, std::int64_t units) {
  if (units >= column.value_min && units <= column.value_max) return;
  ThrowInvalid("A value for '" + column.name + "' on record of type '" + table.name() +
               "' is outside the valid range.");
}

Value DecimalCell(const Table& table, const Column& column, const Json& value) {
  if (!value.is_number()) ThrowType(column, "Edm.Decimal");
  const auto units = ParseDecimal(value.dump(), column.scale);
  if (!units) ThrowType(column, "Edm.Decimal");
  RequireRange(table, column, *units);
  return *units;
}

Value IntegerCell(const Table& table, const Column& column, const Json& value) {
  if (!value.is_number_integer()) ThrowType(column, "Edm.Int32");
  const auto number = value.get<std::int64_t>();
  if (column.options.empty()) {
    RequireRange(table, column, number);
  } else if (column.FindOption(number) == nullptr && column.type == ColumnType::choice) {
    ThrowInvalid("The value " + std::to_string(number) + " of '" + column.name +
                 "' on record of type '" + table.name() + "' is outside the valid range.");
  }
  return number;
}

Value DateCell(const Column& column, const Json& value, bool timestamps) {
  if (!value.is_string()) ThrowType(column, "Edm.Date");
  const auto text = value.get<std::string>();
  const auto date = CalendarDate(text);
  if (!date || (!timestamps && *date != text)) ThrowType(column, "Edm.Date");
  if (*date < kEarliestDate) ThrowInvalid("'" + column.name + "' is before 1753-01-01.");
  return *date;
}

Value InstantCell(const Column& column, const Json& value) {
  if (!value.is_string()) ThrowType(column, "Edm.DateTimeOffset");
  const auto at = ParseInstant(value.get<std::string>());
  if (!at) ThrowType(column, "Edm.DateTimeOffset");
  auto text = FormatSeconds(*at);
  if (text < kEarliestDate) ThrowInvalid("'" + column.name + "' is before 1753-01-01.");
  return text;
}

Value GuidCell(const Column& column, const Json& value) {
  const auto id = value.is_string() ? NormalizeGuid(value.get<std::string>()) : std::nullopt;
  if (!id) ThrowType(column, "Edm.Guid");
  return *id;
}

// A literal of a key: quoted text, number or GUID.
Value KeyCell(const Table& table, const Column& column, const std::string& literal,
              const DataverseSwitches& switches) {
  const auto text = Unquote(literal);
  if (text && text->find_first_of(kBreaksKeys) != std::string::npos) {
    ThrowBadQuery("Bad Request - Error in query syntax.");
  }
  const Json value = text ? Json(*text) : Json::parse(literal, nullptr, false);
  if (value.is_discarded() || value.is_null()) {
    ThrowBadQuery("The key value " + literal + " is not valid.");
  }
  return CellFromJson(table, column, value, switches);
}

bool CoversKey(const AlternateKey& key, const Table& table, const RowKey& parsed) {
  if (key.columns.size() != parsed.columns.size()) return false;
  for (const auto& [at, value] : parsed.columns) {
    const std::string& name = table.columns()[at].name;
    if (std::find(key.columns.begin(), key.columns.end(), name) == key.columns.end()) return false;
  }
  return true;
}

bool SameKeyCell(const Value& left, const Value& right) {
  const auto* a = std::get_if<std::string>(&left);
  const auto* b = std::get_if<std::string>(&right);
  return a != nullptr && b != nullptr ? FoldCase(*a) == FoldCase(*b) : left == right;
}

}  // namespace

Value CellFromJson(const Table& table, const Column& column, const Json& value,
                   const DataverseSwitches& switches) {
  if (value.is_null()) {
    if (column.required) {
      throw ServiceError(400, kInvalidArgument, "'" + column.name + "' must not be null.");
    }
    return {};
  }
  switch (column.type) {
    case ColumnType::text:
    case ColumnType::memo:
      return TextCell(table, column, value, switches);
    case ColumnType::decimal:
    case ColumnType::money:
      return DecimalCell(table, column, value);
    case ColumnType::boolean:
      if (!value.is_boolean()) ThrowType(column, "Edm.Boolean");
      return value.get<bool>();
    case ColumnType::date:
      return DateCell(column, value, switches.dates_as_timestamps);
    case ColumnType::date_time:
      return InstantCell(column, value);
    case ColumnType::guid:
      return GuidCell(column, value);
    case ColumnType::integer:
    case ColumnType::big_integer:
    case ColumnType::choice:
    case ColumnType::state:
    case ColumnType::status:
      return IntegerCell(table, column, value);
    case ColumnType::lookup:
      break;
  }
  ThrowType(column, "Edm.Guid");
}

RowKey ParseRowKey(const Database& database, const Table& table, const std::string& key) {
  if (const auto id = NormalizeGuid(key)) return {*id, {}};
  const auto parts = ParseKey(key);
  if (!parts) ThrowBadQuery("The key '" + key + "' is malformed.");
  RowKey parsed;
  for (const auto& [name, literal] : *parts) {
    const auto id = NormalizeGuid(literal);
    if (name == table.info().primary_id && id) return {*id, {}};
    const auto column = table.FindProperty(name);
    if (!column) {
      ThrowBadQuery(
          "The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM." +
          table.name() + "'. Ensure that the names and number of key properties match.");
    }
    parsed.columns.emplace_back(
        *column, KeyCell(table, table.columns()[*column], literal, database.switches()));
  }
  for (const auto& candidate : database.KeysOf(table)) {
    if (CoversKey(candidate, table, parsed)) return parsed;
  }
  ThrowBadQuery("The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM." +
                table.name() + "'. Ensure that the names and number of key properties match.");
}

const Row* FindByKey(const Table& table, const RowKey& key) {
  if (key.id) return table.FindRow(*key.id);
  for (const auto& [id, row] : table.rows()) {
    bool same = true;
    for (const auto& [at, value] : key.columns) same = same && SameKeyCell(row.cells[at], value);
    if (same) return &row;
  }
  return nullptr;
}

void ThrowMissing(const Table& table, const RowKey& key) {
  if (!key.id) {
    throw ServiceError(
        404, kNoRecordWithKey,
        "A record with the specified key values does not exist in " + table.name() + " entity");
  }
  throw ServiceError(404, kNotFound, table.name() + " With Id = " + *key.id + " Does Not Exist");
}

Reference ResolveBind(Database& database, const Navigation& navigation, const std::string& value,
                      const std::string& origin, const References* references) {
  std::string url = value;
  if (url.starts_with('$')) {
    const auto found =
        references == nullptr ? References::const_iterator{} : references->find(url.substr(1));
    if (references == nullptr || found == references->end()) {
      ThrowBadBody("Content-ID Reference: '" + url + "' does not exist in the batch context.");
    }
    url = found->second;
  }
  if (!StartsWithIgnoreCase(url, origin)) {
    while (url.starts_with('/')) url.erase(0, 1);
    if (!("/" + url).starts_with(kApiRoot)) url = std::string(kApiRoot).substr(1) + url;
    url = "/" + url;
  }
  const auto target = ParseTarget(url, origin);
  if (!target || target->path.size() != 1 || !target->path.front().key) {
    ThrowBadBody("The value of '" + navigation.name + "@odata.bind' is not a reference to a row.");
  }
  const Table* table = database.FindSet(target->path.front().name);
  if (table == nullptr || !navigation.targets.contains(table->name())) {
    ThrowBadBody("'" + navigation.name + "' cannot refer to '" + target->path.front().name + "'.");
  }
  const RowKey key = ParseRowKey(database, *table, *target->path.front().key);
  const Row* row = FindByKey(*table, key);
  if (row == nullptr) ThrowMissing(*table, key);
  return {table->name(), row->id};
}

}  // namespace cosell::sandbox::dataverse

#include "tools/sandbox/dataverse/render.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.h"
#include "base/time.h"
#include "tools/sandbox/dataverse/error.h"

namespace cosell::sandbox::dataverse {
namespace {

constexpr std::string_view kFormatted = "OData.Community.Display.V1.FormattedValue";
constexpr std::string_view kLogicalName = "Microsoft.Dynamics.CRM.lookuplogicalname";
constexpr std::string_view kNavigation = "Microsoft.Dynamics.CRM.associatednavigationproperty";

void AddColumn(std::vector<std::size_t>& columns, std::size_t column) {
  if (std::find(columns.begin(), columns.end(), column) == columns.end()) columns.push_back(column);
}

// "84,500.00"
std::string Grouped(std::int64_t units, int digits) {
  std::string text = DecimalText(RoundDecimal(units, kMoneyScale, digits), kMoneyScale);
  text.resize(text.size() - static_cast<std::size_t>(kMoneyScale - digits) - (digits == 0 ? 1 : 0));
  const std::size_t first = text.front() == '-' ? 1 : 0;
  std::size_t at = std::min(text.find('.'), text.size());
  while (at > first + 3) text.insert(at -= 3, ",");
  return text;
}

std::string MoneyLabel(const Database& database, const Table& table, const Row& row,
                       std::int64_t units) {
  const Table& currencies = *database.Find("transactioncurrency");
  const auto* reference = std::get_if<Reference>(&table.Cell(row, "transactioncurrencyid"));
  const Row* currency = reference == nullptr ? nullptr : currencies.FindRow(reference->id);
  if (currency == nullptr) return Grouped(units, 2);
  const auto* symbol = std::get_if<std::string>(&currencies.Cell(*currency, "currencysymbol"));
  const auto* digits = std::get_if<std::int64_t>(&currencies.Cell(*currency, "currencyprecision"));
  return (symbol == nullptr ? "" : *symbol) +
         Grouped(units, digits == nullptr ? 2 : static_cast<int>(*digits));
}

// "9/30/2026" and, for instants, "9/30/2026 8:15 AM", as an English form shows them.
std::string DateLabel(const std::string& text) {
  const int month = std::stoi(text.substr(5, 2));
  const int day = std::stoi(text.substr(8, 2));
  std::string label = std::to_string(month) + "/" + std::to_string(day) + "/" + text.substr(0, 4);
  if (text.size() == 10) return label;
  const int hour = std::stoi(text.substr(11, 2));
  const int shown = hour % 12 == 0 ? 12 : hour % 12;
  return label + " " + std::to_string(shown) + text.substr(13, 3) + (hour < 12 ? " AM" : " PM");
}

// The navigation property under which this target is bound.
std::string NavigationOf(const Column& column, const std::string& target) {
  for (const auto& navigation : column.navigations) {
    if (navigation.targets.contains(target)) return navigation.name;
  }
  return column.name;
}

void AppendMember(std::string& out, std::string_view name, std::string_view json) {
  AppendJsonString(out, name);
  out += ':';
  out += json;
  out += ',';
}

void AppendAnnotations(std::string& out, const Database& database, const Table& table,
                       const Row& row, std::size_t at, const Preferences& prefer) {
  if (!prefer.any_annotation() || IsNull(row.cells[at])) return;
  const Column& column = table.columns()[at];
  const std::string property = column.property();
  const auto formatted =
      prefer.Wants(kFormatted) ? FormattedValue(database, table, row, at) : std::nullopt;
  if (formatted) {
    AppendMember(out, property + "@" + std::string(kFormatted), JsonString(*formatted));
  }
  const auto* reference = std::get_if<Reference>(&row.cells[at]);
  if (reference == nullptr) return;
  if (prefer.Wants(kNavigation)) {
    AppendMember(out, property + "@" + std::string(kNavigation),
                 JsonString(NavigationOf(column, reference->table)));
  }
  if (prefer.Wants(kLogicalName)) {
    AppendMember(out, property + "@" + std::string(kLogicalName), JsonString(reference->table));
  }
}

void AppendCells(std::string& out, const Database& database, const Table& table,
                 const std::vector<std::size_t>& columns, const Row& row,
                 const Preferences& prefer) {
  for (const auto at : columns) {
    AppendAnnotations(out, database, table, row, at, prefer);
    const Column& column = table.columns()[at];
    AppendMember(out, column.property(), CellJson(column, row.cells[at], database.switches()));
  }
}

void AppendExpansion(std::string& out, const Database& database, const Expansion& expansion,
                     const Row& row, const Preferences& prefer) {
  const auto* reference = std::get_if<Reference>(&row.cells[expansion.lookup]);
  const bool here = reference != nullptr && reference->table == expansion.target->name();
  const Row* related = here ? expansion.target->FindRow(reference->id) : nullptr;
  std::string json = "null";
  if (related != nullptr) {
    json = "{";
    AppendCells(json, database, *expansion.target, expansion.columns, *related, prefer);
    json.back() = '}';
  }
  AppendMember(out, expansion.navigation, json);
}

}  // namespace

std::vector<std::size_t> SelectColumns(const Table& table,
                                       const std::optional<std::string>& select) {
  std::vector<std::size_t> columns;
  if (!select || *select == "*") {
    for (std::size_t i = 0; i < table.columns().size(); ++i) columns.push_back(i);
    return columns;
  }
  for (const auto& item : Split(*select, ',')) {
    const std::string_view property = Trim(item);
    const auto column = table.FindProperty(property);
    if (!column) ThrowNoProperty(property, table.name());
    AddColumn(columns, *column);
  }
  const auto is_money = [&](std::size_t i) { return table.columns()[i].type == ColumnType::money; };
  if (std::any_of(columns.begin(), columns.end(), is_money)) {
    AddColumn(columns, table.At("transactioncurrencyid"));
  }
  AddColumn(columns, table.At(table.info().primary_id));
  return columns;
}

std::string ContextOf(const Shape& shape, const std::optional<std::string>& select) {
  std::string members = select.value_or("");
  for (const auto& expansion : shape.expansions) {
    members += (members.empty() ? "" : ",") + expansion.navigation + "()";
  }
  const std::string& set = shape.table->info().set_name;
  return members.empty() ? set : set + "(" + members + ")";
}

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
      out += escape.data();
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string JsonString(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

std::optional<std::string> CellText(const Column& column, const Value& value,
                                    const DataverseSwitches& switches) {
  if (IsNull(value)) return std::nullopt;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* reference = std::get_if<Reference>(&value)) return reference->id;
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return DecimalText(*number, column.scale);
  }
  const auto& text = std::get<std::string>(value);
  const bool timestamp = column.type == ColumnType::date && switches.dates_as_timestamps;
  return timestamp ? text + "T00:00:00Z" : text;
}

std::string CellJson(const Column& column, const Value& value, const DataverseSwitches& switches) {
  const auto text = CellText(column, value, switches);
  if (!text) return "null";
  const bool quoted =
      std::holds_alternative<std::string>(value) || std::holds_alternative<Reference>(value);
  return quoted ? JsonString(*text) : *text;
}

std::optional<std::string> FormattedValue(const Database& database, const Table& table,
                                          const Row& row, std::size_t at) {
  const Column& column = table.columns()[at];
  const Value& value = row.cells[at];
  if (const auto* reference = std::get_if<Reference>(&value)) return database.NameOf(*reference);
  if (const auto* flag = std::get_if<bool>(&value)) {
    const Option* option = column.FindOption(*flag ? 1 : 0);
    return option == nullptr ? std::nullopt : std::optional(option->label);
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (column.type == ColumnType::money) return MoneyLabel(database, table, row, *number);
    if (const Option* option = column.FindOption(*number)) return option->label;
    return DecimalText(*number, column.scale);
  }
  const auto* text = std::get_if<std::string>(&value);
  const bool dated = column.type == ColumnType::date || column.type == ColumnType::date_time;
  if (text == nullptr || !dated) return std::nullopt;
  return DateLabel(*text);
}

void AppendRow(std::string& out, const Database& database, const Shape& shape, const Row& row,
               const Preferences& prefer, std::string_view head) {
  out += '{';
  out += head;
  AppendMember(out, "@odata.etag", JsonString(Etag(row)));
  AppendCells(out, database, *shape.table, shape.columns, row, prefer);
  for (const auto& expansion : shape.expansions) {
    AppendExpansion(out, database, expansion, row, prefer);
  }
  if (database.switches().extra_members) {
    out += R"("new_unannounced@Example.Future.Annotation":{"a":1},)";
    out += R"("new_unannounced":"surprise","new_unannouncedlist":[1,{"b":null}],)";
  }
  out.back() = '}';
}

}  // namespace cosell::sandbox::dataverse

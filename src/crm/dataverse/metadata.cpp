#include "crm/dataverse/metadata.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/guid.h"
#include "base/text.h"
#include "crm/dataverse/errors.h"
#include "crm/dataverse/metadata_json.h"
#include "crm/dataverse/odata.h"

namespace cosell::dataverse {
namespace {

constexpr std::size_t kChoiceColumnsMax = 200;

std::string Definition(const Table& table) {
  return "EntityDefinitions(LogicalName='" + table.logical_name + "')";
}

std::string Cast(const Table& table, std::string_view kind, std::string_view options) {
  return Definition(table) + "/Attributes/Microsoft.Dynamics.CRM." + std::string(kind) +
         "AttributeMetadata?$select=LogicalName" + std::string(options);
}

std::optional<ColumnType> TypeOf(std::string_view attribute_type) {
  struct Row {
    std::string_view name;
    ColumnType type;
  };
  static constexpr std::array<Row, 17> kTypes = {{{"String", ColumnType::text},
                                                  {"Memo", ColumnType::memo},
                                                  {"Money", ColumnType::money},
                                                  {"Integer", ColumnType::number},
                                                  {"BigInt", ColumnType::number},
                                                  {"Decimal", ColumnType::number},
                                                  {"Double", ColumnType::number},
                                                  {"DateTime", ColumnType::datetime},
                                                  {"Boolean", ColumnType::boolean},
                                                  {"Picklist", ColumnType::choice},
                                                  {"MultiSelectPicklist", ColumnType::multi_choice},
                                                  {"Lookup", ColumnType::lookup},
                                                  {"Customer", ColumnType::lookup},
                                                  {"Owner", ColumnType::lookup},
                                                  {"State", ColumnType::status},
                                                  {"Status", ColumnType::status},
                                                  {"Uniqueidentifier", ColumnType::guid}}};
  for (const Row& row : kTypes) {
    if (row.name == attribute_type) return row.type;
  }
  return std::nullopt;
}

// Metadata lists columns such as parentaccountidname beside every lookup; selecting one fails the
// whole query (contract section 3.3).
bool IsCompanion(const Table& table, const std::string& name) {
  for (const std::string_view suffix : {"name", "yominame", "type", "dsc", "idtype"}) {
    if (!name.ends_with(suffix) || name.size() == suffix.size()) continue;
    const Column* owner = table.Find(std::string_view(name).substr(0, name.size() - suffix.size()));
    if (owner != nullptr && owner->type == ColumnType::lookup) return true;
  }
  return false;
}

// Calendar dates of the standard tables, which older organisations keep as timestamps (contract
// section 3.2).
bool IsKnownDate(std::string_view name) {
  return name == "estimatedclosedate" || name == "actualclosedate" || name == "finaldecisiondate";
}

// A company's own columns: the ones of the product fill themselves, whatever their level says.
bool IsRequired(const Json& row, const std::string& name) {
  const auto level = row.find("RequiredLevel");
  if (level == row.end() || !level->is_object() || name.find('_') == std::string::npos)
    return false;
  const std::string value = TextAt(*level, "Value");
  return value == "SystemRequired" || value == "ApplicationRequired";
}

Column ParseColumn(const Json& row, ColumnType type) {
  Column column;
  column.name = ToLower(TextAt(row, "LogicalName"));
  column.schema_name = TextAt(row, "SchemaName");
  column.label = EnglishLabel(row, "DisplayName");
  column.type = IsKnownDate(column.name) ? ColumnType::date : type;
  column.creatable = FlagAt(row, "IsValidForCreate").value_or(true);
  column.updatable = FlagAt(row, "IsValidForUpdate").value_or(true);
  column.required = IsRequired(row, column.name);
  return column;
}

// What every environment has and this adapter cannot do without (contract section 13), should a
// metadata answer leave it out.
void AddIndispensable(Table& table) {
  const Table documented = DocumentedTable(table.logical_name);
  for (const std::string_view name :
       {std::string_view(table.id_column), std::string_view("statecode"),
        std::string_view("statuscode"), std::string_view("modifiedon"),
        std::string_view("parentaccountid"), std::string_view("parentcontactid"),
        std::string_view("parentcustomerid"), std::string_view("transactioncurrencyid"),
        std::string_view("originatingleadid"), std::string_view("qualifyingopportunityid")}) {
    const Column* column = documented.Find(name);
    if (column != nullptr) table.columns.emplace(name, *column);
  }
}

// Multi-select columns travel as type Virtual, beside many virtual columns that cannot be read.
Result<bool> ReadColumns(WebApi& api, Table& table, bool& has_virtual) {
  const std::string path =
      Definition(table) +
      "/Attributes?$select=LogicalName,SchemaName,AttributeType,DisplayName,IsValidForCreate,"
      "IsValidForUpdate,RequiredLevel";
  const auto read =
      EachRow(api, path, "column list of table " + table.logical_name, [&](const Json& row) {
        const std::string kind = TextAt(row, "AttributeType");
        const auto type = TypeOf(kind);
        has_virtual = has_virtual || kind == "Virtual";
        if (!type) return;
        Column column = ParseColumn(row, *type);
        if (!column.name.empty()) table.columns[column.name] = column;
      });
  if (!read || !*read) return read;
  std::erase_if(table.columns, [&](const auto& each) { return IsCompanion(table, each.first); });
  if (!table.columns.empty()) AddIndispensable(table);
  return true;
}

Column* FindMutable(Table& table, const Json& row) {
  const auto found = table.columns.find(ToLower(TextAt(row, "LogicalName")));
  return found == table.columns.end() ? nullptr : &found->second;
}

void ParseOptions(const Json& options, Column& column) {
  if (!options.is_array()) return;
  for (const Json& option : options) {
    const auto value = option.is_object() ? NumberAt(option, "Value") : std::nullopt;
    if (!value) continue;
    std::string label = EnglishLabel(option, "Label");
    if (label.empty()) label = UserLabel(option, "Label");
    column.labels[*value] = label.empty() ? std::to_string(*value) : label;
    if (const auto state = NumberAt(option, "State")) column.states[*value] = *state;
  }
}

// Local options or those of a shared choice: one of the two is null.
void ParseOptionSets(const Json& row, Column& column) {
  for (const char* member : {"OptionSet", "GlobalOptionSet"}) {
    const auto set = row.find(member);
    if (set == row.end() || !set->is_object()) continue;
    const auto options = set->find("Options");
    if (options != set->end()) ParseOptions(*options, column);
  }
}

Result<bool> ReadOptions(WebApi& api, Table& table, std::string_view kind,
                         std::string_view expand) {
  return EachRow(api, Cast(table, kind, expand), "choices of table " + table.logical_name,
                 [&](const Json& row) {
                   if (Column* column = FindMutable(table, row)) ParseOptionSets(row, *column);
                 });
}

constexpr std::string_view kExpandOptions = "&$expand=OptionSet,GlobalOptionSet";

// The documented form of contract section 9, one column at a time.
Status ReadOptionsOneByOne(WebApi& api, Table& table) {
  std::size_t count = 0;
  for (auto& [name, column] : table.columns) {
    if (column.type != ColumnType::choice || ++count > kChoiceColumnsMax) continue;
    const std::string path = Definition(table) + "/Attributes(LogicalName='" + name +
                             "')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata"
                             "?$select=LogicalName" +
                             std::string(kExpandOptions);
    const auto json = GetMetadata(api, path, "choices of column " + name);
    if (!json) return json.error();
    if (json->has_value()) ParseOptionSets(**json, column);
  }
  return Done{};
}

Status ReadChoices(WebApi& api, Table& table, bool has_virtual, Depth depth) {
  const auto together = ReadOptions(api, table, "Picklist", kExpandOptions);
  if (!together) return together.error();
  if (!*together && depth == Depth::all) {
    const Status one_by_one = ReadOptionsOneByOne(api, table);
    if (!one_by_one) return one_by_one;
  }
  if (!has_virtual) return Done{};
  const auto multi = EachRow(api, Cast(table, "MultiSelectPicklist", kExpandOptions),
                             "multi-choices of table " + table.logical_name, [&](const Json& row) {
                               Column column;
                               column.name = ToLower(TextAt(row, "LogicalName"));
                               if (column.name.empty()) return;
                               column.type = ColumnType::multi_choice;
                               ParseOptionSets(row, column);
                               table.columns[column.name] = column;
                             });
  if (!multi) return multi.error();
  return Done{};
}

Status ReadLengths(WebApi& api, Table& table, std::string_view kind) {
  const auto read = EachRow(api, Cast(table, kind, ",MaxLength"),
                            "text lengths of table " + table.logical_name, [&](const Json& row) {
                              Column* column = FindMutable(table, row);
                              const auto length = NumberAt(row, "MaxLength");
                              if (column != nullptr && length.value_or(0) > 0) {
                                column->length_max = static_cast<std::size_t>(*length);
                              }
                            });
  if (!read) return read.error();
  return Done{};
}

Status ReadDates(WebApi& api, Table& table) {
  const auto read = EachRow(api, Cast(table, "DateTime", ",Format,DateTimeBehavior"),
                            "date columns of table " + table.logical_name, [&](const Json& row) {
                              Column* column = FindMutable(table, row);
                              if (column == nullptr) return;
                              if (TextAt(row, "Format") == "DateOnly")
                                column->type = ColumnType::date;
                              const auto behavior = row.find("DateTimeBehavior");
                              if (behavior == row.end() || !behavior->is_object()) return;
                              const std::string value = TextAt(*behavior, "Value");
                              if (value == "DateOnly") column->type = ColumnType::date;
                              column->timestamp_on_write = !value.empty() && value != "DateOnly";
                            });
  if (!read) return read.error();
  return Done{};
}

Status ReadSwitches(WebApi& api, Table& table) {
  const auto json =
      GetMetadata(api,
                  Definition(table) +
                      "?$select=ChangeTrackingEnabled,IsOptimisticConcurrencyEnabled,EntitySetName",
                  "definition of table " + table.logical_name);
  if (!json) return json.error();
  if (!json->has_value()) return Done{};
  table.change_tracking = FlagAt(**json, "ChangeTrackingEnabled");
  table.optimistic_concurrency = FlagAt(**json, "IsOptimisticConcurrencyEnabled");
  if (table.entity_set.empty()) table.entity_set = TextAt(**json, "EntitySetName");
  return Done{};
}

Status ReadDetails(WebApi& api, Table& table) {
  if (Status read = ReadLengths(api, table, "String"); !read) return read;
  if (Status read = ReadLengths(api, table, "Memo"); !read) return read;
  if (Status read = ReadDates(api, table); !read) return read;
  const auto status = ReadOptions(api, table, "Status", "&$expand=OptionSet");
  if (!status) return status.error();
  return Done{};
}

}  // namespace

Result<Table> ReadTable(WebApi& api, std::string_view logical_name, Depth depth) {
  Table table = EmptyTable(logical_name);
  bool has_virtual = false;
  const auto columns = ReadColumns(api, table, has_virtual);
  if (!columns) return columns.error();
  if (!*columns || table.columns.empty()) table = DocumentedTable(logical_name);
  // A table of the customer's own: only the definition tells how it is addressed.
  if (depth == Depth::all || table.entity_set.empty()) {
    if (const Status read = ReadSwitches(api, table); !read) return read.error();
  }
  if (!table.from_metadata) return table;
  if (const Status read = ReadChoices(api, table, has_virtual, depth); !read) return read.error();
  if (depth == Depth::all) {
    if (const Status read = ReadDetails(api, table); !read) return read.error();
  }
  return table;
}

Result<Currencies> ReadCurrencies(WebApi& api) {
  Query query;
  query.entity_set = "transactioncurrencies";
  query.select = "isocurrencycode";
  Currencies currencies;
  const auto read = EachRow(api, Print(query), "list of currencies", [&](const Json& row) {
    const auto id = NormalizeGuid(TextAt(row, "transactioncurrencyid"));
    const std::string code = TextAt(row, "isocurrencycode");
    if (id && !code.empty()) currencies.Add(*id, code);
  });
  if (!read) return read.error();
  return currencies;
}

Result<std::string> ReadUserId(WebApi& api) {
  const std::string_view what = "question who we are (WhoAmI)";
  const auto answer = api.Get("WhoAmI", what);
  if (!answer) return answer.error();
  const Json json = Json::parse(answer->response.body, nullptr, false);
  if (!json.is_object()) return UnreadableAnswer(*answer, what);
  const auto id = NormalizeGuid(TextAt(json, "UserId"));
  if (!id) return UnreadableAnswer(*answer, what);
  return *id;
}

}  // namespace cosell::dataverse

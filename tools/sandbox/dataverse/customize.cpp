#include "tools/sandbox/dataverse/customize.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "tools/sandbox/dataverse/error.h"
#include "tools/sandbox/dataverse/table_builder.h"

namespace cosell::sandbox::dataverse {
namespace {

constexpr int kEnglish = 1033;
constexpr const char* kNilGuid = "00000000-0000-0000-0000-000000000000";
constexpr std::string_view kExists = "0x80047013";
constexpr std::string_view kDefaultPrefix = "new";
constexpr std::size_t kTextMax = 4000;
constexpr std::size_t kMemoMax = 1'048'576;

[[noreturn]] void Refuse(const std::string& message) {
  throw ServiceError(400, kInvalidArgument, message);
}

std::string Text(const Json& body, const char* member) {
  return body.contains(member) && body[member].is_string() ? body[member].get<std::string>() : "";
}

// The English one; a label without it is refused.
std::string LabelOf(const Json& body, const char* member) {
  const Json labels = body.value(member, Json::object()).value("LocalizedLabels", Json::array());
  for (const Json& label : labels) {
    if (label.value("LanguageCode", 0) == kEnglish && !Text(label, "Label").empty())
      return Text(label, "Label");
  }
  Refuse(std::string(member) + " needs a label in the base language.");
}

std::string PrefixOf(const Database& database, const std::string& solution) {
  if (solution.empty()) return std::string(kDefaultPrefix);
  const Table& solutions = *database.Find("solution");
  const Table& publishers = *database.Find("publisher");
  for (const auto& [id, row] : solutions.rows()) {
    const auto* name = std::get_if<std::string>(&solutions.Cell(row, "uniquename"));
    if (name == nullptr || !EqualsIgnoreCase(*name, solution)) continue;
    const auto* publisher = std::get_if<Reference>(&solutions.Cell(row, "publisherid"));
    const Row* found = publisher == nullptr ? nullptr : publishers.FindRow(publisher->id);
    if (found == nullptr) break;
    return std::get<std::string>(publishers.Cell(*found, "customizationprefix"));
  }
  throw ServiceError(404, kNotFound, "There is no solution with the unique name " + solution + ".");
}

// The schema name of something new, which must carry the prefix of its solution's publisher.
std::string SchemaName(const Database& database, const Json& body, const std::string& solution) {
  const std::string name = Text(body, "SchemaName");
  const std::string prefix = PrefixOf(database, solution) + "_";
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  if (name.size() <= prefix.size() || !plain || !StartsWithIgnoreCase(name, prefix)) {
    Refuse("The name '" + name + "' must start with the customization prefix '" + prefix +
           "' of the solution's publisher.");
  }
  return name;
}

std::size_t Length(const Json& body, std::size_t max) {
  const Json length = body.value("MaxLength", Json());
  if (!length.is_number_unsigned() || length.get<std::size_t>() == 0 ||
      length.get<std::size_t>() > max) {
    Refuse("MaxLength must be between 1 and " + std::to_string(max) + ".");
  }
  return length.get<std::size_t>();
}

std::vector<Option> Options(const Json& set) {
  std::vector<Option> options;
  std::set<std::int64_t> values;
  for (const Json& each : set.value("Options", Json::array())) {
    const Json value = each.value("Value", Json());
    if (!value.is_number_integer() || !values.insert(value.get<std::int64_t>()).second) {
      Refuse("Each option of a choice needs a value of its own.");
    }
    options.push_back({value.get<std::int64_t>(), LabelOf(each, "Label"), 0});
  }
  if (options.empty()) Refuse("A choice needs options.");
  return options;
}

Column ColumnOf(const Json& body, const std::string& schema_name) {
  Column column;
  column.schema_name = schema_name;
  column.name = ToLower(schema_name);
  column.label = LabelOf(body, "DisplayName");
  const std::string type = Text(body, "@odata.type");
  const Json set = body.value("OptionSet", Json::object());
  if (type == "Microsoft.Dynamics.CRM.StringAttributeMetadata") {
    column.type = ColumnType::text;
    column.length_max = Length(body, kTextMax);
  } else if (type == "Microsoft.Dynamics.CRM.MemoAttributeMetadata") {
    column.type = ColumnType::memo;
    column.length_max = Length(body, kMemoMax);
  } else if (type == "Microsoft.Dynamics.CRM.BooleanAttributeMetadata") {
    column.type = ColumnType::boolean;
    column.options = {{0, LabelOf(set.value("FalseOption", Json::object()), "Label"), 0},
                      {1, LabelOf(set.value("TrueOption", Json::object()), "Label"), 0}};
    column.initial = body.value("DefaultValue", false);
  } else if (type == "Microsoft.Dynamics.CRM.PicklistAttributeMetadata") {
    column.type = ColumnType::choice;
    column.options = Options(set);
  } else {
    ThrowBadBody("The type '" + type + "' cannot be created here.");
  }
  return column;
}

void Add(Database& database, Table& table, Column column) {
  if (table.Find(column.name)) {
    throw ServiceError(400, kExists,
                       "An attribute with the specified name " + column.name +
                           " already exists for entity " + table.name() + ".");
  }
  column.metadata_id = database.NewId();
  table.AddLater(std::move(column));
  database.NoteCustomized(table.name());
}

Table& TableNamed(Database& database, const std::string& name) {
  Table* table = database.Find(name);
  if (table == nullptr) {
    throw ServiceError(404, kNotFound, "Could not find an entity with name '" + name + "'.");
  }
  return *table;
}

Table Named(const char* name, const char* set, const char* label, Random& random,
            bool of_solution) {
  TableBuilder table(
      {name, set, label, label, std::string(name) + "id", "friendlyname", false, false, {}, ""},
      random);
  table.Text("uniquename", 256, "Name").Text("friendlyname", 256, "Display Name");
  if (of_solution) {
    table.Text("version", 256, "Version")
        .Lookup("publisherid", {"publisher"}, "Publisher")
        .Boolean("ismanaged", "Managed")
        .Initially(false);
  } else {
    table.Text("customizationprefix", 8, "Prefix")
        .Integer("customizationoptionvalueprefix", 10'000, 99'999, "Option Value Prefix");
  }
  return table.Build();
}

}  // namespace

void RequireSchemaPrivilege(const Database& database, const std::string& privilege) {
  if (!database.switches().missing_privileges.contains(privilege)) return;
  throw ServiceError(403, kNoPrivilege,
                     "Principal user (Id=" + database.api_user_id() + ", type=8) is missing " +
                         privilege + " privilege.");
}

std::string CreateColumn(Database& database, const std::string& table, const Json& body,
                         const std::string& solution) {
  RequireSchemaPrivilege(database, "prvCreateAttribute");
  Column column = ColumnOf(body, SchemaName(database, body, solution));
  Table& owner = TableNamed(database, table);
  const std::string name = column.name;
  Add(database, owner, std::move(column));
  return owner.columns()[owner.At(name)].metadata_id;
}

std::string CreateTable(Database& database, const Json& body, const std::string& solution) {
  RequireSchemaPrivilege(database, "prvCreateEntity");
  const std::string schema_name = SchemaName(database, body, solution);
  const std::string name = ToLower(schema_name);
  if (database.Find(name) != nullptr) {
    throw ServiceError(400, kExists, "An entity with the name " + name + " already exists.");
  }
  const std::string ownership = Text(body, "OwnershipType");
  if (ownership != "UserOwned" && ownership != "OrganizationOwned") {
    Refuse("OwnershipType must be UserOwned or OrganizationOwned.");
  }
  TableInfo info{name,        name + "s", schema_name, LabelOf(body, "DisplayCollectionName"),
                 name + "id", "",         true,        body.value("ChangeTrackingEnabled", false),
                 {},          ""};
  std::vector<Column> columns;
  for (const Json& each : body.value("Attributes", Json::array())) {
    columns.push_back(ColumnOf(each, SchemaName(database, each, solution)));
    if (each.value("IsPrimaryName", false)) info.primary_name = columns.back().name;
  }
  if (info.primary_name.empty()) Refuse("A table needs its primary name column.");
  TableBuilder builder(info, database.random());
  if (ownership == "UserOwned") builder.Owned();
  builder.State({{0, "Active"}, {1, "Inactive"}}, {{1, "Active", 0}, {2, "Inactive", 1}});
  Table table = builder.Build();
  for (Column& column : columns) {
    column.metadata_id = database.NewId();
    table.Add(std::move(column));
  }
  const std::string id = table.info().metadata_id;
  database.AddTable(std::move(table));
  database.NoteCustomized(name);
  return id;
}

std::string CreateRelationship(Database& database, const Json& body, const std::string& solution) {
  RequireSchemaPrivilege(database, "prvCreateRelationship");
  SchemaName(database, body, solution);
  Table& parent = TableNamed(database, Text(body, "ReferencedEntity"));
  Table& child = TableNamed(database, Text(body, "ReferencingEntity"));
  const Json lookup = body.value("Lookup", Json::object());
  Column column;
  column.schema_name = SchemaName(database, lookup, solution);
  column.name = ToLower(column.schema_name);
  column.label = LabelOf(lookup, "DisplayName");
  column.type = ColumnType::lookup;
  column.navigations = {{column.schema_name, {parent.name()}}};
  column.cascades_delete =
      Text(body.value("CascadeConfiguration", Json::object()), "Delete") == "Cascade";
  const std::string name = column.name;
  Add(database, child, std::move(column));
  return child.columns()[child.At(name)].metadata_id;
}

void Publish(Database& database, const Json& body) {
  RequireSchemaPrivilege(database, "prvPublishCustomization");
  const std::string xml = Text(body, "ParameterXml");
  if (!xml.starts_with("<importexportxml>")) ThrowBadBody("ParameterXml is not importexportxml.");
  for (const std::string& table : std::set<std::string>(database.unpublished())) {
    if (xml.find("<entity>" + table + "</entity>") != std::string::npos) {
      database.NotePublished(table);
    }
  }
}

void CheckCustomizationRow(Database& database, const Table& table, const Json& body) {
  const bool publisher = table.name() == "publisher";
  RequireSchemaPrivilege(database, publisher ? "prvCreatePublisher" : "prvCreateSolution");
  const std::string name = Text(body, "uniquename");
  if (name.empty() || Text(body, "friendlyname").empty()) {
    Refuse("uniquename and friendlyname are required.");
  }
  for (const auto& [id, row] : table.rows()) {
    const auto* known = std::get_if<std::string>(&table.Cell(row, "uniquename"));
    if (known != nullptr && EqualsIgnoreCase(*known, name)) {
      throw ServiceError(412, kDuplicateKey, "The unique name " + name + " is taken.");
    }
  }
  if (!publisher) {
    if (!body.contains("publisherid@odata.bind")) Refuse("A solution needs its publisher.");
    return;
  }
  const std::string prefix = Text(body, "customizationprefix");
  const bool letters = std::all_of(prefix.begin(), prefix.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
  if (prefix.size() < 2 || prefix.size() > 8 || !letters || prefix.starts_with("mscrm")) {
    Refuse("customizationprefix must be 2 to 8 letters or digits and not begin with mscrm.");
  }
}

Json UserPrivileges(const Database& database) {
  Json privileges = Json::array();
  const auto& missing = database.switches().missing_privileges;
  const auto add = [&](const std::string& name) {
    if (missing.contains(name)) return;
    privileges.push_back({{"Depth", "Global"},
                          {"PrivilegeId", kNilGuid},
                          {"BusinessUnitId", database.business_unit_id()},
                          {"PrivilegeName", name},
                          {"RecordFilterId", kNilGuid}});
  };
  for (const Table& table : database.tables()) {
    for (const char* verb : {"Create", "Read", "Write", "Delete", "Append", "AppendTo", "Assign"}) {
      if (database.Has(table)) add("prv" + std::string(verb) + table.info().schema_name);
    }
  }
  for (const char* name : {"prvCreateAttribute", "prvCreateEntity", "prvCreateRelationship",
                           "prvPublishCustomization"}) {
    add(name);
  }
  return {{"RolePrivileges", privileges}};
}

std::vector<Table> CustomizationTables() {
  SeededRandom random(0xC05E11);
  std::vector<Table> tables;
  tables.push_back(Named("publisher", "publishers", "Publisher", random, false));
  tables.push_back(Named("solution", "solutions", "Solution", random, true));
  return tables;
}

}  // namespace cosell::sandbox::dataverse

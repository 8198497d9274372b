#include "tools/sandbox/salesforce/customize.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "tools/sandbox/salesforce/writes.h"

namespace cosell::sandbox::salesforce {
namespace {

constexpr std::size_t kTextMax = 255;
constexpr std::size_t kLongTextMax = 131'072;
constexpr std::size_t kNameMax = 40;

void RequirePermission(const Database& database, const std::string& permission) {
  if (!database.switches().missing_permissions.contains(permission)) return;
  throw ServiceError(403, "INSUFFICIENT_ACCESS",
                     "insufficient access rights on cross-reference id");
}

[[noreturn]] void Refuse(const std::string& message) {
  throw ServiceError(400, "FIELD_INTEGRITY_EXCEPTION", message, {});
}

std::string Text(const Json& body, const char* member) {
  return body.contains(member) && body[member].is_string() ? body[member].get<std::string>() : "";
}

std::size_t Length(const Json& metadata, std::size_t min, std::size_t max) {
  const Json length = metadata.value("length", Json());
  const bool fits = length.is_number_unsigned() && length.get<std::size_t>() >= min &&
                    length.get<std::size_t>() <= max;
  if (!fits) {
    Refuse("length must be between " + std::to_string(min) + " and " + std::to_string(max));
  }
  return length.get<std::size_t>();
}

void AddValues(Field& field, const Json& metadata) {
  const Json set = metadata.value("valueSet", Json::object());
  const Json definition = set.value("valueSetDefinition", Json::object());
  field.restricted = set.value("restricted", false);
  std::set<std::string> names;
  for (const Json& each : definition.value("value", Json::array())) {
    const std::string name = Text(each, "valueName");
    if (name.empty() || !names.insert(ToLower(name)).second) Refuse("Duplicate picklist value");
    field.values.push_back({name, Text(each, "label"), each.value("default", false)});
  }
  if (field.values.empty()) Refuse("Picklist needs values");
}

Field FieldOf(const std::string& name, const Json& metadata) {
  Field field;
  field.name = name;
  field.label = Text(metadata, "label");
  if (field.label.empty()) Refuse("Must specify a non-empty label for the CustomField");
  const std::string type = Text(metadata, "type");
  if (type == "Checkbox") {
    field.type = FieldType::boolean;
    field.required = field.defaulted = true;
    if (!metadata.contains("defaultValue")) Refuse("Must specify a defaultValue for a Checkbox");
  } else if (type == "Text") {
    field.length = Length(metadata, 1, kTextMax);
    field.external_id = metadata.value("externalId", false);
    field.unique = metadata.value("unique", false);
  } else if (type == "Url") {
    field.type = FieldType::url;
    field.length = kTextMax;
  } else if (type == "LongTextArea") {
    field.type = FieldType::textarea;
    field.length = Length(metadata, 256, kLongTextMax);
    if (metadata.value("visibleLines", 0) < 2) Refuse("Must specify visibleLines of 2 or more");
  } else if (type == "Picklist") {
    field.type = FieldType::picklist;
    field.length = kTextMax;
    AddValues(field, metadata);
  } else {
    Refuse("Cannot create a field of type " + type);
  }
  return field;
}

// "Opportunity.Audit__c"
std::pair<Table*, std::string> FullName(Database& database, const std::string& text) {
  const auto dot = text.find('.');
  Table* table = dot == std::string::npos ? nullptr : database.Find(text.substr(0, dot));
  if (table == nullptr) Refuse("Entity of type CustomField named " + text + " cannot be found");
  return {table, text.substr(dot + 1)};
}

Outcome CreateField(Database& database, const Call& call) {
  RequirePermission(database, "CustomizeApplication");
  const Json body = call.Body();
  const auto [table, name] = FullName(database, Text(body, "FullName"));
  const bool named = name.ends_with("__c") && name.size() <= kNameMax + 3 &&
                     name.substr(0, name.size() - 3).find("__") == std::string::npos;
  if (!named) Refuse("The name " + name + " is not valid for a custom field");
  Field field = FieldOf(name, body.value("Metadata", Json::object()));
  if (table->type().Find(name)) {
    throw ServiceError(400, "DUPLICATE_DEVELOPER_NAME",
                       "There is already a field named " + name.substr(0, name.size() - 3) +
                           " on " + table->type().name + ".",
                       {});
  }
  field.hidden = true;
  const Value initial = field.type == FieldType::boolean ? Value(false) : Value();
  database.AddCustomField(*table, std::move(field), initial);
  return {201,
          Json{{"id", database.NewId("00N")},
               {"success", true},
               {"errors", Json::array()},
               {"warnings", Json::array()},
               {"infos", Json::array()}},
          {}};
}

// "SELECT DeveloperName FROM CustomField WHERE TableEnumOrId = 'Opportunity'": the one form.
Outcome QueryFields(const Database& database, const Call& call) {
  RequirePermission(database, "ViewSetup");
  const std::string soql = call.Option("q").value_or("");
  constexpr std::string_view kFront =
      "SELECT DeveloperName FROM CustomField WHERE TableEnumOrId = '";
  if (!soql.starts_with(kFront) || !soql.ends_with('\'')) {
    throw ServiceError(400, "MALFORMED_QUERY", "this query of the Tooling API is not understood");
  }
  const std::string object = soql.substr(kFront.size(), soql.size() - kFront.size() - 1);
  Json records = Json::array();
  if (const Table* table = database.Find(object)) {
    for (const Field& field : table->type().fields) {
      if (!field.custom()) continue;
      records.push_back({{"attributes", {{"type", "CustomField"}}},
                         {"DeveloperName", field.name.substr(0, field.name.size() - 3)}});
    }
  }
  return {200,
          Json{{"size", records.size()},
               {"totalSize", records.size()},
               {"done", true},
               {"entityTypeName", "CustomField"},
               {"records", records}},
          {}};
}

// Shows the API user what its permission sets grant.
void ApplyGrants(Database& database) {
  const std::string& user = database.options().api_user_id;
  std::set<std::string> sets;
  const Table& assignments = database.At("PermissionSetAssignment");
  for (const auto& [id, record] : assignments.records()) {
    if (assignments.Text(record.row, "AssigneeId") == user) {
      sets.insert(assignments.Text(record.row, "PermissionSetId"));
    }
  }
  const Table& grants = database.At("FieldPermissions");
  for (const auto& [id, record] : grants.records()) {
    if (!sets.contains(grants.Text(record.row, "ParentId"))) continue;
    const auto [table, name] = FullName(database, grants.Text(record.row, "Field"));
    database.ShowField(*table, name);
  }
}

void CheckFieldGrant(Database& database, const Json& body) {
  const std::string name = Text(body, "Field");
  const auto [table, field] = FullName(database, name);
  if (!table->type().Find(field)) {
    throw ServiceError(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                       "Field Name: bad value for restricted picklist field: " + name, {"Field"});
  }
  if (body.value("PermissionsEdit", false) && !body.value("PermissionsRead", false)) {
    Refuse("Edit access needs read access");
  }
}

// No two rows say the same.
void CheckUnique(const Table& table, const Json& body, const std::vector<const char*>& members) {
  for (const auto& [id, record] : table.records()) {
    const bool same = std::all_of(members.begin(), members.end(), [&](const char* member) {
      return EqualsIgnoreCase(table.Text(record.row, member), Text(body, member));
    });
    if (same) throw ServiceError(400, "DUPLICATE_VALUE", "duplicate value found", {});
  }
}

}  // namespace

Outcome HandleTooling(Database& database, const Call& call) {
  const auto& path = call.path();
  if (path.size() == 3 && path[1] == "sobjects" && path[2] == "CustomField") {
    if (call.method != "POST") ThrowMethod(call.method, "POST");
    return CreateField(database, call);
  }
  if (path.size() == 2 && path[1] == "query") {
    if (call.method != "GET") ThrowMethod(call.method, "GET");
    return QueryFields(database, call);
  }
  ThrowNotFound();
}

bool GrantsRights(const Table& table) {
  const std::string& name = table.type().name;
  return name == "PermissionSet" || name == "PermissionSetAssignment" || name == "FieldPermissions";
}

Outcome CreateGrant(Database& database, const Call& call, Table& table) {
  const std::string& object = table.type().name;
  RequirePermission(database, object == "PermissionSetAssignment" ? "AssignPermissionSets"
                                                                  : "ManagePermissionSets");
  const Json body = call.Body();
  if (object == "PermissionSet") CheckUnique(table, body, {"Name"});
  if (object == "PermissionSetAssignment")
    CheckUnique(table, body, {"AssigneeId", "PermissionSetId"});
  if (object == "FieldPermissions") {
    CheckFieldGrant(database, body);
    CheckUnique(table, body, {"ParentId", "Field"});
  }
  Changes changes;
  for (const auto& [name, value] : body.items()) {
    if (!table.type().Find(name)) ThrowNoColumn(name, object);
    changes.Set(table.type(), name,
                value.is_boolean() ? Value(value.get<bool>()) : Value(value.get<std::string>()));
  }
  WriteContext context{database, call.caller, {true, ""}};
  context.silent = true;
  const std::string id = CreateRow(context, table, changes);
  ApplyGrants(database);
  return {201, Json{{"id", id}, {"success", true}, {"errors", Json::array()}}, {}};
}

}  // namespace cosell::sandbox::salesforce

#include "tools/sandbox/salesforce/writes.h"

#include <algorithm>

#include "base/text.h"
#include "tools/sandbox/salesforce/cells.h"
#include "tools/sandbox/salesforce/contact_roles.h"
#include "tools/sandbox/salesforce/derive.h"
#include "tools/sandbox/salesforce/duplicates.h"
#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox::salesforce {
namespace {

// --- Bodies

// "Account": {"ERP_Key__c": "FHL-17"} stands for the id of the record with that key (7.1).
Value ParentByKey(const WriteContext& context, const Field& reference, const Json& json) {
  const Table& parents = context.database.At(reference.to);
  std::optional<std::size_t> key;
  std::string text;
  for (const auto& [name, value] : json.items()) {
    if (name == "attributes") continue;
    const auto at = context.naming.Field(parents.type(), name);
    if (!at) ThrowNoColumn(name, parents.type().name);
    if (key || !parents.type().fields[*at].external_id || !value.is_string()) {
      ThrowBadJson("The external ID reference " + reference.relationship + " must name one field.");
    }
    key = at;
    text = value.get<std::string>();
  }
  if (!key) ThrowBadJson("The external ID reference " + reference.relationship + " is empty.");
  for (const auto& id : parents.Candidates(*key, text)) {
    const Row* row = parents.Live(id);
    if (row == nullptr) continue;
    const auto* value = std::get_if<std::string>(&row->cells[*key]);
    if (value != nullptr && FoldCase(*value) == FoldCase(text)) return id;
  }
  const std::string& name = parents.type().fields[*key].name;
  throw ServiceError(400, "INVALID_FIELD",
                     "Foreign key external ID: " + text + " not found for field " + name +
                         " in entity " + parents.type().name,
                     {});
}

void ParseMember(const WriteContext& context, const Table& table, const std::string& name,
                 const Json& value, Purpose purpose, Changes& changes,
                 std::vector<std::string>& read_only) {
  const ObjectType& type = table.type();
  const auto at = context.naming.Field(type, name);
  if (!at) {
    const auto relation = type.FindRelationship(name);
    if (!relation || !value.is_object()) ThrowNoColumn(name, type.name);
    if (!type.fields[*relation].createable) {
      read_only.push_back(type.fields[*relation].name);
      return;
    }
    changes.cells[*relation] = ParentByKey(context, type.fields[*relation], value);
    return;
  }
  const Field& field = type.fields[*at];
  if (!(purpose == Purpose::create ? field.createable : field.updateable)) {
    read_only.push_back(field.name);
    return;
  }
  changes.cells[*at] = CellFromJson(context.database, field, value);
}

// --- Checks

void CheckRequired(const Table& table, const Row& row) {
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < table.type().fields.size(); ++i) {
    const Field& field = table.type().fields[i];
    if (field.required && field.createable && IsNull(row.cells[i])) missing.push_back(field.name);
  }
  if (missing.empty()) return;
  throw ServiceError(400, "REQUIRED_FIELD_MISSING",
                     "Required fields are missing: [" + Join(missing, ", ") + "]", missing);
}

void CheckUnique(const Table& table, const Row& row) {
  for (std::size_t i = 0; i < table.type().fields.size(); ++i) {
    const auto* text = std::get_if<std::string>(&row.cells[i]);
    if (text == nullptr || !table.type().fields[i].unique) continue;
    for (const auto& id : table.Candidates(i, *text)) {
      const Row& other = table.Find(id)->row;
      const auto* taken = std::get_if<std::string>(&other.cells[i]);
      if (id == row.id || other.deletion != 0 || taken == nullptr) continue;
      if (FoldCase(*taken) != FoldCase(*text)) continue;
      const std::string& name = table.type().fields[i].name;
      throw ServiceError(400, "DUPLICATE_VALUE",
                         "duplicate value found: " + name +
                             " duplicates value on record with id: " + id.substr(0, 15),
                         {});
    }
  }
}

void CheckWritten(const WriteContext& context, const Table& table,
                  const std::set<std::size_t>& written, const Row& row) {
  CheckRequired(table, row);
  for (const std::size_t at : written) {
    const Field& field = table.type().fields[at];
    CheckCell(context.database, table.type(), field, row.cells[at]);
    if (field.type != FieldType::reference || IsNull(row.cells[at])) continue;
    CheckReference(context, field, std::get<std::string>(row.cells[at]));
  }
}

void CheckLock(const WriteContext& context, const Record* record, const std::string& id) {
  if (!context.caller.by_api) return;
  int& errors = context.database.switches().lock_errors;
  const bool held = record != nullptr && record->open;
  if (errors <= 0 && !held) return;
  if (!held) --errors;
  throw ServiceError(400, "UNABLE_TO_LOCK_ROW",
                     "unable to obtain exclusive access to this record or 1 records: " +
                         (id.empty() ? "000000000000000" : id.substr(0, 15)),
                     {});
}

// --- Automation

std::map<std::string, std::string> TextsOf(const Table& table, const Row* row) {
  std::map<std::string, std::string> texts;
  if (row == nullptr) return texts;
  for (std::size_t i = 0; i < table.type().fields.size(); ++i) {
    const Field& field = table.type().fields[i];
    if (auto text = PlainText(field, row->cells[i]); text && !IsNull(row->cells[i])) {
      texts[field.name] = *text;
    }
  }
  return texts;
}

void TakeOver(const Table& table, const std::map<std::string, std::string>& texts,
              const std::map<std::string, std::string>& known, Row& row,
              std::set<std::size_t>& written) {
  for (std::size_t i = 0; i < table.type().fields.size(); ++i) {
    const Field& field = table.type().fields[i];
    const auto now = texts.find(field.name);
    const auto then = known.find(field.name);
    const bool gone = now == texts.end();
    if (gone ? then == known.end() : then != known.end() && then->second == now->second) continue;
    row.cells[i] = gone ? Value{} : FromPlainText(field, now->second);
    written.insert(i);
  }
}

void RunRules(const WriteContext& context, const Table& table, const Row* before, Row& row,
              std::set<std::size_t>& written) {
  if (context.silent) return;
  for (const auto& rule : context.database.rules()) {
    const auto known = TextsOf(table, &row);
    auto texts = known;
    const auto refusal = rule(table.type().name, TextsOf(table, before), texts);
    if (refusal) throw ServiceError(400, refusal->error_code, refusal->message, refusal->fields);
    TakeOver(table, texts, known, row, written);
  }
}

// --- Storing

void Stamp(const WriteContext& context, const Table& table, Row& row) {
  const std::string now = StampText(context.database.Now());
  row.cells[table.type().At("LastModifiedDate")] = now;
  row.cells[table.type().At("LastModifiedById")] = context.caller.user_id;
  row.cells[table.type().At("SystemModstamp")] = now;
}

bool IsStamp(const Field& field) {
  return field.name == "LastModifiedDate" || field.name == "LastModifiedById" ||
         field.name == "SystemModstamp" || field.name == "CreatedDate" ||
         field.name == "CreatedById";
}

// What was saved, for the journal and for those who listen.
void Report(const WriteContext& context, const Table& table, const std::string& operation,
            const Row* before, const Row& after, const std::set<std::size_t>& written,
            std::vector<std::string> ignored = {}) {
  if (context.silent) return;
  const Instant at = ParseStamp(table.Text(after, "SystemModstamp"));
  SalesforceWrite write{
      at, context.caller.by_api, context.caller.user_id, table.type().name, after.id, operation,
      {}, std::move(ignored)};
  const bool ends = operation == "delete" || operation == "merge";
  const std::string event = ends ? "delete" : operation == "undelete" ? operation : "update";
  SalesforceChange change{at,
                          table.type().name,
                          after.id,
                          before == nullptr ? "create" : event,
                          context.caller.user_id,
                          context.caller.by_api,
                          {}};
  for (std::size_t i = 0; i < table.type().fields.size(); ++i) {
    const Field& field = table.type().fields[i];
    const auto text = [&](const Row* row) {
      const bool null = row == nullptr || IsNull(row->cells[i]);
      return null ? std::nullopt : PlainText(field, row->cells[i]);
    };
    const auto was = text(before);
    const auto now = text(&after);
    if (IsStamp(field) || (was == now && !written.contains(i))) continue;
    write.changes.push_back({field.name, was, now});
    if (was != now) change.fields.insert(field.name);
  }
  context.database.Journal(std::move(write));
  context.database.Announce(std::move(change), context.delayed());
}

// Checks, automation, derived fields: everything between the wish and the stored record.
void Prepare(const WriteContext& context, const Table& table, const Row* before,
             std::set<std::size_t>& written, Row& row) {
  CheckWritten(context, table, written, row);
  Derive(context.database, table, before, written, row);
  const auto asked = written;
  RunRules(context, table, before, row, written);
  if (written != asked || !context.database.rules().empty()) {
    CheckWritten(context, table, written, row);
    Derive(context.database, table, before, written, row);
  }
  CheckUnique(table, row);
  DetectDuplicates(context, table, before, row);
}

std::set<std::size_t> Apply(const Changes& changes, Row& row) {
  std::set<std::size_t> written;
  for (const auto& [at, value] : changes.cells) {
    row.cells[at] = value;
    written.insert(at);
  }
  return written;
}

// Amounts of opportunities with line items are silently ignored (7.3).
std::vector<std::string> DropIgnored(const Table& table, const Row& before, Changes& changes,
                                     const std::string& operation) {
  if (table.type().name != "Opportunity" || operation == "lineitem") return {};
  if (table.Cell(before, "HasOpportunityLineItem") != Value(true)) return {};
  return changes.cells.erase(table.type().At("Amount")) > 0 ? std::vector<std::string>{"Amount"}
                                                            : std::vector<std::string>{};
}

void SetDeleted(const WriteContext& context, Table& table, Row row, std::uint64_t deletion,
                const std::string& operation) {
  const Row before = row;
  row.deletion = deletion;
  row.deleted_at = ParseStamp(StampText(context.database.Now()));
  row.cells[table.type().At("IsDeleted")] = deletion != 0;
  Stamp(context, table, row);
  Report(context, table, operation, &before, row, {});
  context.database.Put(table, std::move(row), context.delayed());
}

// The record and all that dies with it.
void DeleteWithChildren(const WriteContext& context, Table& table, const std::string& id,
                        std::uint64_t deletion, const std::string& operation) {
  SetDeleted(context, table, table.Find(id)->row, deletion, operation);
  for (auto& children : context.database.tables()) {
    const auto& fields = children->type().fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!fields[i].cascade || fields[i].to != table.type().name) continue;
      for (const auto& child : children->Candidates(i, id)) {
        const Row& row = children->Find(child)->row;
        if (row.deletion != 0 || row.cells[i] != Value(id)) continue;
        DeleteWithChildren(context, *children, child, deletion, "delete");
      }
    }
  }
}

}  // namespace

Changes ParseBody(const WriteContext& context, const Table& table, const Json& body,
                  Purpose purpose) {
  if (!body.is_object()) ThrowBadJson("The request body must be a JSON object");
  Changes changes;
  std::vector<std::string> read_only;
  for (const auto& [name, value] : body.items()) {
    if (name == "attributes") continue;
    if (EqualsIgnoreCase(name, "Id")) {
      ServiceError error(400, "INVALID_FIELD",
                         "The Id field should not be specified in the sobject data.");
      error.before_save = true;
      throw error;
    }
    ParseMember(context, table, name, value, purpose, changes, read_only);
  }
  if (read_only.empty()) return changes;
  throw ServiceError(400, "INVALID_FIELD_FOR_INSERT_UPDATE",
                     "Unable to create/update fields: " + Join(read_only, ", ") +
                         ". Please check the security settings of this field and verify that it "
                         "is read/write for your profile or permission set.",
                     read_only);
}

void ThrowDeleted(const Database& database) {
  throw ServiceError(database.switches().deleted_status, "ENTITY_IS_DELETED", "entity is deleted",
                     {});
}

std::string CreateRow(const WriteContext& context, Table& table, const Changes& changes,
                      const std::string& id) {
  Database& database = context.database;
  const ObjectType& type = table.type();
  CheckLock(context, nullptr, "");
  Row row;
  row.id = id.empty() ? database.NewId(type.prefix) : id;
  FillDefaults(database, context.caller, table, row);
  auto written = Apply(changes, row);
  AssignLead(context, table, row);
  row.cells[type.At("Id")] = row.id;
  row.cells[type.At("CreatedDate")] = StampText(database.Now());
  row.cells[type.At("CreatedById")] = context.caller.user_id;
  if (type.custom() && IsNull(table.Cell(row, "Name"))) row.cells[type.At("Name")] = row.id;
  Prepare(context, table, nullptr, written, row);
  Stamp(context, table, row);
  Report(context, table, "create", nullptr, row, written);
  const std::string created = row.id;
  database.Put(table, std::move(row), context.delayed());
  AfterSave(context, table, created, true);
  return created;
}

void UpdateRow(const WriteContext& context, Table& table, const std::string& id,
               const Changes& wanted, const std::string& operation) {
  const Record* record = table.Find(id);
  CheckLock(context, record, id);
  const Row before = record->row;
  if (table.type().name == "Lead" && table.Cell(before, "IsConverted") == Value(true)) {
    throw ServiceError(400, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", {});
  }
  Changes changes = wanted;
  auto ignored = DropIgnored(table, before, changes, operation);
  Row row = before;
  auto written = Apply(changes, row);
  AssignLead(context, table, row);
  Prepare(context, table, &before, written, row);
  if (context.database.switches().no_op_bumps || row.cells != before.cells) {
    Stamp(context, table, row);
  }
  Report(context, table, operation, &before, row, written, std::move(ignored));
  context.database.Put(table, std::move(row), context.delayed());
  AfterSave(context, table, id, false);
}

void DeleteRow(const WriteContext& context, Table& table, const std::string& id,
               const std::string& operation) {
  CheckLock(context, table.Find(id), id);
  if (!table.type().deletable) {
    throw ServiceError(400, "INSUFFICIENT_ACCESS_OR_READONLY",
                       "entity type cannot be deleted: " + table.type().label, {});
  }
  DeleteWithChildren(context, table, id, context.database.NextDeletion(), operation);
  AfterSave(context, table, id, false);
}

void UndeleteRow(const WriteContext& context, Table& table, const std::string& id) {
  const std::uint64_t deletion = table.Find(id)->row.deletion;
  if (deletion == 0) {
    throw ServiceError(400, "UNDELETE_FAILED", "Entity is not in the recycle bin", {});
  }
  for (auto& each : context.database.tables()) {
    const auto deleted = each->deleted();
    for (const auto& other : deleted) {
      const Row row = each->Find(other)->row;
      if (row.deletion != deletion) continue;
      CheckUnique(*each, row);
      SetDeleted(context, *each, row, 0, "undelete");
      AfterSave(context, *each, other, false);
    }
  }
}

}  // namespace cosell::sandbox::salesforce

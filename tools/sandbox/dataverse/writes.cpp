#include "tools/sandbox/dataverse/writes.h"

#include <algorithm>

#include "tools/sandbox/dataverse/conditions.h"
#include "tools/sandbox/dataverse/derive.h"
#include "tools/sandbox/dataverse/error.h"
#include "tools/sandbox/dataverse/render.h"

namespace cosell::sandbox::dataverse {
namespace {

constexpr std::string_view kBind = "@odata.bind";

[[noreturn]] void ThrowUndeclared(const Table& table, std::string_view name) {
  ThrowBadBody("An error occurred while validating input parameters: The property '" +
               std::string(name) + "' does not exist on type 'Microsoft.Dynamics.CRM." +
               table.name() +
               "'. Make sure to only use property names that are defined by the type.");
}

void RequirePrivilege(const WriteContext& context, const Table& table, const std::string& verb) {
  const std::string privilege = "prv" + verb + table.info().schema_name;
  if (!context.caller.by_api) return;
  if (!context.database.switches().missing_privileges.contains(privilege)) return;
  throw ServiceError(403, kNoPrivilege,
                     "Principal user (Id=" + context.caller.user_id + ", type=8) is missing " +
                         privilege + " privilege.");
}

void ParseLookup(const WriteContext& context, const Table& table, std::string_view name,
                 const Json& value, Changes& changes) {
  const auto navigation = table.FindNavigation(name);
  if (!navigation) ThrowUndeclared(table, name);
  const Column& column = table.columns()[navigation->first];
  changes.Drop(navigation->first);
  if (value.is_null()) {
    if (column.required) {
      throw ServiceError(400, kInvalidArgument, "'" + column.name + "' must not be null.");
    }
    changes.cells.emplace_back(navigation->first, Value{});
    return;
  }
  if (!value.is_string()) ThrowBadBody("'" + std::string(name) + "' takes a reference to a row.");
  changes.cells.emplace_back(
      navigation->first, ResolveBind(context.database, *navigation->second,
                                     value.get<std::string>(), context.origin, context.references));
}

// True when the column may be written now; otherwise the member is refused or noted as dropped.
bool MayWrite(const WriteContext& context, const Column& column, Purpose purpose,
              Changes& changes) {
  const auto& switches = context.database.switches();
  if (purpose == Purpose::create ? column.creatable : column.updatable) return true;
  const bool refuse = column.type == ColumnType::state ? switches.refuse_statecode_in_create
                                                       : switches.refuse_read_only_members;
  if (refuse) {
    ThrowBadBody("The property '" + column.name + "' is not valid for " +
                 (purpose == Purpose::create ? "create" : "update") + ".");
  }
  changes.ignored.push_back(column.name);
  return false;
}

void ParseMember(const WriteContext& context, const Table& table, const std::string& name,
                 const Json& value, Purpose purpose, Changes& changes) {
  const auto column = table.FindProperty(name);
  if (column && table.columns()[*column].type == ColumnType::lookup) {
    ThrowBadBody(
        "CRM do not support direct update of Entity Reference properties, Use Navigation "
        "properties instead.");
  }
  if (!column) {
    if (!value.is_null()) ThrowUndeclared(table, name);
    return ParseLookup(context, table, name, value, changes);
  }
  if (!MayWrite(context, table.columns()[*column], purpose, changes)) return;
  changes.Drop(*column);
  changes.cells.emplace_back(
      *column, CellFromJson(table, table.columns()[*column], value, context.database.switches()));
}

std::optional<std::int64_t> Written(const Changes& changes, const Table& table,
                                    std::string_view column) {
  const auto at = table.Find(column);
  const Value* value = at ? changes.Find(*at) : nullptr;
  const auto* number = value == nullptr ? nullptr : std::get_if<std::int64_t>(value);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

void ApplyCells(const Table& table, Row& row, const Changes& changes) {
  for (const auto& [at, value] : changes.cells) {
    const auto type = table.columns()[at].type;
    if (type != ColumnType::state && type != ColumnType::status) row.cells[at] = value;
  }
}

void RequireFreeKeys(const Database& database, const Table& table, const Row& row) {
  for (const auto& key : database.KeysOf(table)) {
    RowKey wanted;
    for (const auto& column : key.columns) {
      if (!IsNull(table.Cell(row, column))) {
        wanted.columns.emplace_back(table.At(column), table.Cell(row, column));
      }
    }
    if (wanted.columns.size() != key.columns.size()) continue;  // null does not collide
    const Row* other = FindByKey(table, wanted);
    if (other == nullptr || other->id == row.id) continue;
    throw ServiceError(412, kKeyTaken,
                       "Entity Key " + key.label + " violated. A record with the same value for " +
                           table.columns()[table.At(key.columns.front())].label +
                           " already exists.");
  }
}

// 5.4: the default rules compare names of accounts, e-mail addresses of contacts and leads.
void DetectDuplicates(const WriteContext& context, const Table& table, const Row& row) {
  if (!context.detect_duplicates) return;
  const bool named = table.name() == "account";
  if (!named && table.name() != "contact" && table.name() != "lead") return;
  const std::size_t at = table.At(named ? "name" : "emailaddress1");
  const auto* text = std::get_if<std::string>(&row.cells[at]);
  if (text == nullptr) return;
  for (const auto& [id, other] : table.rows()) {
    const auto* taken = std::get_if<std::string>(&other.cells[at]);
    if (id == row.id || taken == nullptr || FoldCase(*taken) != FoldCase(*text)) continue;
    throw ServiceError(context.database.switches().duplicate_status, kDuplicateFound,
                       "A record was not created or updated because a duplicate of the current "
                       "record already exists.");
  }
}

void Record(const WriteContext& context, const Table& table, const std::string& operation,
            const Row* before, const Row* after, const Changes& changes) {
  if (context.silent) return;
  const Row& row = after == nullptr ? *before : *after;
  PerformedOperation entry{context.database.Now(),
                           context.caller.by_api,
                           context.caller.user_id,
                           table.name(),
                           row.id,
                           operation,
                           {},
                           changes.ignored,
                           row.version};
  const auto& switches = context.database.switches();
  const auto text = [&](const Row* of, std::size_t at) {
    return of == nullptr ? std::nullopt : CellText(table.columns()[at], of->cells[at], switches);
  };
  for (const auto& [at, value] : changes.cells) {
    entry.changes.push_back({table.columns()[at].property(), text(before, at), text(after, at)});
  }
  context.database.Journal(std::move(entry));
}

void Announce(const WriteContext& context, const Table& table, const std::string& message,
              const Row& row, const Changes& changes, std::optional<Row> closing) {
  if (context.silent) return;
  Change change{message, context.caller, context.database.Now(), &table, row, {}, closing};
  for (const auto& [at, value] : changes.cells) change.columns.push_back(at);
  context.database.Announce(std::move(change));
}

void RequireWritableState(const WriteContext& context, const Table& table, const Row& row,
                          const Changes& changes) {
  if (!context.database.switches().closed_rows_read_only || !table.Find("statecode")) return;
  const auto state = std::get<std::int64_t>(table.Cell(row, "statecode"));
  if (!table.info().read_only_states.contains(state)) return;
  const auto wanted = Written(changes, table, "statecode");
  if (wanted == 0) return;  // reopened
  throw ServiceError(400, kInvalidArgument,
                     "This " + table.name() + " is closed and cannot be edited.");
}

// Rows that name the deleted one die with it or lose the reference.
void ReleaseReferences(const WriteContext& context, const Table& gone, const std::string& id) {
  const Reference reference{gone.name(), id};
  for (auto& table : context.database.tables()) {
    std::vector<std::pair<std::string, std::size_t>> holders;
    for (std::size_t at = 0; at < table.columns().size(); ++at) {
      const auto& navigations = table.columns()[at].navigations;
      const auto reaches = [&](const Navigation& n) { return n.targets.contains(gone.name()); };
      if (std::none_of(navigations.begin(), navigations.end(), reaches)) continue;
      for (const auto& [row_id, row] : table.rows()) {
        if (row.cells[at] == Value(reference)) holders.emplace_back(row_id, at);
      }
    }
    for (const auto& [row_id, at] : holders) {
      const Row* found = table.FindRow(row_id);
      if (found == nullptr) continue;
      if (table.columns()[at].cascades_delete) {
        DeleteRow(context, table, row_id);
        continue;
      }
      Row row = *found;
      row.cells[at] = std::monostate{};
      StampModified(context.database, table, row, context.caller);
      context.database.Put(table, std::move(row));
    }
  }
}

}  // namespace

const Value* Changes::Find(std::size_t column) const {
  for (const auto& [at, value] : cells) {
    if (at == column) return &value;
  }
  return nullptr;
}

void Changes::Drop(std::size_t column) {
  std::erase_if(cells, [&](const auto& cell) { return cell.first == column; });
}

Changes ParseBody(const WriteContext& context, const Table& table, const Json& body,
                  Purpose purpose) {
  if (!body.is_object()) ThrowBadBody("A JSON object is expected as the body of the request.");
  Changes changes;
  for (const auto& [name, value] : body.items()) {
    const auto at = name.find('@');
    if (at == 0) continue;
    if (name.ends_with(kBind)) {
      ParseLookup(context, table, name.substr(0, at), value, changes);
    } else if (at != std::string::npos) {
      if (!body.contains(name.substr(0, at))) {
        ThrowBadBody("The annotation '" + name + "' stands for a property without a value.");
      }
    } else {
      ParseMember(context, table, name, value, purpose, changes);
    }
  }
  return changes;
}

std::string CreateRow(const WriteContext& context, Table& table, std::optional<std::string> id,
                      const Changes& changes) {
  RequirePrivilege(context, table, "Create");
  const Value* chosen = changes.Find(table.At(table.info().primary_id));
  if (chosen != nullptr && !IsNull(*chosen)) id = std::get<std::string>(*chosen);
  if (!id) id = context.database.NewId();
  if (table.FindRow(*id) != nullptr) {
    throw ServiceError(412, kDuplicateKey, "A record with matching key values already exists.");
  }
  Row row = NewRow(context.database, table, *id, context.caller);
  ApplyCells(table, row, changes);
  row.cells[table.At(table.info().primary_id)] = *id;
  const Value& overridden = table.Cell(row, "overriddencreatedon");
  if (!IsNull(overridden)) row.cells[table.At("createdon")] = overridden;
  SetState(table, row, std::nullopt, Written(changes, table, "statuscode"));
  Derive(context.database, table, row);
  RequireFreeKeys(context.database, table, row);
  DetectDuplicates(context, table, row);
  StampModified(context.database, table, row, context.caller);
  Record(context, table, "create", nullptr, &row, changes);
  Announce(context, table, "Create", row, changes, std::nullopt);
  context.database.Put(table, std::move(row));
  return *id;
}

void UpdateRow(const WriteContext& context, Table& table, const std::string& id,
               const Changes& changes, const UpdateKind& kind) {
  RequirePrivilege(context, table, "Write");
  if (changes.cells.empty()) return;
  const Row before = *table.FindRow(id);
  if (!kind.by_platform) RequireWritableState(context, table, before, changes);
  Row row = before;
  ApplyCells(table, row, changes);
  SetState(table, row, Written(changes, table, "statecode"), Written(changes, table, "statuscode"));
  Derive(context.database, table, row);
  RequireFreeKeys(context.database, table, row);
  DetectDuplicates(context, table, row);
  StampModified(context.database, table, row, context.caller);
  Record(context, table, kind.operation, &before, &row, changes);
  Announce(context, table, kind.message, row, changes, kind.closing);
  context.database.Put(table, std::move(row));
}

void DeleteRow(const WriteContext& context, Table& table, const std::string& id) {
  RequirePrivilege(context, table, "Delete");
  const Row before = *table.FindRow(id);
  context.database.Remove(table, before.id);
  Record(context, table, "delete", &before, nullptr, {});
  Announce(context, table, "Delete", before, {}, std::nullopt);
  ReleaseReferences(context, table, before.id);
}

}  // namespace cosell::sandbox::dataverse

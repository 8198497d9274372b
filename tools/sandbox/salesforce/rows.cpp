#include "tools/sandbox/salesforce/rows.h"

#include "base/text.h"
#include "tools/sandbox/salesforce/cells.h"
#include "tools/sandbox/salesforce/conditional.h"
#include "tools/sandbox/salesforce/ids.h"
#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox::salesforce {
namespace {

constexpr int kUpsertResultVersion = 46;  // from here on an update by upsert answers 200

[[noreturn]] void ThrowNoKey(const std::string& name) {
  throw ServiceError(404, "NOT_FOUND",
                     "Provided external ID field does not exist or is not accessible: " + name);
}

std::vector<FieldPath> AskedFields(const ReadContext& context, const Call& call,
                                   const Table& table) {
  const auto fields = call.Option("fields");
  if (!fields) return AllFields(context, table);
  std::vector<FieldPath> paths;
  bool id = false;
  for (const auto& name : Split(*fields, ',')) {
    const auto path = FindPath(context, table, Split(Trim(name), '.'));
    if (!path) ThrowNoColumn(Trim(name), table.type().name);
    id = id || (path->hops.empty() && table.type().fields[path->field].type == FieldType::id);
    paths.push_back(*path);
  }
  if (!id) paths.push_back({{}, &table, table.type().At("Id")});
  return paths;
}

// The requests for one record, however it was addressed.
class RecordCall {
 public:
  RecordCall(Database& database, const Call& call, Table& table, std::string id)
      : database_(database), call_(call), table_(table), id_(std::move(id)) {}

  Outcome Run() {
    if (call_.method == "GET" || call_.method == "HEAD") return Read();
    if (call_.method == "PATCH") return Update();
    if (call_.method == "DELETE") return Delete();
    ThrowMethod(call_.method, "GET,HEAD,PATCH,DELETE");
  }

  Outcome Read() {
    const Row* row = table_.Live(id_);
    if (row == nullptr) ThrowNotFound();
    if (const auto decided = CheckConditions(database_, call_, table_, *row)) return *decided;
    const ReadContext context = call_.Reading(database_);
    Outcome outcome{
        200, RenderRecord(context, table_, *row, AskedFields(context, call_, table_)), {}};
    AddValidators(database_, table_, *row, outcome);
    return outcome;
  }

  // `key`: the external id field that addressed the record; its value must not change.
  Outcome Update(std::optional<std::size_t> key = std::nullopt) {
    const Row& row = Writable();
    const auto context = call_.Writing(database_);
    auto changes = ParseBody(context, table_, call_.Body(), Purpose::update);
    if (key) changes.cells.erase(*key);
    if (const auto decided = CheckConditions(database_, call_, table_, row)) return *decided;
    UpdateRow(context, table_, id_, changes);
    return {204, std::nullopt, {}};
  }

  Outcome Delete() {
    Writable();
    DeleteRow(call_.Writing(database_), table_, id_);
    return {204, std::nullopt, {}};
  }

 private:
  const Row& Writable() {
    const Row* row = table_.Visible(id_);
    if (row == nullptr) ThrowNotFound();
    if (row->deletion != 0) ThrowDeleted(database_);
    return *row;
  }

  Database& database_;
  const Call& call_;
  Table& table_;
  std::string id_;
};

Outcome Created(Database& database, const Call& call, const Table& table, const std::string& id,
                std::optional<bool> created) {
  Outcome outcome{201, SavedResult(database, id, created), {}};
  outcome.headers.emplace_back("Location", call.Reading(database).RecordUrl(table.type(), id));
  return outcome;
}

Outcome Create(Database& database, const Call& call, Table& table) {
  const auto context = call.Writing(database);
  const auto changes = ParseBody(context, table, call.Body(), Purpose::create);
  return Created(database, call, table, CreateRow(context, table, changes), std::nullopt);
}

// The resource /sobjects/{o}/{field}/{value}.
class KeyCall {
 public:
  KeyCall(Database& database, const Call& call, Table& table, std::size_t key)
      : database_(database), call_(call), table_(table), key_(key), value_(call.path()[3]) {}

  Outcome Run() {
    const auto ids = FindByKey(table_, key_, value_);
    if (ids.size() > 1) return Several(ids);
    if (call_.method == "PATCH") return Upsert(ids);
    if (call_.method != "GET" && call_.method != "HEAD" && call_.method != "DELETE") {
      ThrowMethod(call_.method, "GET,HEAD,PATCH,DELETE");
    }
    if (ids.empty()) ThrowNotFound();
    return RecordCall(database_, call_, table_, ids.front()).Run();
  }

 private:
  Outcome Several(const std::vector<std::string>& ids) {
    Json urls = Json::array();
    for (const auto& id : ids) {
      urls.push_back(call_.Reading(database_).RecordUrl(table_.type(), id));
    }
    return {300, urls, {}};
  }

  Outcome Upsert(const std::vector<std::string>& ids) {
    RequireSameKey();
    return ids.empty() ? Insert() : Update(ids.front());
  }

  void RequireSameKey() const {
    const Json body = call_.Body();
    const Field& field = table_.type().fields[key_];
    if (!body.is_object()) return;
    for (const auto& [name, value] : body.items()) {
      if (call_.naming().Field(table_.type(), name) != key_) continue;
      if (value.is_string() && FoldCase(value.get<std::string>()) == FoldCase(value_)) continue;
      throw ServiceError(
          400, "INVALID_FIELD",
          "The " + field.name + " field should not be specified in the sobject data.",
          {field.name});
    }
  }

  Outcome Insert() {
    const std::string update_only = call_.Option("updateOnly").value_or("false");
    if (EqualsIgnoreCase(update_only, "true")) ThrowNotFound();
    const auto context = call_.Writing(database_);
    auto changes = ParseBody(context, table_, call_.Body(), Purpose::create);
    changes.cells[key_] = CellFromJson(database_, table_.type().fields[key_], value_);
    const bool newer = call_.version >= kUpsertResultVersion;
    return Created(database_, call_, table_, CreateRow(context, table_, changes),
                   newer ? std::optional(true) : std::nullopt);
  }

  Outcome Update(const std::string& id) {
    const Outcome outcome = RecordCall(database_, call_, table_, id).Update(key_);
    const bool no_body = call_.version < kUpsertResultVersion || database_.switches().upsert_204;
    if (outcome.status != 204 || no_body) return outcome;
    return {200, SavedResult(database_, id, false), {}};
  }

  Database& database_;
  const Call& call_;
  Table& table_;
  std::size_t key_;
  const std::string& value_;
};

// The third segment: an id. Anything else the service takes for the name of a field.
std::string IdSegment(const Table& table, const std::string& segment) {
  const auto id = FullId(segment);
  if (!id) ThrowNoKey(segment);
  if (!id->starts_with(table.type().prefix)) ThrowNotFound();
  return *id;
}

Outcome BasicInfo(const Database& database, const Call& call, const Table& table) {
  const ReadContext context = call.Reading(database);
  const std::string base = context.Base() + "/sobjects/" + context.naming.Out(table.type().name);
  const Json about = {
      {"name", context.naming.Out(table.type().name)},
      {"label", table.type().label},
      {"labelPlural", table.type().plural},
      {"keyPrefix", table.type().prefix},
      {"custom", table.type().custom()},
      {"urls",
       {{"sobject", base}, {"describe", base + "/describe"}, {"rowTemplate", base + "/{ID}"}}}};
  return {200, Json{{"objectDescribe", about}, {"recentItems", Json::array()}}, {}};
}

}  // namespace

Outcome HandleRows(Database& database, const Call& call, Table& table) {
  const auto& path = call.path();
  const bool writes = call.method != "GET" && call.method != "HEAD";
  if (table.type().setup && writes) {
    ThrowMethod(call.method, "GET,HEAD");
  }
  if (path.size() == 2) {
    if (call.method == "POST") return Create(database, call, table);
    if (call.method == "GET" || call.method == "HEAD") return BasicInfo(database, call, table);
    ThrowMethod(call.method, "GET,HEAD,POST");
  }
  const bool by_id = EqualsIgnoreCase(path[2], "Id");
  if (path.size() == 3) {
    if (by_id && call.method == "POST") return Create(database, call, table);
    return RecordCall(database, call, table, IdSegment(table, path[2])).Run();
  }
  if (path.size() > 4) ThrowNotFound();
  if (by_id) return RecordCall(database, call, table, IdSegment(table, path[3])).Run();
  return KeyCall(database, call, table, KeyField(call, table, path[2])).Run();
}

Json SavedResult(const Database& database, const std::string& id, std::optional<bool> created) {
  Json result = {{"id", id}, {"success", true}, {"errors", Json::array()}};
  if (created) result["created"] = *created;
  if (database.switches().extra_result_members) {
    result["warnings"] = Json::array();
    result["infos"] = Json::array();
  }
  return result;
}

std::vector<std::string> FindByKey(const Table& table, std::size_t field,
                                   const std::string& value) {
  std::vector<std::string> found;
  const std::string wanted = FoldCase(value);
  for (const auto& id : table.Candidates(field, value)) {
    const Row* row = table.Live(id);
    const auto* text = row == nullptr ? nullptr : std::get_if<std::string>(&row->cells[field]);
    if (text != nullptr && FoldCase(*text) == wanted) found.push_back(id);
  }
  return found;
}

std::size_t KeyField(const Call& call, const Table& table, const std::string& name) {
  const auto at = call.naming().Field(table.type(), name);
  if (!at || !table.type().fields[*at].external_id) ThrowNoKey(name);
  return *at;
}

}  // namespace cosell::sandbox::salesforce

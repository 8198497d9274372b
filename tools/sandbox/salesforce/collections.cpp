#include "tools/sandbox/salesforce/collections.h"

#include <functional>
#include <map>

#include "base/text.h"
#include "tools/sandbox/salesforce/ids.h"
#include "tools/sandbox/salesforce/rows.h"
#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox::salesforce {
namespace {

constexpr std::size_t kRecordsMax = 200;
constexpr std::size_t kChunksMax = 10;
constexpr std::size_t kRetrieveMax = 2000;
constexpr int kUpsertVersion = 46;

[[noreturn]] void ThrowTooLarge(std::size_t max) {
  throw ServiceError(400, "EXCEEDED_MAX_SIZE_REQUEST",
                     "record limit reached. cannot submit more than " + std::to_string(max) +
                         " records in this request");
}

// A record of the request that can no longer be refused for its form, or why it is.
struct Part {
  Table* table = nullptr;
  std::string id;                       // update, delete
  Json body;                            // without the id
  std::optional<Changes> changes;       // create, update
  std::optional<ServiceError> refusal;  // decided before saving
};

struct Saved {
  std::string id;
  std::optional<bool> created;
};

Json FailedResult(const ServiceError& error, const std::string& id = "") {
  Json result = Json::object();
  if (!id.empty()) result["id"] = id;
  result["success"] = false;
  result["errors"] = Json::array({ResultError(error)});
  return result;
}

ServiceError RolledBack() {
  return ServiceError(400, "ALL_OR_NONE_OPERATION_ROLLED_BACK",
                      "Record rolled back because not all records were valid and the request was "
                      "using AllOrNone header",
                      {});
}

std::string TakeId(Json& body) {
  std::string id;
  for (auto at = body.begin(); at != body.end();) {
    if (!EqualsIgnoreCase(at.key(), "id")) {
      ++at;
      continue;
    }
    if (at.value().is_string()) id = at.value().get<std::string>();
    at = body.erase(at);
  }
  return id;
}

class Collection {
 public:
  Collection(Database& database, const Call& call)
      : database_(database), call_(call), context_(call.Writing(database)) {}

  Outcome Create() {
    ReadRecords(Purpose::create);
    return Save([this](Part& part) {
      return Saved{CreateRow(context_, *part.table, *part.changes), std::nullopt};
    });
  }

  Outcome Update() {
    ReadRecords(Purpose::update);
    RefuseRepeated([](const Part& part) { return part.id; });
    return Save([this](Part& part) {
      RequireRecord(part);
      UpdateRow(context_, *part.table, part.id, *part.changes);
      return Saved{part.id, std::nullopt};
    });
  }

  Outcome Upsert(Table& table, std::size_t key) {
    ReadUpserts(table, key);
    RefuseRepeated([&](const Part& part) {
      return part.changes ? FoldCase(KeyOf(part, key)) : std::string();
    });
    return Save([this, key](Part& part) { return UpsertPart(part, key); });
  }

  Outcome Delete() {
    all_or_none_ = EqualsIgnoreCase(call_.Option("allOrNone").value_or("false"), "true");
    for (const auto& text : Split(call_.Option("ids").value_or(""), ',')) {
      if (!text.empty()) parts_.push_back(PartOf(text));
    }
    if (parts_.empty()) {
      throw ServiceError(400, "MISSING_ARGUMENT", "The ids parameter is missing.");
    }
    if (parts_.size() > kRecordsMax) ThrowTooLarge(kRecordsMax);
    RefuseRepeated([](const Part& part) { return part.id; });
    return Save([this](Part& part) {
      RequireRecord(part);
      DeleteRow(context_, *part.table, part.id);
      return Saved{part.id, std::nullopt};
    });
  }

 private:
  std::vector<Json> Records() {
    const Json body = call_.Body();
    if (!body.is_object() || !body.contains("records") || !body["records"].is_array()) {
      ThrowBadJson("The request body must be an object with an array 'records'");
    }
    all_or_none_ = body.value("allOrNone", false);
    if (body["records"].size() > kRecordsMax) ThrowTooLarge(kRecordsMax);
    return {body["records"].begin(), body["records"].end()};
  }

  std::string TypeOf(const Json& record) const {
    if (record.is_object() && record.contains("attributes") && record["attributes"].is_object() &&
        record["attributes"].contains("type") && record["attributes"]["type"].is_string()) {
      return record["attributes"]["type"];
    }
    ThrowBadJson("Every record needs attributes with its type");
  }

  void ReadRecords(Purpose purpose) {
    std::string last;
    std::size_t chunks = 0;
    for (Json& record : Records()) {
      const std::string type = TypeOf(record);
      if (!EqualsIgnoreCase(type, last)) ++chunks;
      last = type;
      Part part;
      part.table = context_.naming.Object(database_, type);
      if (part.table == nullptr) {
        part.refusal =
            ServiceError(400, "INVALID_TYPE", "sObject type '" + type + "' is not supported.", {});
      }
      if (purpose == Purpose::update) ReadId(record, part);
      part.body = std::move(record);
      Parse(part, purpose);
      parts_.push_back(std::move(part));
    }
    if (chunks > kChunksMax) {
      throw ServiceError(400, "OPERATION_TOO_LARGE",
                         "The records form more than 10 chunks of one type; sort them by type");
    }
  }

  void ReadId(Json& record, Part& part) const {
    const std::string text = TakeId(record);
    const auto id = FullId(text);
    if (id) {
      part.id = *id;
    } else if (!part.refusal) {
      part.refusal = text.empty() ? ServiceError(400, "MISSING_ARGUMENT",
                                                 "Id not specified in an update call", {})
                                  : ServiceError(400, "MALFORMED_ID", "bad id " + text, {"Id"});
    }
  }

  // What is not understood refuses the request, or its record (12.1: unstated, so a switch).
  void Parse(Part& part, Purpose purpose) {
    if (part.refusal) return;
    try {
      part.changes = ParseBody(context_, *part.table, part.body, purpose);
    } catch (const ServiceError& error) {
      if (error.before_save && database_.switches().collection_parse_errors_refuse_all) throw;
      part.refusal = error;
    }
  }

  void ReadUpserts(Table& table, std::size_t key) {
    for (Json& record : Records()) {
      if (context_.naming.Object(database_, TypeOf(record)) != &table) {
        ThrowBadJson("All records of an upsert must be of the type in the URL");
      }
      Part part;
      part.table = &table;
      if (!TakeId(record).empty()) {
        part.refusal = ServiceError(
            400, "INVALID_FIELD", "The Id field should not be specified in the sobject data.", {});
      }
      part.body = std::move(record);
      Parse(part, WillInsert(table, key, part.body) ? Purpose::create : Purpose::update);
      if (part.changes && KeyOf(part, key).empty()) {
        const std::string& name = table.type().fields[key].name;
        part.refusal = ServiceError(400, "MISSING_ARGUMENT", name + " not specified", {});
      }
      parts_.push_back(std::move(part));
    }
  }

  // What is inserted may carry fields that are only createable.
  bool WillInsert(Table& table, std::size_t key, const Json& body) {
    for (const auto& member : body.items()) {
      if (context_.naming.Field(table.type(), member.key()) != key || !member.value().is_string())
        continue;
      return FindByKey(table, key, member.value().get<std::string>()).empty();
    }
    return false;
  }

  static std::string KeyOf(const Part& part, std::size_t key) {
    const auto at = part.changes->cells.find(key);
    const auto* text =
        at == part.changes->cells.end() ? nullptr : std::get_if<std::string>(&at->second);
    return text == nullptr ? "" : *text;
  }

  Saved UpsertPart(Part& part, std::size_t key) {
    const auto ids = FindByKey(*part.table, key, KeyOf(part, key));
    if (ids.size() > 1) {
      throw ServiceError(400, "DUPLICATE_EXTERNAL_ID",
                         part.table->type().fields[key].name +
                             ": more than one record found for "
                             "external id field: [" +
                             Join(ids, ", ") + "]",
                         {});
    }
    if (ids.empty()) {
      const auto changes = ParseBody(context_, *part.table, part.body, Purpose::create);
      return {CreateRow(context_, *part.table, changes), true};
    }
    part.changes->cells.erase(key);
    UpdateRow(context_, *part.table, ids.front(), *part.changes);
    return {ids.front(), false};
  }

  Part PartOf(const std::string& text) {
    Part part;
    const auto id = FullId(text);
    for (auto& table : database_.tables()) {
      if (id && id->starts_with(table->type().prefix)) part.table = table.get();
    }
    if (id && part.table != nullptr) {
      part.id = *id;
    } else {
      part.refusal = ServiceError(400, "MALFORMED_ID", "malformed id " + text, {});
    }
    return part;
  }

  // A value that stands twice in one call refuses all its records.
  void RefuseRepeated(const std::function<std::string(const Part&)>& value_of) {
    std::map<std::string, int> counts;
    for (const auto& part : parts_) ++counts[value_of(part)];
    for (auto& part : parts_) {
      const std::string value = value_of(part);
      if (part.refusal || value.empty() || counts[value] < 2) continue;
      part.refusal = ServiceError(400, "DUPLICATE_VALUE", "Duplicate id specified: " + value, {});
    }
  }

  void RequireRecord(const Part& part) {
    const Row* row = part.table->Visible(part.id);
    if (row == nullptr || !part.id.starts_with(part.table->type().prefix)) {
      throw ServiceError(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", {});
    }
    if (row->deletion != 0) ThrowDeleted(database_);
    if (part.table->type().setup) {
      throw ServiceError(400, "INSUFFICIENT_ACCESS_OR_READONLY",
                         "insufficient access rights on object id", {});
    }
  }

  Outcome Save(const std::function<Saved(Part&)>& save) {
    Json results = Json::array();
    bool failed = false;
    Transaction whole(database_);
    for (auto& part : parts_) {
      try {
        if (part.refusal) throw *part.refusal;
        Transaction one(database_);
        const Saved saved = save(part);
        one.Commit();
        results.push_back(SavedResult(database_, saved.id, saved.created));
      } catch (const ServiceError& error) {
        failed = true;
        results.push_back(FailedResult(error, call_.method == "PATCH" ? part.id : ""));
      }
    }
    if (!failed || !all_or_none_) {
      whole.Commit();
      return {200, results, {}};
    }
    for (auto& result : results) {
      if (result["success"] == true) result = FailedResult(RolledBack());
    }
    return {200, results, {}};
  }

  Database& database_;
  const Call& call_;
  WriteContext context_;
  std::vector<Part> parts_;
  bool all_or_none_ = false;
};

std::vector<std::string> Texts(const Json& body, const char* name) {
  if (!body.is_object() || !body.contains(name) || !body[name].is_array()) {
    throw ServiceError(400, "MISSING_ARGUMENT", std::string("The array '") + name + "' is missing");
  }
  std::vector<std::string> texts;
  for (const auto& item : body[name]) {
    texts.push_back(item.is_string() ? item.get<std::string>() : "");
  }
  return texts;
}

Outcome Retrieve(const Database& database, const Call& call, const Table& table) {
  std::vector<std::string> ids;
  std::vector<std::string> fields;
  if (call.method == "POST") {
    const Json body = call.Body();
    ids = Texts(body, "ids");
    fields = Texts(body, "fields");
  } else {
    ids = Split(call.Option("ids").value_or(""), ',');
    fields = Split(call.Option("fields").value_or(""), ',');
  }
  if (ids.size() > kRetrieveMax) ThrowTooLarge(kRetrieveMax);
  const ReadContext context = call.Reading(database);
  std::vector<FieldPath> paths;
  for (const auto& name : fields) {
    const auto path = FindPath(context, table, Split(Trim(name), '.'));
    if (!path) ThrowNoColumn(name, table.type().name);
    paths.push_back(*path);
  }
  Json records = Json::array();
  for (const auto& text : ids) {
    const auto id = FullId(Trim(text));
    const Row* row = id ? table.Live(*id) : nullptr;
    records.push_back(row == nullptr ? Json(nullptr) : RenderRecord(context, table, *row, paths));
  }
  return {200, records, {}};
}

}  // namespace

Outcome HandleCollections(Database& database, const Call& call) {
  const auto& path = call.path();
  if (path.size() == 2) {
    if (call.method == "POST") return Collection(database, call).Create();
    if (call.method == "PATCH") return Collection(database, call).Update();
    if (call.method == "DELETE") return Collection(database, call).Delete();
    ThrowMethod(call.method, "POST,PATCH,DELETE");
  }
  Table* table = call.naming().Object(database, path[2]);
  if (table == nullptr) ThrowNotFound();
  if (path.size() == 3) {
    if (call.method == "GET" || call.method == "POST") return Retrieve(database, call, *table);
    ThrowMethod(call.method, "GET,POST");
  }
  if (path.size() > 4 || call.version < kUpsertVersion) ThrowNotFound();
  if (call.method != "PATCH") ThrowMethod(call.method, "PATCH");
  return Collection(database, call).Upsert(*table, KeyField(call, *table, path[3]));
}

}  // namespace cosell::sandbox::salesforce

#include "tools/sandbox/salesforce/tree.h"

#include <set>

#include "base/text.h"

namespace cosell::sandbox::salesforce {
namespace {

constexpr std::size_t kRecordsMax = 200;
constexpr int kDepthMax = 5;

class Tree {
 public:
  Tree(Database& database, const Call& call)
      : database_(database), call_(call), context_(call.Writing(database)) {}

  Outcome Run(Table& table) {
    const Json body = call_.Body();
    Transaction transaction(database_);
    Level(table, body, {}, 1);
    if (!failures_.empty()) {
      return {400, Json{{"hasErrors", true}, {"results", failures_}}, {}};
    }
    transaction.Commit();
    return {201, Json{{"hasErrors", false}, {"results", results_}}, {}};
  }

 private:
  // The parent's field and id, for records below the first level.
  using Link = std::optional<std::pair<std::size_t, std::string>>;

  void Level(Table& table, const Json& holder, const Link& link, int depth) {
    if (depth > kDepthMax) ThrowBadJson("The tree is deeper than 5 levels");
    if (!holder.is_object() || !holder.contains("records") || !holder["records"].is_array()) {
      ThrowBadJson("The array 'records' is missing");
    }
    for (const auto& record : holder["records"]) Record(table, record, link, depth);
  }

  void Record(Table& table, const Json& record, const Link& link, int depth) {
    const std::string reference = ReferenceOf(record);
    if (!references_.insert(reference).second) {
      ThrowBadJson("The referenceId '" + reference + "' stands twice");
    }
    if (references_.size() > kRecordsMax) {
      throw ServiceError(400, "EXCEEDED_MAX_SIZE_REQUEST", "A tree holds at most 200 records");
    }
    Json own = Json::object();
    std::vector<std::pair<std::size_t, Table*>> below;
    std::vector<const Json*> bodies;
    for (const auto& [name, value] : record.items()) {
      Table* children = nullptr;
      const auto field = ChildLink(table, name, children);
      if (field && value.is_object()) {
        below.emplace_back(*field, children);
        bodies.push_back(&value);
      } else {
        own[name] = value;
      }
    }
    const auto id = Save(table, own, link, reference);
    if (!id) return;
    for (std::size_t i = 0; i < below.size(); ++i) {
      Level(*below[i].second, *bodies[i], Link({below[i].first, *id}), depth + 1);
    }
  }

  static std::string ReferenceOf(const Json& record) {
    if (record.is_object() && record.contains("attributes") &&
        record["attributes"].contains("referenceId")) {
      return record["attributes"]["referenceId"];
    }
    ThrowBadJson("Every record needs attributes with its referenceId");
  }

  std::optional<std::size_t> ChildLink(const Table& parent, const std::string& name,
                                       Table*& children) {
    for (auto& table : database_.tables()) {
      const auto& fields = table->type().fields;
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].to != parent.type().name || fields[i].children.empty()) continue;
        if (!EqualsIgnoreCase(context_.naming.Out(fields[i].children), name)) continue;
        children = table.get();
        return i;
      }
    }
    return std::nullopt;
  }

  std::optional<std::string> Save(Table& table, const Json& body, const Link& link,
                                  const std::string& reference) {
    try {
      auto changes = ParseBody(context_, table, body, Purpose::create);
      if (link) changes.cells[link->first] = link->second;
      const std::string id = CreateRow(context_, table, changes);
      results_.push_back({{"referenceId", reference}, {"id", id}});
      return id;
    } catch (const ServiceError& error) {
      failures_.push_back(
          {{"referenceId", reference}, {"errors", Json::array({ResultError(error)})}});
      return std::nullopt;
    }
  }

  Database& database_;
  const Call& call_;
  WriteContext context_;
  std::set<std::string> references_;
  Json results_ = Json::array();
  Json failures_ = Json::array();
};

}  // namespace

Outcome RunTree(Database& database, const Call& call) {
  Table* table = call.naming().Object(database, call.path()[2]);
  if (table == nullptr || table->type().setup) ThrowNotFound();
  return Tree(database, call).Run(*table);
}

}  // namespace cosell::sandbox::salesforce

#include "tools/sandbox/salesforce/soql_bind.h"

#include <algorithm>

#include "base/text.h"
#include "tools/sandbox/salesforce/soql_where.h"

namespace cosell::sandbox::salesforce {
namespace {

constexpr std::size_t kParentLevels = 2;  // 6.5

class Binder {
 public:
  Binder(const ReadContext& context, const std::string& text, bool all_rows)
      : context_(context), text_(text), all_rows_(all_rows) {}

  BoundSelect Bind(const SoqlSelect& select) {
    const Table* table = context_.naming.Object(context_.database, select.from);
    if (table == nullptr) {
      Throw("INVALID_TYPE", select.from_at,
            "sObject type '" + select.from +
                "' is not supported. If you are attempting to use a custom object, be sure to "
                "append the '__c' after the entity name. Please reference your WSDL or the "
                "describe call for the appropriate names.");
    }
    return BindOn(*table, select);
  }

 private:
  // "ERROR at Row:1:Column:12" with an excerpt, as the service prints it.
  [[noreturn]] void Throw(std::string_view code, std::size_t at, const std::string& message) const {
    const std::size_t begin = at > 30 ? at - 30 : 0;
    std::string excerpt = text_.substr(begin, 80);
    std::replace(excerpt.begin(), excerpt.end(), '\n', ' ');
    throw ServiceError(400, code,
                       "\n" + excerpt + "\n" + std::string(at - begin, ' ') +
                           "^\nERROR at Row:1:Column:" + std::to_string(at + 1) + "\n" + message);
  }

  BoundSelect BindOn(const Table& table, const SoqlSelect& select) {
    BoundSelect bound;
    bound.table = &table;
    bound.all_rows = all_rows_;
    bound.count_rows = select.count_rows;
    bound.limit = select.limit;
    bound.offset = select.offset;
    for (const auto& item : select.items) bound.items.push_back(Item(table, select, item));
    CheckItems(select);
    if (select.where) bound.where = Where(table, select, *select.where);
    for (const auto& order : select.order) {
      const FieldPath path = Path(table, select, order.path);
      RequireFilterable(path, "sorted");
      bound.order.push_back({path, order.descending, order.nulls_last});
    }
    return bound;
  }

  static void CheckItems(const SoqlSelect& select) {
    std::set<std::string> seen;
    bool counts = false;
    for (const auto& item : select.items) {
      counts = counts || item.count;
      if (item.child || item.count) continue;
      if (!seen.insert(ToLower(item.path.text())).second) {
        ThrowMalformed("duplicate field selected: " + item.path.text());
      }
    }
    if (counts && select.items.size() > 1) ThrowMalformed("Grouped query use is not supported");
  }

  BoundItem Item(const Table& table, const SoqlSelect& select, const SoqlItem& item) {
    BoundItem bound;
    if (item.child) {
      Child(table, *item.child, bound);
      return bound;
    }
    bound.path = Path(table, select, item.path);
    bound.count = item.count;
    bound.alias = item.alias.empty() ? "expr0" : item.alias;
    return bound;
  }

  void Child(const Table& table, const SoqlSelect& child, BoundItem& bound) {
    for (const auto& candidate : context_.database.tables()) {
      const auto& fields = candidate->type().fields;
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].hidden || fields[i].children.empty()) continue;
        if (fields[i].to != table.type().name) continue;
        const std::string name = context_.naming.Out(fields[i].children);
        if (!EqualsIgnoreCase(name, child.from) &&
            !EqualsIgnoreCase(fields[i].children, child.from)) {
          continue;
        }
        bound.link = i;
        bound.relationship = name;
        bound.child = std::make_shared<const BoundSelect>(BindOn(*candidate, child));
        return;
      }
    }
    Throw("INVALID_TYPE", child.from_at,
          "Didn't understand relationship '" + child.from + "' in FROM part of query call.");
  }

  FieldPath Path(const Table& table, const SoqlSelect& select, const SoqlPath& path) const {
    auto names = path.names;
    const bool prefixed = names.size() > 1 && (EqualsIgnoreCase(names.front(), select.alias) ||
                                               (EqualsIgnoreCase(names.front(), select.from) &&
                                                !table.type().FindRelationship(names.front())));
    if (prefixed) names.erase(names.begin());
    if (names.size() > kParentLevels + 1) ThrowMalformed("Relationship depth is limited");
    const auto found = FindPath(context_, table, names);
    if (found) return *found;
    if (names.size() > 1 && !context_.naming.Relationship(table.type(), names.front())) {
      Throw("INVALID_FIELD", path.at,
            "Didn't understand relationship '" + names.front() + "' in field path.");
    }
    Throw(
        "INVALID_FIELD", path.at,
        "No such column '" + names.back() + "' on entity '" +
            (names.size() > 1 ? names[names.size() - 2] : context_.naming.Out(table.type().name)) +
            "'. If you are attempting to use a custom field, be sure to append the '__c' after "
            "the custom field name. Please reference your WSDL or the describe call for the "
            "appropriate names.");
  }

  static void RequireFilterable(const FieldPath& path, const std::string& what) {
    const Field& field = path.table->type().fields[path.field];
    if (field.filterable()) return;
    throw ServiceError(400, "INVALID_FIELD",
                       "field '" + field.name + "' can not be " + what + " in a query call");
  }

  RowTest Where(const Table& table, const SoqlSelect& select, const SoqlCondition& condition) {
    using Kind = SoqlCondition::Kind;
    if (condition.kind == Kind::comparison) return Comparison(table, select, condition);
    std::vector<RowTest> parts;
    for (const auto& part : condition.parts) parts.push_back(Where(table, select, part));
    if (condition.kind == Kind::negation) {
      return [inner = parts.front()](const Row& row) { return !inner(row); };
    }
    return [parts, all = condition.kind == Kind::all](const Row& row) {
      const auto holds = [&](const RowTest& test) { return test(row); };
      return all ? std::all_of(parts.begin(), parts.end(), holds)
                 : std::any_of(parts.begin(), parts.end(), holds);
    };
  }

  RowTest Comparison(const Table& table, const SoqlSelect& select, const SoqlCondition& condition) {
    const FieldPath path = Path(table, select, condition.path);
    RequireFilterable(path, "filtered");
    if (!condition.semi_join) return CompareTest(context_, table, path, condition);
    return MemberTest(context_, table, path, SemiJoin(*condition.semi_join),
                      condition.op == "not in");
  }

  // The ids its only field holds.
  std::set<std::string> SemiJoin(const SoqlSelect& select) {
    const BoundSelect bound = Bind(select);
    const auto is_id = [](const FieldPath& path) {
      const FieldType type = path.table->type().fields[path.field].type;
      return type == FieldType::id || type == FieldType::reference;
    };
    if (bound.items.size() != 1 || bound.items[0].child || !is_id(bound.items[0].path)) {
      ThrowMalformed("a semi join sub-select must select one id or reference field");
    }
    std::set<std::string> ids;
    for (const auto& id : RunSelect(context_.database, bound)) {
      const Value value =
          ReadPath(context_.database, *bound.table, *bound.table->Visible(id), bound.items[0].path);
      if (const auto* text = std::get_if<std::string>(&value)) ids.insert(*text);
    }
    return ids;
  }

  const ReadContext& context_;
  const std::string& text_;
  bool all_rows_;
};

struct Sortable {
  std::string id;
  std::vector<Value> keys;
};

bool Before(const std::vector<BoundOrder>& order, const Sortable& a, const Sortable& b) {
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool null_a = IsNull(a.keys[i]);
    const bool null_b = IsNull(b.keys[i]);
    if (null_a != null_b) return null_a != order[i].nulls_last;
    if (null_a) continue;
    const FieldPath& path = order[i].path;
    const int compared = CompareValues(path.table->type().fields[path.field], a.keys[i], b.keys[i]);
    if (compared != 0) return (compared < 0) != order[i].descending;
  }
  return a.id < b.id;
}

}  // namespace

BoundSelect BindSoql(const ReadContext& context, const SoqlSelect& select, const std::string& text,
                     bool all_rows) {
  return Binder(context, text, all_rows).Bind(select);
}

std::vector<std::string> RunSelect(const Database& database, const BoundSelect& select,
                                   const std::vector<std::string>* among) {
  std::vector<Sortable> found;
  const auto consider = [&](const std::string& id) {
    const Row* row = select.all_rows ? select.table->Visible(id) : select.table->Live(id);
    if (row == nullptr || (select.where && !select.where(*row))) return;
    Sortable item{id, {}};
    for (const auto& order : select.order) {
      item.keys.push_back(ReadPath(database, *select.table, *row, order.path));
    }
    found.push_back(std::move(item));
  };
  if (among != nullptr) {
    for (const auto& id : *among) consider(id);
  } else {
    for (const auto& [id, record] : select.table->records()) consider(id);
  }
  if (!select.order.empty()) {
    std::sort(found.begin(), found.end(),
              [&](const Sortable& a, const Sortable& b) { return Before(select.order, a, b); });
  }
  std::vector<std::string> ids;
  for (std::size_t i = select.offset; i < found.size(); ++i) {
    if (select.limit && ids.size() == *select.limit) break;
    ids.push_back(std::move(found[i].id));
  }
  return ids;
}

}  // namespace cosell::sandbox::salesforce

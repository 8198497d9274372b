#include "tools/sandbox/dataverse/metadata.h"

#include <set>

#include "base/text.h"
#include "tools/sandbox/dataverse/error.h"
#include "tools/sandbox/dataverse/metadata_cache.h"
#include "tools/sandbox/dataverse/metadata_objects.h"

namespace cosell::sandbox::dataverse {
namespace {

constexpr std::string_view kNamespace = "Microsoft.Dynamics.CRM.";

// What a metadata query shows.
struct View {
  std::vector<std::string> select;
  std::map<std::string, std::vector<std::string>> expand;  // navigation -> its own $select
  std::string filter;
  std::string type;  // for messages: "EntityMetadata"
};

std::vector<std::string> SplitNames(const std::string& text) {
  std::vector<std::string> names;
  for (const auto& item : Split(text, ',')) names.emplace_back(Trim(item));
  return names;
}

// "OptionSet,GlobalOptionSet" or "Keys($select=KeyAttributes)".
void ParseExpand(const std::string& text, View& view) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = text.find_first_of(",(", at);
    const std::string name = text.substr(at, end - at);
    std::vector<std::string> select;
    at = end == std::string::npos ? text.size() : end + 1;
    if (end != std::string::npos && text[end] == '(') {
      constexpr std::string_view kSelect = "$select=";
      const auto close = text.find(')', end);
      const std::string inner = text.substr(end + 1, close - end - 1);
      if (close == std::string::npos || !inner.starts_with(kSelect)) {
        ThrowBadQuery("Only $select is supported inside $expand of '" + name + "'.");
      }
      select = SplitNames(inner.substr(kSelect.size()));
      at = close + 1 < text.size() ? close + 2 : text.size();
    }
    view.expand[name] = std::move(select);
  }
}

View ParseView(const Target& target, std::string type) {
  View view;
  view.type = std::move(type);
  for (const auto& [name, value] : target.query) {
    if (name == "$select") {
      view.select = SplitNames(value);
    } else if (name == "$expand") {
      ParseExpand(value, view);
    } else if (name == "$filter") {
      view.filter = value;
    } else if (name.starts_with('$')) {
      ThrowBadQuery("The query parameter '" + name + "' is not supported on metadata.");
    }
  }
  return view;
}

const Json& Member(const Json& object, const std::string& name, const std::string& type) {
  if (!object.contains(name)) ThrowNoProperty(name, type);
  return object.at(name);
}

Json Select(const Json& object, const std::vector<std::string>& names, const std::string& type) {
  Json shown = Json::object();
  for (const auto& name : names) {
    if (IsMetadataNavigation(name)) ThrowNoProperty(name, type);
    shown[name] = Member(object, name, type);
  }
  if (object.contains("MetadataId")) shown["MetadataId"] = object["MetadataId"];
  return shown;
}

Json SelectAll(const Json& object) {
  Json shown = Json::object();
  for (const auto& [name, value] : object.items()) {
    if (!IsMetadataNavigation(name)) shown[name] = value;
  }
  return shown;
}

Json Show(const Json& object, const View& view) {
  Json shown = view.select.empty() ? SelectAll(object) : Select(object, view.select, view.type);
  for (const auto& [name, select] : view.expand) {
    const Json& value = Member(object, name, view.type);
    if (!IsMetadataNavigation(name)) ThrowNoProperty(name, view.type);
    if (select.empty()) {
      shown[name] = value;
      continue;
    }
    shown[name] = Json::array();
    for (const auto& item : value) shown[name].push_back(Select(item, select, name));
  }
  return shown;
}

// "LogicalName eq 'opportunity'", "ChangeTrackingEnabled eq true", joined by "and" or "or".
bool MatchesTerm(const Json& object, const std::string& term, const std::string& type) {
  const std::string_view trimmed = Trim(term);
  const auto words = Split(trimmed, ' ');
  if (words.size() < 3 || words[1] != "eq") {
    ThrowBadQuery("Only eq, joined by and or or, is supported in a metadata filter.");
  }
  const Json& value = Member(object, words[0], type);
  const std::string literal(trimmed.substr(words[0].size() + words[1].size() + 2));
  if (const auto text = Unquote(Trim(literal))) return value == *text;
  // Enumerations may be written with their type's name in front.
  const auto quote = literal.find('\'');
  if (quote != std::string::npos) return value == Unquote(Trim(literal.substr(quote)));
  return value == Json::parse(literal, nullptr, false);
}

bool Matches(const Json& object, const View& view) {
  if (view.filter.empty()) return true;
  std::string rest = ReplaceAll(view.filter, " or ", "\n");
  for (const auto& alternative : Split(rest, '\n')) {
    bool all = true;
    for (const auto& term : Split(ReplaceAll(alternative, " and ", "\n"), '\n')) {
      all = MatchesTerm(object, term, view.type) && all;
    }
    if (all) return true;
  }
  return false;
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

class MetadataReader {
 public:
  explicit MetadataReader(const ReadContext& context) : context_(context) {}

  std::string Read() const {
    const auto& path = context_.target.path;
    if (!path.front().key) {
      if (path.size() > 1) ThrowSegment(path[1].name);
      return ReadEntities();
    }
    const Table* table = context_.database.Find(NameIn(*path.front().key));
    if (table == nullptr) {
      throw ServiceError(404, kNotFound,
                         "Could not find an entity with name '" + NameIn(*path.front().key) + "'.");
    }
    if (path.size() == 1) {
      const View view = ParseView(context_.target, "EntityMetadata");
      return One(Entity(*table, view), view);
    }
    if (path[1].name == "Attributes") {
      const auto read = [&] { return ReadAttributes(*table); };
      if (context_.target.Option("$filter") || context_.database.customized()) return read();
      return AttributesOnce(context_, *table, read);
    }
    if (path.size() > 2) ThrowSegment(path[2].name);
    if (path[1].name == "Keys") {
      return Many(Keys(*table), ParseView(context_.target, "EntityKeyMetadata"));
    }
    if (path[1].name == "ManyToOneRelationships") {
      return Many(RelationshipMetadata(*table),
                  ParseView(context_.target, "OneToManyRelationshipMetadata"));
    }
    if (path[1].name == "OneToManyRelationships") {
      return Many(Children(*table), ParseView(context_.target, "OneToManyRelationshipMetadata"));
    }
    ThrowSegment(path[1].name);
  }

 private:
  [[noreturn]] static void ThrowSegment(const std::string& name) {
    throw ServiceError(404, kBadQuery, "Resource not found for the segment '" + name + "'.");
  }

  // "LogicalName='opportunity'" -> "opportunity"
  static std::string NameIn(const std::string& key) {
    const auto parts = ParseKey(key);
    const auto name = parts && parts->size() == 1 && parts->front().first == "LogicalName"
                          ? Unquote(parts->front().second)
                          : std::nullopt;
    if (!name) ThrowBadQuery("The key '" + key + "' is not supported on metadata.");
    return *name;
  }

  std::vector<Json> Keys(const Table& table) const {
    std::vector<Json> keys;
    for (const auto& key : context_.database.KeysOf(table)) {
      keys.push_back(KeyMetadata(table, key, context_.database.switches()));
    }
    return keys;
  }

  // Of all tables, the lookups that reach this one.
  std::vector<Json> Children(const Table& parent) const {
    std::vector<Json> children;
    for (const auto& table : context_.database.tables()) {
      if (!context_.database.Has(table)) continue;
      for (auto& relationship : RelationshipMetadata(table)) {
        if (relationship["ReferencedEntity"] == parent.name()) {
          children.push_back(std::move(relationship));
        }
      }
    }
    return children;
  }

  // The columns are much work, so they are there only for a query that looks at them.
  Json Entity(const Table& table, const View& view) const {
    Json entity = EntityMetadata(table, context_.database.switches());
    entity["Keys"] = Keys(table);
    if (view.expand.contains("Attributes") || !view.filter.empty())
      entity["Attributes"] = AttributeMetadata(table, "", context_.database.switches());
    return entity;
  }

  std::string ReadEntities() const {
    const View view = ParseView(context_.target, "EntityMetadata");
    std::vector<Json> entities;
    for (const auto& table : context_.database.tables()) {
      if (context_.database.Has(table)) entities.push_back(Entity(table, view));
    }
    return Many(entities, view);
  }

  // Attributes, Attributes(LogicalName='x'), each with or without a cast to one type.
  std::string ReadAttributes(const Table& table) const {
    const auto& path = context_.target.path;
    std::string type;
    if (path.size() > 2) {
      const std::string& cast = path[2].name;
      type = cast.starts_with(kNamespace) ? cast.substr(kNamespace.size()) : "";
      if (path.size() > 3 || !IsAttributeType(type)) ThrowSegment(cast);
    }
    const auto attributes = AttributeMetadata(table, type, context_.database.switches());
    const View view = ParseView(context_.target, type.empty() ? "AttributeMetadata" : type);
    if (!path[1].key) return Many(attributes, view);
    const std::string name = NameIn(*path[1].key);
    for (const auto& attribute : attributes) {
      if (attribute["LogicalName"] == name) return One(attribute, view);
    }
    throw ServiceError(404, kNotFound, "Could not find an attribute with name '" + name + "'.");
  }

  Json Context(const std::string& suffix) const {
    return context_.origin + std::string(kApiRoot) + "$metadata#" + context_.target.raw_path +
           suffix;
  }

  std::string One(const Json& object, const View& view) const {
    Json body = {{"@odata.context", Context("/$entity")}};
    body.update(Show(object, view));
    return Dump(body);
  }

  std::string Many(const std::vector<Json>& objects, const View& view) const {
    Json body = {{"@odata.context", Context("")}, {"value", Json::array()}};
    for (const auto& object : objects) {
      if (Matches(object, view)) body["value"].push_back(Show(object, view));
    }
    return Dump(body);
  }

  const ReadContext& context_;
};

}  // namespace

std::string ReadMetadata(const ReadContext& context) { return MetadataReader(context).Read(); }

}  // namespace cosell::sandbox::dataverse

#include "tools/sandbox/salesforce/naming.h"

#include <utility>

namespace cosell::sandbox::salesforce {

std::string Naming::Prefixed(std::string_view name) const {
  return default_namespace.empty() ? "" : default_namespace + "__" + std::string(name);
}

std::optional<std::size_t> Naming::Field(const ObjectType& type, std::string_view name) const {
  const auto find = [&](std::string_view text) {
    return sees_hidden ? type.Find(text) : type.Visible(text);
  };
  const auto at = find(name);
  return at ? at : find(Prefixed(name));
}

std::optional<std::size_t> Naming::Relationship(const ObjectType& type,
                                                std::string_view name) const {
  const auto at = type.FindRelationship(name);
  return at ? at : type.FindRelationship(Prefixed(name));
}

const Table* Naming::Object(const Database& database, std::string_view name) const {
  const Table* table = database.Find(name);
  return table != nullptr ? table : database.Find(Prefixed(name));
}

Table* Naming::Object(Database& database, std::string_view name) const {
  return const_cast<Table*>(Object(std::as_const(database), name));
}

std::string Naming::Out(const std::string& name) const {
  const std::string prefix = Prefixed("");
  return !prefix.empty() && name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

}  // namespace cosell::sandbox::salesforce

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tools/sandbox/salesforce/database.h"

namespace cosell::sandbox::salesforce {

// How a caller spells names: ignoring case, and without the namespace that its Sforce-Call-Options
// declare the default, which its answers then lack too (contract 3.2, 17.6). A value.
struct Naming {
  bool sees_hidden = false;  // people; field-level security binds API callers only
  std::string default_namespace;

  std::optional<std::size_t> Field(const ObjectType& type, std::string_view name) const;
  std::optional<std::size_t> Relationship(const ObjectType& type, std::string_view name) const;
  const Table* Object(const Database& database, std::string_view name) const;
  Table* Object(Database& database, std::string_view name) const;
  // As it stands in answers.
  std::string Out(const std::string& name) const;

 private:
  std::string Prefixed(std::string_view name) const;
};

}  // namespace cosell::sandbox::salesforce

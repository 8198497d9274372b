#pragma once

#include <string>
#include <vector>

#include "tools/sandbox/salesforce/error.h"
#include "tools/sandbox/salesforce/naming.h"

// Records as JSON (contract sections 3.4, 6.1, 7.2).
namespace cosell::sandbox::salesforce {

// Who reads, and in which version of the API.
struct ReadContext {
  const Database& database;
  Naming naming;
  int version = 0;

  // "/services/data/v67.0"
  std::string Base() const { return "/services/data/v" + std::to_string(version) + ".0"; }
  std::string RecordUrl(const ObjectType& type, const std::string& id) const {
    return Base() + "/sobjects/" + naming.Out(type.name) + "/" + id;
  }
};

// A field of a record or of one of its parents.
struct FieldPath {
  std::vector<std::size_t> hops;  // reference fields, from the record up
  const Table* table = nullptr;   // where the field is
  std::size_t field = 0;
};
// Follows "Account.Name" from `table`. Nothing when a name is unknown or hidden.
std::optional<FieldPath> FindPath(const ReadContext& context, const Table& table,
                                  const std::vector<std::string>& names);
// Its value; null when a parent is missing.
Value ReadPath(const Database& database, const Table& table, const Row& row, const FieldPath& path);

Json Attributes(const ReadContext& context, const Table& table, const std::string& id);
// `attributes` and the named fields, parents nested.
Json RenderRecord(const ReadContext& context, const Table& table, const Row& row,
                  const std::vector<FieldPath>& paths);
// Every readable field of the object itself.
std::vector<FieldPath> AllFields(const ReadContext& context, const Table& table);

}  // namespace cosell::sandbox::salesforce

#pragma once

#include <string>

#include "tools/sandbox/dataverse/database.h"
#include "tools/sandbox/dataverse/query.h"
#include "tools/sandbox/dataverse/request.h"

// Reads of collections and single rows (contract sections 4 and 7). Each returns the JSON text of
// the answer's body and throws ServiceError.
namespace cosell::sandbox::dataverse {

struct ReadContext {
  const Database& database;
  const std::string& origin;
  const Target& target;
  const Preferences& prefer;

  std::string Context(const std::string& fragment) const;  // the value of @odata.context
};

// A page of a collection; a page of changes with a delta token, or when tracking is asked for.
std::string ReadCollection(const ReadContext& context, const Table& table);
// The plain number behind ".../$count".
std::string ReadCount(const ReadContext& context, const Table& table);
// One row with @odata.context ending in "/$entity".
std::string ReadRow(const ReadContext& context, const Table& table, const Row& row);

}  // namespace cosell::sandbox::dataverse

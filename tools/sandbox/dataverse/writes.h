#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/sandbox/dataverse/cells.h"
#include "tools/sandbox/dataverse/database.h"

// Create, update, delete of one row, for API callers and persons alike (contract section 5). All
// throw ServiceError and need an open Transaction.
namespace cosell::sandbox::dataverse {

struct WriteContext {
  Database& database;
  Caller caller;
  std::string origin;
  const References* references = nullptr;
  bool detect_duplicates = false;  // MSCRM.SuppressDuplicateDetection: false
  bool silent = false;             // seeding: no journal, no event
};

// A body understood against a table.
struct Changes {
  std::vector<std::pair<std::size_t, Value>> cells;  // state and reason included
  std::vector<std::string> ignored;                  // members silently dropped

  const Value* Find(std::size_t column) const;
  void Drop(std::size_t column);
};

enum class Purpose { create, update };
Changes ParseBody(const WriteContext& context, const Table& table, const Json& body,
                  Purpose purpose);

// With the given id, or one that the body or the world chooses. Returns the id.
std::string CreateRow(const WriteContext& context, Table& table, std::optional<std::string> id,
                      const Changes& changes);

// How an update is announced and journalled: a plain one, or part of an action.
struct UpdateKind {
  std::string message = "Update";
  std::string operation = "update";
  std::optional<Row> closing;  // the opportunityclose row
  bool by_platform = false;    // may write what callers may not: closed rows, states
};
void UpdateRow(const WriteContext& context, Table& table, const std::string& id,
               const Changes& changes, const UpdateKind& kind = {});

void DeleteRow(const WriteContext& context, Table& table, const std::string& id);

}  // namespace cosell::sandbox::dataverse

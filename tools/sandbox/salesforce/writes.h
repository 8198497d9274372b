#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tools/sandbox/salesforce/database.h"
#include "tools/sandbox/salesforce/error.h"
#include "tools/sandbox/salesforce/naming.h"

// Create, update, delete of one record, for API callers and persons alike (contract sections 7, 10,
// 14.2, 17). All throw ServiceError and need an open Transaction.
namespace cosell::sandbox::salesforce {

struct WriteContext {
  Database& database;
  Caller caller;
  Naming naming;
  bool allow_duplicates = false;  // Sforce-Duplicate-Rule-Header: allowSave=true
  bool auto_assign = true;        // Sforce-Auto-Assign
  bool silent = false;            // seeding: no journal, no announcement, no rules

  bool delayed() const {
    return !caller.by_api && !silent && database.switches().commit_delay.count() > 0;
  }
};

// A body understood against an object.
struct Changes {
  std::map<std::size_t, Value> cells;

  void Set(const ObjectType& type, std::string_view field, Value value) {
    cells[type.At(field)] = std::move(value);
  }
};

enum class Purpose { create, update };
// Throws with `before_save` set where the body is not understood at all.
Changes ParseBody(const WriteContext& context, const Table& table, const Json& body,
                  Purpose purpose);

// Returns the id. `id` is the seed's choice; empty: a new one.
std::string CreateRow(const WriteContext& context, Table& table, const Changes& changes,
                      const std::string& id = "");
// `operation` is what the journal calls it. The record must be there.
void UpdateRow(const WriteContext& context, Table& table, const std::string& id,
               const Changes& changes, const std::string& operation = "update");
// With its dependents, into the recycle bin; and back.
void DeleteRow(const WriteContext& context, Table& table, const std::string& id,
               const std::string& operation = "delete");
void UndeleteRow(const WriteContext& context, Table& table, const std::string& id);

// 400/404 ENTITY_IS_DELETED.
[[noreturn]] void ThrowDeleted(const Database& database);

}  // namespace cosell::sandbox::salesforce

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

// What the operator's commands and the web API need from a database file beyond the Store port. All
// of it reads only, opens a connection of its own and works while the daemon writes. Failures throw
// std::runtime_error as in store_factory.h.
namespace cosell {

namespace store {
class Session;
}

struct AuditProblem {
  std::int64_t entry_id = 0;  // the first bad entry: audit_log.id
  std::string what;           // for a person
};

// Checks the whole audit chain with the query of schema/verify_audit.sql, the one the stock
// `sqlite3` shell runs. Nothing when it is intact. Reads every entry.
std::optional<AuditProblem> VerifyAudit(const std::string& path);

// Writes a complete, consistent, compact copy to `copy`, which must not exist yet.
void BackupStore(const std::string& path, const std::string& copy);

// The operator's views (schema/views.sql).
enum class OperatorView { links, audit_log, field_history, open_conflicts, sync_status, sync_runs };

// NULL, a whole number or text.
using ViewValue = std::variant<std::monostate, std::int64_t, std::string>;

// Gives every row of a view to `row`, in the view's order of columns, without holding the rows in
// memory: first the names of the columns, then the values. All rows are of one moment; audit
// entries come in order of id, the rest in no particular order. An exception from `row` ends the
// reading and is passed on.
using ViewRow =
    std::function<void(std::span<const std::string> columns, std::span<const ViewValue> values)>;
void ReadView(const std::string& path, OperatorView view, const ViewRow& row);

// Several of these over one connection, for who looks at everything. For one thread.
class StoreInspector {
 public:
  explicit StoreInspector(const std::string& path);
  ~StoreInspector();
  std::optional<AuditProblem> VerifyAudit();
  void ReadView(OperatorView view, const ViewRow& row);

 private:
  std::unique_ptr<store::Session> session_;
};

}  // namespace cosell

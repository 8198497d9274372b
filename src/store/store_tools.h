#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "model/history.h"

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

// A point of the chain: the newest entry there was at some time. Kept where nobody who can write
// the database can reach it, it shows that entries were taken off the end, or that the whole chain
// was written anew.
struct AuditAnchor {
  std::int64_t id = 0;
  std::string hash;
  Instant at;  // when the entry was written
};

// What there is of the chain.
struct AuditExtent {
  std::int64_t entries = 0;
  std::optional<AuditAnchor> head;        // the newest entry; none in an empty audit
  std::optional<AuditAnchor> checkpoint;  // the last entry that was removed for its age
};

// Which entries to give out.
struct AuditPeriod {
  std::optional<Instant> from;
  std::optional<Instant> to;  // up to, but not including
};

// Checks the whole audit chain with the query of schema/verify_audit.sql, the one the stock
// `sqlite3` shell runs. Nothing when it is intact. Reads every entry.
std::optional<AuditProblem> VerifyAudit(const std::string& path);

// Writes a complete, consistent, compact copy to `copy`, which must not exist yet.
void BackupStore(const std::string& path, const std::string& copy);

// The same for a file of an older schema, whose copy has that schema too. Refuses a newer one and
// what is none of ours.
void CopyStore(const std::string& path, const std::string& copy);

// What a file is said to hold, for who asks before it is used. A value.
struct StoreSummary {
  int schema = 0;
  std::int64_t links = 0;
  std::int64_t audit_entries = 0;
  std::string generation;  // id of the newest one; empty when it knows none
  std::string marked_at;   // RFC 3339: when it was last known to be the newest; may be empty
};
StoreSummary SummarizeStore(const std::string& path);

// The operator's views (schema/views.sql).
enum class OperatorView {
  links,
  audit_log,
  field_history,
  open_conflicts,
  sync_status,
  sync_runs,
  record_history,
  link_history,
  audit_checkpoints,
  gap_certificates,
  generations
};

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
  // The chain itself, and that it goes through these anchors. Those before the checkpoint count for
  // nothing. Where the chain fits in itself but not an anchor, the entry named is the first one
  // that may be another than at the time of the anchor.
  std::optional<AuditProblem> VerifyAudit(std::vector<AuditAnchor> anchors);
  AuditExtent Extent();
  // Gives every entry of the period to `line` as one JSON object, in order of id, then, unless `to`
  // is set, one for every pair as it stands now (docs/AUDIT.md has the format). All of one moment;
  // nothing is held in memory.
  void ExportAudit(const AuditPeriod& period, const std::function<void(const std::string&)>& line);
  // Everything that is known of one pair; nothing when the connection has no such link.
  std::optional<LinkHistory> History(const ConnectionName& connection, std::int64_t link_id);
  void ReadView(OperatorView view, const ViewRow& row);

 private:
  std::unique_ptr<store::Session> session_;
};

}  // namespace cosell

#include "store/prune.h"

#include "store/audit.h"
#include "store/query.h"

namespace cosell::store {
namespace {

// Only a beginning of the chain can go: up to the entry before the first one that is young enough.
constexpr std::string_view kLastOld = R"(
  SELECT id, hash, at FROM audit
  WHERE id < coalesce((SELECT min(id) FROM audit WHERE at >= ?1),
                      (SELECT max(id) + 1 FROM audit))
  ORDER BY id DESC LIMIT 1)";

constexpr std::string_view kCheckpoint = R"(
  INSERT INTO audit_checkpoint(through_id, hash, through_at, pruned_at) VALUES (?1, ?2, ?3, ?4))";

constexpr std::string_view kRemoveValues = "DELETE FROM audit_value WHERE audit_id <= ?1";
constexpr std::string_view kRemoveEntries = "DELETE FROM audit WHERE id <= ?1";

}  // namespace

std::int64_t PruneAudit(Session& session, Instant before, Instant now, Random* salts) {
  Query query(session, kLastOld, ToUnixMs(before));
  if (!query.Next()) return 0;
  const std::int64_t last = query.Int(0);
  const std::string hash = query.Text(1);
  Change(session, kCheckpoint, last, hash, query.Int(2), ToUnixMs(now));
  Change(session, kRemoveValues, last);
  const std::int64_t removed = Change(session, kRemoveEntries, last);
  AuditEntry entry;
  entry.at = now;
  entry.record_kind = "audit";
  entry.record_id = std::to_string(last) + ":" + hash;
  entry.operation = "prune";
  entry.reason = "entries up to " + std::to_string(last) + ", written before " +
                 FormatSeconds(before) + ", were removed for their age";
  entry.rule = "retention";
  entry.cause = "schedule";
  AppendAudit(session, ConnectionName{}, entry, salts);
  return removed;
}

}  // namespace cosell::store

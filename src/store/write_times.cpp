#include "store/write_times.h"

#include "store/query.h"

namespace cosell::store {
namespace {

constexpr std::string_view kWaiting = R"(
  SELECT dirty_since FROM link
  WHERE id = ?1 AND (dirty_since IS NOT NULL OR state = 'quarantined'))";

// ?1 audit_id, ?2 connection_id, ?3 the id on the side that was not written, ?4 noticed_at.
constexpr std::string_view kNoteReferralChange = R"(
  INSERT INTO write_time(audit_id, changed_at, noticed_at)
  SELECT ?1, r.changed_at_ticks / 10000 + coalesce(d.clock_offset_ms, 0), ?4
  FROM referral AS r LEFT JOIN referral_read AS d ON d.referral_row = r.id
  WHERE r.connection_id = ?2 AND r.record_id = ?3)";
constexpr std::string_view kNoteCrmChange = R"(
  INSERT INTO write_time(audit_id, changed_at, noticed_at)
  SELECT ?1, r.changed_at_ticks / 10000 + coalesce(d.clock_offset_ms, 0), ?4
  FROM crm_record AS r LEFT JOIN crm_record_read AS d ON d.crm_record_row = r.id
  WHERE r.connection_id = ?2 AND r.record_id = ?3)";

bool IsConfirmed(const AuditEntry& entry) {
  return entry.outcome == AuditOutcome::done || entry.outcome == AuditOutcome::adopted;
}

bool IsOfAPair(const AuditEntry& entry) {
  return entry.side == Side::partner_center || entry.record_kind == ToString(RecordKind::lead) ||
         entry.record_kind == ToString(RecordKind::opportunity);
}

}  // namespace

WriteTimes::WriteTimes(Session& session, ConnectionRow connection, const Changes& changes)
    : session_(session), connection_(connection) {
  if (changes.audit.empty()) return;
  for (const Link& link : changes.links) {
    Query query(session, kWaiting, link.id);
    if (!query.Next()) continue;
    const Waiting waiting{&link, query.OptionalInt(0)};
    if (!link.referral_id.empty()) waiting_.emplace(link.referral_id.text, waiting);
    if (!link.crm_id.empty()) waiting_.emplace(link.crm_id.text, waiting);
  }
}

const WriteTimes::Waiting* WriteTimes::Find(const AuditEntry& entry) const {
  for (const std::string& id : {entry.record_id, entry.referral_id}) {
    const auto found = waiting_.find(id);
    if (found != waiting_.end()) return &found->second;
  }
  return nullptr;
}

void WriteTimes::Note(std::int64_t audit_id, const AuditEntry& entry) {
  if (!IsConfirmed(entry) || !IsOfAPair(entry) || entry.changes.empty()) return;
  const Waiting* waiting = Find(entry);
  if (waiting == nullptr) return;
  const bool to_crm = entry.side == Side::crm;
  Change(session_, to_crm ? kNoteReferralChange : kNoteCrmChange, audit_id, connection_,
         to_crm ? waiting->link->referral_id.text : waiting->link->crm_id.text,
         waiting->noticed_at);
}

}  // namespace cosell::store

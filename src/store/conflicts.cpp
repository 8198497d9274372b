#include "store/conflicts.h"

#include "store/query.h"
#include "store/words.h"

namespace cosell::store {
namespace {

constexpr std::string_view kSave = R"(
  INSERT INTO conflict(link_id, field, base, partner_center_value, crm_value, since)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6)
  ON CONFLICT (link_id, field) DO UPDATE SET
    base = excluded.base, partner_center_value = excluded.partner_center_value,
    crm_value = excluded.crm_value, since = min(since, excluded.since))";

constexpr std::string_view kRemove = "DELETE FROM conflict WHERE link_id = ?1 AND field = ?2";

constexpr std::string_view kRead = R"(
  SELECT o.link_id, o.field, o.base, o.partner_center_value, o.crm_value, o.since, l.referral_id,
         l.crm_id
  FROM conflict AS o CROSS JOIN link AS l ON l.id = o.link_id
  WHERE l.connection_id = ?1 ORDER BY o.since, o.link_id, o.field)";

constexpr std::string_view kReadOf = R"(
  SELECT o.link_id, o.field, o.base, o.partner_center_value, o.crm_value, o.since, l.referral_id,
         l.crm_id
  FROM conflict AS o CROSS JOIN link AS l ON l.id = o.link_id
  WHERE o.link_id = ?1 ORDER BY o.since, o.field)";

constexpr std::string_view kSupersede = R"(
  UPDATE field_change SET superseded_by = ?4 || ': ' || ?5
  WHERE link_id = ?1 AND field = ?2 AND side = ?3 AND superseded_by = '')";

constexpr std::string_view kAppend = R"(
  INSERT INTO field_change(link_id, field, value, side, at, cause, superseded_by)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))";

constexpr std::string_view kHistory = R"(
  SELECT link_id, field, value, side, at, cause, superseded_by
  FROM field_change WHERE link_id = ?1 ORDER BY at, id)";

std::vector<Conflict> ReadRows(Query& query) {
  std::vector<Conflict> conflicts;
  while (query.Next()) {
    conflicts.push_back({query.Int(0), query.Text(1), query.Text(2), query.Text(3), query.Text(4),
                         query.Time(5), ReferralId{query.Text(6)}, CrmId{query.Text(7)}});
  }
  return conflicts;
}

}  // namespace

void SaveConflict(Session& session, const ConflictChange& change) {
  const Conflict& conflict = change.conflict;
  if (change.resolved) {
    Change(session, kRemove, conflict.link_id, conflict.field);
    return;
  }
  Change(session, kSave, conflict.link_id, conflict.field, conflict.base,
         conflict.partner_center_value, conflict.crm_value, ToUnixMs(conflict.since));
}

std::vector<Conflict> ReadConflicts(Session& session, ConnectionRow connection) {
  Query query(session, kRead, connection);
  return ReadRows(query);
}

std::vector<Conflict> ReadConflictsOf(Session& session, std::int64_t link_id) {
  Query query(session, kReadOf, link_id);
  return ReadRows(query);
}

void AppendHistory(Session& session, const FieldHistoryEntry& entry) {
  if (entry.superseded_by.empty()) {
    Change(session, kSupersede, entry.link_id, entry.field, ToString(entry.side), entry.cause,
           entry.value);
  }
  Change(session, kAppend, entry.link_id, entry.field, entry.value, ToString(entry.side),
         ToUnixMs(entry.at), entry.cause, entry.superseded_by);
}

std::vector<FieldHistoryEntry> ReadHistoryOf(Session& session, std::int64_t link_id) {
  std::vector<FieldHistoryEntry> history;
  Query query(session, kHistory, link_id);
  while (query.Next()) {
    history.push_back({query.Int(0), query.Text(1), query.Text(2), SideFromText(query.Text(3)),
                       query.Time(4), query.Text(5), query.Text(6)});
  }
  return history;
}

}  // namespace cosell::store

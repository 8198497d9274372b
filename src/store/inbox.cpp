#include "store/inbox.h"

#include "store/query.h"
#include "store/words.h"

namespace cosell::store {
namespace {

constexpr std::chrono::days kKeysKept{7};

constexpr std::string_view kInsert = R"(
  INSERT INTO inbox(connection_id, side, source, name, record_id, record_kind, changed_at_ticks,
                    dedupe_key, received_at)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
  WHERE NOT EXISTS (SELECT 1 FROM inbox_done
                    WHERE connection_id = ?1 AND dedupe_key = ?8 AND finished_at >= ?10)
  ON CONFLICT (connection_id, dedupe_key) DO NOTHING)";

constexpr std::string_view kDue = R"(
  SELECT id, side, source, name, record_id, record_kind, changed_at_ticks, dedupe_key, received_at,
         attempts
  FROM inbox WHERE connection_id = ?1 AND (not_before IS NULL OR not_before <= ?2)
  ORDER BY received_at, id LIMIT ?3)";

constexpr std::string_view kKeepKey = R"(
  INSERT INTO inbox_done(connection_id, dedupe_key, finished_at)
  SELECT connection_id, dedupe_key, ?3 FROM inbox WHERE id = ?2 AND connection_id = ?1
  ON CONFLICT (connection_id, dedupe_key) DO UPDATE SET finished_at = excluded.finished_at)";

constexpr std::string_view kRemove = "DELETE FROM inbox WHERE id = ?2 AND connection_id = ?1";

constexpr std::string_view kDelay = R"(
  UPDATE inbox SET attempts = attempts + 1, not_before = ?3 WHERE id = ?2 AND connection_id = ?1)";

constexpr std::string_view kForget = "DELETE FROM inbox_done WHERE finished_at < ?1";

InboxEvent ReadEvent(const Query& row, const ConnectionName& name) {
  InboxEvent waiting;
  waiting.id = row.Int(0);
  Event& event = waiting.event;
  event.connection = name;
  event.side = SideFromText(row.Text(1));
  event.source = row.Text(2);
  event.name = row.Text(3);
  event.record_id = row.Text(4);
  event.kind = RecordKindFromText(row.Text(5));
  if (const auto ticks = row.OptionalInt(6)) event.changed_at = FromTicks(*ticks);
  event.dedupe_key = row.Text(7);
  event.received_at = row.Time(8);
  waiting.attempts = static_cast<int>(row.Int(9));
  return waiting;
}

}  // namespace

bool InsertEvent(Session& session, ConnectionRow connection, const Event& event, Instant now) {
  const auto changed_at =
      event.changed_at ? std::optional(TicksOf(*event.changed_at)) : std::nullopt;
  const int added =
      Change(session, kInsert, connection, ToString(event.side), event.source, event.name,
             event.record_id, ToString(event.kind), changed_at, event.dedupe_key,
             ToUnixMs(event.received_at), ToUnixMs(now - kKeysKept));
  if (added > 0) NoteEvent(session, connection, event.received_at);
  return added > 0;
}

std::vector<InboxEvent> ReadDueEvents(Session& session, ConnectionRow connection,
                                      const ConnectionName& name, Instant now, std::size_t limit) {
  std::vector<InboxEvent> events;
  Query query(session, kDue, connection, ToUnixMs(now), limit);
  while (query.Next()) events.push_back(ReadEvent(query, name));
  return events;
}

void FinishEvent(Session& session, ConnectionRow connection, std::int64_t event_id, Instant now) {
  Change(session, kKeepKey, connection, event_id, ToUnixMs(now));
  Change(session, kRemove, connection, event_id);
}

void DelayEvent(Session& session, ConnectionRow connection, std::int64_t event_id,
                Instant not_before) {
  Change(session, kDelay, connection, event_id, ToUnixMs(not_before));
}

void ForgetOldKeys(Session& session, Instant now) {
  Change(session, kForget, ToUnixMs(now - kKeysKept));
}

}  // namespace cosell::store

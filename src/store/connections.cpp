#include "store/connections.h"

#include <algorithm>
#include <stdexcept>

#include "model/link.h"
#include "store/links.h"
#include "store/query.h"

namespace cosell::store {
namespace {

constexpr std::string_view kFind = "SELECT id FROM connection WHERE name = ?1";

constexpr std::string_view kSave = R"(
  INSERT INTO connection(name, mode) VALUES (?1, ?2)
  ON CONFLICT (name) DO UPDATE SET mode = excluded.mode)";

constexpr std::string_view kSaveState =
    "UPDATE connection SET state = ?2, reason = ?3 WHERE id = ?1";

constexpr std::string_view kNoteEvent = R"(
  UPDATE connection SET last_event_at = ?2
  WHERE id = ?1 AND (last_event_at IS NULL OR last_event_at < ?2))";

constexpr std::string_view kNoteSweep = R"(
  UPDATE connection SET last_sweep_at = ?2
  WHERE id = ?1 AND (last_sweep_at IS NULL OR last_sweep_at < ?2))";

// The oldest dirty link and the count of conflicts follow indexes; see the view sync_status.
const std::string kStatus = R"(
  SELECT id, name, mode, state, reason, last_event_at, last_sweep_at,
    (SELECT min(since) FROM (
       SELECT min(received_at) AS since FROM inbox WHERE connection_id = c.id
       UNION ALL
       SELECT min(dirty_since) FROM link WHERE connection_id = c.id AND )" +
                            std::string(kLinkIsDirty) + R"()),
    (SELECT count(*) FROM conflict AS o CROSS JOIN link AS l ON l.id = o.link_id
     WHERE l.connection_id = c.id)
  FROM connection AS c ORDER BY name)";

constexpr std::string_view kCountByState =
    "SELECT state, count(*) FROM link WHERE connection_id = ?1 GROUP BY state";

constexpr std::string_view kSaveCursor = R"(
  INSERT INTO cursor(connection_id, name, value) VALUES (?1, ?2, ?3)
  ON CONFLICT (connection_id, name) DO UPDATE SET value = excluded.value)";

constexpr std::string_view kReadCursor =
    "SELECT value FROM cursor WHERE connection_id = ?1 AND name = ?2";

constexpr std::string_view kSaveRun = R"(
  INSERT INTO run(id, connection_id, kind, started_at, finished_at, read, planned, written, failed,
                  conflicts, outcome)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
  ON CONFLICT (id) DO UPDATE SET
    kind = excluded.kind, started_at = excluded.started_at, finished_at = excluded.finished_at,
    read = excluded.read, planned = excluded.planned, written = excluded.written,
    failed = excluded.failed, conflicts = excluded.conflicts, outcome = excluded.outcome)";

void CountLinks(Session& session, ConnectionRow connection, ConnectionStatus* status) {
  Query query(session, kCountByState, connection);
  while (query.Next()) {
    status->links_by_state[query.Text(0)] = query.Int(1);
    status->links += query.Int(1);
  }
  const auto quarantined =
      status->links_by_state.find(std::string(ToString(LinkState::quarantined)));
  if (quarantined != status->links_by_state.end()) status->quarantined = quarantined->second;
}

}  // namespace

std::optional<ConnectionRow> FindConnection(Session& session, const ConnectionName& name) {
  Query query(session, kFind, name.text);
  return query.Next() ? std::optional(query.Int(0)) : std::nullopt;
}

ConnectionRow RequireConnection(Session& session, const ConnectionName& name) {
  const auto row = FindConnection(session, name);
  if (!row) throw std::logic_error("the connection '" + name.text + "' was never opened");
  return *row;
}

void SaveConnection(Session& session, const ConnectionName& name, const std::string& mode) {
  Change(session, kSave, name.text, mode);
}

void SaveConnectionState(Session& session, ConnectionRow connection, const std::string& state,
                         const std::string& reason) {
  Change(session, kSaveState, connection, state, reason);
}

void NoteEvent(Session& session, ConnectionRow connection, Instant received_at) {
  Change(session, kNoteEvent, connection, ToUnixMs(received_at));
}

std::vector<ConnectionStatus> ReadStatus(Session& session, Instant now) {
  std::vector<ConnectionStatus> all;
  Query query(session, kStatus);
  while (query.Next()) {
    ConnectionStatus status;
    status.name.text = query.Text(1);
    status.mode = query.Text(2);
    status.state = query.Text(3);
    status.reason = query.Text(4);
    status.last_event_at = query.OptionalTime(5);
    status.last_sweep_at = query.OptionalTime(6);
    if (const auto oldest = query.OptionalInt(7)) {
      status.lag_s = std::max<std::int64_t>(0, (ToUnixMs(now) - *oldest) / 1000);
    }
    status.open_conflicts = query.Int(8);
    CountLinks(session, query.Int(0), &status);
    all.push_back(std::move(status));
  }
  return all;
}

void SaveCursor(Session& session, ConnectionRow connection, const std::string& name,
                const std::string& value) {
  Change(session, kSaveCursor, connection, name, value);
}

std::optional<std::string> ReadCursor(Session& session, ConnectionRow connection,
                                      const std::string& name) {
  Query query(session, kReadCursor, connection, name);
  return query.Next() ? std::optional(query.Text(0)) : std::nullopt;
}

void SaveRunRow(Session& session, ConnectionRow connection, const Run& run) {
  Change(session, kSaveRun, run.id, connection, run.kind, ToUnixMs(run.started_at),
         OptionalMs(run.finished_at), run.read, run.planned, run.written, run.failed, run.conflicts,
         run.outcome);
  const bool reads_everything = run.kind == "sweep" || run.kind == "rebuild";
  if (reads_everything && run.finished_at && run.outcome == "done") {
    Change(session, kNoteSweep, connection, ToUnixMs(*run.finished_at));
  }
}

}  // namespace cosell::store

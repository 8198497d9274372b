#include "store/snapshots.h"

#include "base/planted.h"
#include "base/text.h"
#include "model/field_text.h"
#include "store/history.h"
#include "store/links.h"
#include "store/query.h"
#include "store/words.h"

namespace cosell::store {
namespace {

// The two tables differ in three columns; every statement below is written once, with
// {placeholders} for what differs.
struct Table {
  std::string name;
  std::string selected;  // kind, engagement_id, organization_id as SELECT gives them
  std::string columns;   // those it has, as INSERT names them
  std::string values;    // and their parameters
  std::string assigned;  // the same for UPDATE
  std::string same;      // the same for a comparison
};

const Table kReferralTable = {"referral",
                              "'opportunity', s.engagement_id, s.organization_id",
                              "engagement_id, organization_id",
                              "?10, ?11",
                              "engagement_id = ?10, organization_id = ?11",
                              "engagement_id = ?10 AND organization_id = ?11"};
const Table kCrmTable = {"crm_record", "s.record_kind, '', ''", "record_kind",
                         "?10",        "record_kind = ?10",     "record_kind = ?10"};

std::string Fill(std::string sql, const Table& table) {
  sql = ReplaceAll(std::move(sql), "{table}", table.name);
  sql = ReplaceAll(std::move(sql), "{selected}", table.selected);
  sql = ReplaceAll(std::move(sql), "{columns}", table.columns);
  sql = ReplaceAll(std::move(sql), "{values}", table.values);
  sql = ReplaceAll(std::move(sql), "{assigned}", table.assigned);
  return ReplaceAll(std::move(sql), "{same}", table.same);
}

// Parameters of compare, insert and update: ?1 connection_id, ?2 record_id, ?3 hash,
// ?4 changed_at_ticks, ?5 deleted, ?6 etag, ?7 counterpart_id, ?8 raw, ?9 fields (compare has no
// use for it); then, of a referral, ?10 engagement_id and ?11 organization_id, of a CRM record ?10
// record_kind.
struct Statements {
  explicit Statements(const Table& table)
      : compare(Fill(R"(
          SELECT id, hash, changed_at_ticks,
            changed_at_ticks = ?4 AND hash = ?3 AND deleted = ?5 AND etag = ?6 AND
            counterpart_id = ?7 AND {same} AND raw = ?8, deleted,
            (SELECT read_at FROM {table}_read WHERE {table}_row = {table}.id), fields
          FROM {table} WHERE connection_id = ?1 AND record_id = ?2)",
                     table)),
        insert(Fill(R"(
          INSERT INTO {table}(connection_id, record_id, hash, changed_at_ticks, deleted, etag,
                              counterpart_id, raw, fields, {columns})
          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, {values}))",
                    table)),
        update(Fill(R"(
          UPDATE {table} SET hash = ?3, changed_at_ticks = ?4, deleted = ?5, etag = ?6,
            counterpart_id = ?7, raw = ?8, fields = ?9, {assigned}
          WHERE connection_id = ?1 AND record_id = ?2)",
                    table)),
        save_read(Fill(R"(
          INSERT INTO {table}_read({table}_row, read_at, clock_offset_ms) VALUES (?1, ?2, ?3)
          ON CONFLICT ({table}_row) DO UPDATE SET
            read_at = excluded.read_at, clock_offset_ms = excluded.clock_offset_ms)",
                       table)),
        find(Fill(Select() + "s.connection_id = ?1 AND s.record_id = ?2", table)),
        by_counterpart(Fill(Select("INDEXED BY {table}_counterpart") +
                                R"(s.connection_id = ?1 AND s.counterpart_id = ?2 AND
                                   s.counterpart_id <> '' ORDER BY s.record_id)",
                            table)),
        newest(Fill("SELECT max(changed_at_ticks) FROM {table} WHERE connection_id = ?1", table)),
        count(Fill(R"(
          SELECT (SELECT count(*) FROM {table} WHERE connection_id = ?1) -
                 (SELECT count(*) FROM {table} WHERE connection_id = ?1 AND deleted = 1))",
                   table)),
        not_read_since(Fill(R"(
          SELECT s.record_id FROM {table}_read AS r CROSS JOIN {table} AS s ON s.id = r.{table}_row
          WHERE r.read_at < ?2 AND s.connection_id = ?1 AND s.deleted = 0 ORDER BY s.record_id)",
                            table)) {}

  // Without statistics SQLite prefers the index that gives the order, and reads every record of the
  // connection: the few that are wanted have to be named by theirs.
  static std::string Select(const std::string& indexed_by = "") {
    return R"(
    SELECT s.record_id, s.etag, s.changed_at_ticks, r.read_at, r.clock_offset_ms, s.raw, s.hash,
           s.deleted, s.counterpart_id, {selected}
    FROM {table} AS s )" +
           indexed_by + " JOIN {table}_read AS r ON r.{table}_row = s.id WHERE ";
  }

  std::string compare, insert, update, save_read, find, by_counterpart, newest, count,
      not_read_since;
};

const Statements& For(Side side) {
  static const Statements referral(kReferralTable);
  static const Statements crm(kCrmTable);
  return side == Side::partner_center ? referral : crm;
}

const std::string& ByEngagementSql() {
  static const std::string sql = Fill(Statements::Select("INDEXED BY referral_engagement") +
                                          R"(s.connection_id = ?1 AND s.engagement_id = ?2 AND
                  s.engagement_id <> '' ORDER BY s.record_id)",
                                      kReferralTable);
  return sql;
}

Snapshot ReadRow(const Query& row, Side side) {
  Snapshot snapshot;
  snapshot.side = side;
  snapshot.id = row.Text(0);
  snapshot.etag = row.Text(1);
  snapshot.changed_at = FromTicks(row.Int(2));
  snapshot.read_at = row.Time(3);
  if (const auto ms = row.OptionalInt(4)) snapshot.clock_offset = std::chrono::milliseconds(*ms);
  snapshot.raw = row.Text(5);
  snapshot.hash = row.Text(6);
  snapshot.deleted = row.Bool(7);
  snapshot.counterpart_id = row.Text(8);
  snapshot.kind = RecordKindFromText(row.Text(9));
  snapshot.engagement_id = row.Text(10);
  snapshot.organization_id = row.Text(11);
  return snapshot;
}

template <typename... Arguments>
std::vector<Snapshot> ReadRows(Session& session, const std::string& sql, Side side,
                               const Arguments&... arguments) {
  std::vector<Snapshot> found;
  Query query(session, sql, arguments...);
  while (query.Next()) found.push_back(ReadRow(query, side));
  return found;
}

struct Stored {
  std::int64_t row = 0;
  bool same_hash = false;
  bool newer = false;      // than the one at hand
  bool identical = false;  // but for the time it was read
  bool deleted = false;
  Instant read_at;  // when it was last seen
  std::string fields;
};

// No read of Partner Center lags further behind than this.
constexpr std::chrono::minutes kReadsLagMax{5};

// Lists lag behind writes: what is older than the version we know is an old version. Unless that
// one has not been seen for so long that no read can lag behind it: then the remote's clock was set
// back, and what has the older stamp is newer. A CRM's answer is what the CRM holds now.
bool IsStale(const Snapshot& snapshot, const Stored& stored) {
  if (!stored.newer) return false;
  if (snapshot.side == Side::crm) return Planted(PlantedBug::crm_clock_trusted);
  if (Planted(PlantedBug::stale_read_accepted)) return false;
  return std::chrono::abs(snapshot.read_at - stored.read_at) < kReadsLagMax;
}

// What compare, insert and update take, in the order of their parameters. Only `compare` gives
// rows.
Query Bound(Session& session, const std::string& sql, ConnectionRow connection, const Snapshot& s,
            const std::string& fields) {
  const auto query = [&](const auto&... own) {
    return Query(session, sql, connection, s.id, s.hash, TicksOf(s.changed_at), s.deleted, s.etag,
                 s.counterpart_id, s.raw, fields, own...);
  };
  return s.side == Side::crm ? query(ToString(s.kind)) : query(s.engagement_id, s.organization_id);
}

std::optional<Stored> Compare(Session& session, ConnectionRow connection, const Snapshot& s) {
  Query query = Bound(session, For(s.side).compare, connection, s, s.fields);
  if (!query.Next()) return std::nullopt;
  return Stored{query.Int(0),  query.Text(1) == s.hash, query.Int(2) > TicksOf(s.changed_at),
                query.Bool(3), query.Bool(4),           query.Time(5),
                query.Text(6)};
}

void SaveRead(Session& session, std::int64_t row, const Snapshot& s) {
  const auto offset_ms =
      s.clock_offset ? std::optional<std::int64_t>(s.clock_offset->count()) : std::nullopt;
  Change(session, For(s.side).save_read, row, ToUnixMs(s.read_at), offset_ms);
}

// A sweep reads every record and most are as they were: then only the time is written. Fields that
// were not shown this time are what they were.
void WriteRow(Session& session, ConnectionRow connection, const Snapshot& s,
              const std::optional<Stored>& stored, Instant now) {
  const std::string before = stored ? stored->fields : "";
  const std::string changes = ChangesBetween(before, s.fields, /*keep_absent=*/true);
  if (!stored || !changes.empty() || stored->deleted != s.deleted)
    AppendVersion(session, connection, s, changes, now);
  if (!stored) {
    Bound(session, For(s.side).insert, connection, s, s.fields).Run();
    SaveRead(session, session.last_insert_id(), s);
    return;
  }
  if (!stored->identical || !changes.empty()) {
    Bound(session, For(s.side).update, connection, s, ApplyChanges(before, changes)).Run();
  }
  SaveRead(session, stored->row, s);
}

SnapshotOutcome Take(Session& session, ConnectionRow connection, const Snapshot& snapshot,
                     const std::optional<Stored>& stored, Instant now) {
  SnapshotOutcome outcome;
  outcome.link_id = FindLinkId(session, connection, snapshot.side, snapshot.id);
  outcome.first = !stored;
  outcome.changed = !stored || !stored->same_hash;
  outcome.returned = stored && stored->deleted && !snapshot.deleted;
  WriteRow(session, connection, snapshot, stored, now);
  if (outcome.changed && outcome.link_id != 0) {
    SetSnapshotHash(session, outcome.link_id, snapshot.side, snapshot.hash, now);
  }
  return outcome;
}

}  // namespace

SnapshotOutcome SaveSnapshot(Session& session, ConnectionRow connection, const Snapshot& snapshot,
                             Instant now) {
  const auto stored = Compare(session, connection, snapshot);
  if (!stored || !IsStale(snapshot, *stored))
    return Take(session, connection, snapshot, stored, now);
  SnapshotOutcome outcome;
  outcome.link_id = FindLinkId(session, connection, snapshot.side, snapshot.id);
  outcome.ignored = true;
  return outcome;
}

void SaveAnswer(Session& session, ConnectionRow connection, const Snapshot& snapshot, Instant now) {
  Take(session, connection, snapshot, Compare(session, connection, snapshot), now);
}

std::optional<Snapshot> ReadSnapshot(Session& session, ConnectionRow connection, Side side,
                                     const std::string& id) {
  Query query(session, For(side).find, connection, id);
  return query.Next() ? std::optional(ReadRow(query, side)) : std::nullopt;
}

std::vector<Snapshot> ReadByCounterpart(Session& session, ConnectionRow connection, Side side,
                                        const std::string& counterpart_id) {
  return ReadRows(session, For(side).by_counterpart, side, connection, counterpart_id);
}

std::vector<Snapshot> ReadByEngagement(Session& session, ConnectionRow connection,
                                       const EngagementId& id) {
  return ReadRows(session, ByEngagementSql(), Side::partner_center, connection, id.text);
}

Instant ReadNewestChange(Session& session, ConnectionRow connection, Side side) {
  Query query(session, For(side).newest, connection);
  return query.Next() ? FromTicks(query.Int(0)) : Instant{};
}

std::int64_t CountSnapshotRows(Session& session, ConnectionRow connection, Side side) {
  Query query(session, For(side).count, connection);
  return query.Next() ? query.Int(0) : 0;
}

std::vector<std::string> ReadNotReadSince(Session& session, ConnectionRow connection, Side side,
                                          Instant read_before) {
  std::vector<std::string> ids;
  Query query(session, For(side).not_read_since, connection, ToUnixMs(read_before));
  while (query.Next()) ids.push_back(query.Text(0));
  return ids;
}

}  // namespace cosell::store

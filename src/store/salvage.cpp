#include "store/salvage.h"

#include <optional>
#include <stdexcept>
#include <utility>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include <sqlite3.h>

#include "store/audit.h"
#include "store/files.h"
#include "store/generations.h"
#include "store/migrator.h"
#include "store/query.h"
#include "store/salvage_table.h"
#include "store/sha3_function.h"

namespace cosell {
namespace {

using store::Access;
using store::Guarded;
using store::Session;

struct Salvaged {
  const char* table;
  bool with_row_ids;
};
// What must survive, referenced tables first.
constexpr Salvaged kTables[] = {{"connection", true},
                                {"link", true},
                                {"intent", true},
                                {"inbox", true},
                                {"conflict", false},
                                {"decision", false},
                                {"cursor", false},
                                {"field_change", true},
                                {"audit", true},
                                {"audit_value", true},
                                {"audit_checkpoint", true},
                                {"generation", true},
                                {"gap", true},
                                {"link_change", true},
                                {"record_change", true},
                                {"erased_phrase", false}};

// How far the feeds were read, and the hashes of records that are no longer there, belong to the
// records; those are read again.
constexpr const char* kForgetRecords = R"(
  DELETE FROM cursor WHERE name LIKE 'crm\_%' ESCAPE '\' OR name LIKE 'referrals\_%' ESCAPE '\';
  UPDATE link SET referral_hash = '', seen_referral_hash = '', crm_hash = '', seen_crm_hash = '',
                  dirty_since = NULL, not_before = NULL;
  UPDATE link SET state = 'pending' WHERE state NOT IN
    ('pending', 'in_sync', 'waiting', 'conflict', 'quarantined', 'closed', 'left_alone', 'unlinked');
  UPDATE gap SET counts = '{}' WHERE NOT json_valid(counts);
)";

constexpr const char* kForgetUnreadableBases = R"(
  UPDATE link SET base_partner_center = '', base_crm = NULL
  WHERE (base_partner_center <> '' AND NOT json_valid(base_partner_center)) OR
        (base_crm <> '' AND NOT json_valid(base_crm)))";

// Rows whose link or connection was lost.
constexpr std::pair<const char*, const char*> kOrphans[] = {
    {"link", "DELETE FROM link WHERE connection_id NOT IN (SELECT id FROM connection)"},
    {"intent", "DELETE FROM intent WHERE link_id NOT IN (SELECT id FROM link)"},
    {"inbox", "DELETE FROM inbox WHERE connection_id NOT IN (SELECT id FROM connection)"},
    {"conflict", "DELETE FROM conflict WHERE link_id NOT IN (SELECT id FROM link)"},
    {"decision", "DELETE FROM decision WHERE link_id NOT IN (SELECT id FROM link)"},
    {"cursor", "DELETE FROM cursor WHERE connection_id NOT IN (SELECT id FROM connection)"},
    {"field_change", "DELETE FROM field_change WHERE link_id NOT IN (SELECT id FROM link)"},
    {"link_change", "DELETE FROM link_change WHERE link_id NOT IN (SELECT id FROM link)"},
    {"record_change",
     "DELETE FROM record_change WHERE connection_id NOT IN (SELECT id FROM connection)"},
    {"erased_phrase",
     "DELETE FROM erased_phrase WHERE connection_id NOT IN (SELECT id FROM connection)"},
    {"gap", "DELETE FROM gap WHERE connection_id NOT IN (SELECT id FROM connection)"},
};

// An entry whose text or hash was damaged is worse than a missing one. It is good if its hash fits
// the previous entry's; after a missing one, where its hash is what the next entry was made with.
constexpr const char* kDropBadEntries = R"(
  DELETE FROM audit WHERE id IN (
    WITH start AS (
      SELECT coalesce(max(through_id), 0) AS id,
        coalesce((SELECT hash FROM audit_checkpoint ORDER BY through_id DESC LIMIT 1), '') AS hash
      FROM audit_checkpoint),
    entry AS (
      SELECT a.id, a.hash, lag(a.id, 1, start.id) OVER (ORDER BY a.id) AS previous_id,
        lower(hex(sha3(lag(a.hash, 1, start.hash) OVER (ORDER BY a.id) ||
          CASE WHEN a.request_id IS NULL THEN
            json_array(a.id, a.at, a.connection, a.side, a.record_kind, a.record_id, a.referral_id,
                       a.operation, a.field, a.before_hash, a.after_hash, a.reason, a.rule, a.cause,
                       a.run_id, a.correlation_id, a.outcome, a.duration_ms)
          ELSE
            json_array(a.id, a.at, a.connection, a.side, a.record_kind, a.record_id, a.referral_id,
                       a.operation, a.field, a.before_hash, a.after_hash, a.reason, a.rule, a.cause,
                       a.run_id, a.correlation_id, a.outcome, a.duration_ms, a.request_id)
          END, 256))) AS expected
      FROM audit AS a CROSS JOIN start),
    judged AS (
      SELECT id, previous_id = id - 1 AS follows, hash = expected AS fits,
        coalesce(lead(id) OVER (ORDER BY id) = id + 1, 0) AS is_followed,
        coalesce(lead(hash = expected) OVER (ORDER BY id), 0) AS next_fits
      FROM entry)
    SELECT id FROM judged
    WHERE CASE WHEN follows THEN NOT fits ELSE NOT (is_followed AND next_fits) END))";

constexpr const char* kDropBadValues = R"(
  DELETE FROM audit_value WHERE audit_id IN (
    SELECT v.audit_id FROM audit_value AS v LEFT JOIN audit AS a ON a.id = v.audit_id
    WHERE a.id IS NULL
       OR a.before_hash IS NOT CASE WHEN v.before IS NOT NULL
            THEN lower(hex(sha3(v.value_salt || v.before, 256))) END
       OR a.after_hash IS NOT CASE WHEN v.after IS NOT NULL
            THEN lower(hex(sha3(v.value_salt || v.after, 256))) END))";

// Breaks that are recorded already, by an earlier salvage, are none.
constexpr std::string_view kGaps = R"(
  SELECT first, last FROM (
    SELECT lag(id, 1, (SELECT coalesce(max(through_id), 0) FROM audit_checkpoint))
             OVER (ORDER BY id) + 1 AS first,
           id - 1 AS last FROM audit
    UNION ALL
    SELECT max((SELECT coalesce(max(id), 0) FROM audit),
               (SELECT coalesce(max(through_id), 0) FROM audit_checkpoint)) + 1, seq
    FROM sqlite_sequence WHERE name = 'audit')
  WHERE first <= last AND NOT EXISTS (
    SELECT 1 FROM audit WHERE operation = 'break' AND record_id = first || '-' || last)
  ORDER BY first)";

// So that damaged pages are met when they are read, and not before.
SQLite::Database OpenDamaged(const std::string& path) {
  SQLite::Database db(path, SQLite::OPEN_READONLY, 10'000);
  store::RegisterSha3(db);
  db.exec("PRAGMA writable_schema = ON; PRAGMA query_only = ON");
  return db;
}

// How much of what the file says about its tables can be read.
enum class Schema { nothing, part, whole };

bool Answers(SQLite::Database& db, const char* sql) {
  try {
    return db.execAndGet(sql).getInt() > 0;
  } catch (const SQLite::Exception&) {
    return false;
  }
}

// SQLite has the tables up to the page of its schema that it could not read.
Schema SchemaOf(SQLite::Database& db) {
  if (Answers(db, "SELECT count(*) FROM sqlite_schema")) return Schema::whole;
  return Answers(db, "SELECT count(*) FROM pragma_table_info('connection')") ? Schema::part
                                                                             : Schema::nothing;
}

std::vector<std::pair<std::string, std::string>> TakeTriggersOff(SQLite::Database& db) {
  std::vector<std::pair<std::string, std::string>> triggers;
  {
    SQLite::Statement rows(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'");
    while (rows.executeStep())
      triggers.emplace_back(rows.getColumn(0).getString(), rows.getColumn(1).getString());
  }
  for (const auto& [name, sql] : triggers) db.exec("DROP TRIGGER " + name);
  return triggers;
}

std::int64_t AuditNumbersGiven(SQLite::Database& from) {
  try {
    SQLite::Statement row(from, "SELECT seq FROM sqlite_sequence WHERE name = 'audit'");
    return row.executeStep() ? row.getColumn(0).getInt64() : 0;
  } catch (const SQLite::Exception&) {
    return 0;
  }
}

// The highest number ever given decides where the chain goes on.
void KeepAuditNumbers(SQLite::Database& to, std::int64_t given) {
  SQLite::Statement known(to, "SELECT 1 FROM sqlite_sequence WHERE name = 'audit'");
  const bool has = known.executeStep();
  static_cast<void>(known.tryReset());
  SQLite::Statement keep(to,
                         has ? "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'audit'"
                             : "INSERT INTO sqlite_sequence(name, seq) VALUES ('audit', ?1)");
  keep.bind(1, given);
  keep.exec();
}

// In one transaction of the new database, with its triggers and references off.
void CopyTables(SQLite::Database& from, SQLite::Database& to, bool whole_schema,
                SalvageReport* report) {
  to.exec("PRAGMA foreign_keys = OFF; PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
  const auto triggers = TakeTriggersOff(to);
  for (const auto& [table, with_row_ids] : kTables)
    report->tables.push_back(store::SalvageTable(from, to, table, with_row_ids, whole_schema));
  const auto lose = [&](const std::string& table, int rows) {
    for (SalvagedTable& each : report->tables) {
      if (each.name != table) continue;
      each.rows -= rows;
      each.lost += rows;
    }
  };
  for (const auto& [table, sql] : kOrphans) lose(table, to.exec(sql));
  // What follows a dropped one is judged anew.
  for (int dropped = to.exec(kDropBadEntries); dropped > 0; dropped = to.exec(kDropBadEntries))
    lose("audit", dropped);
  lose("audit_value", to.exec(kDropBadValues));
  to.exec(kForgetRecords);
  report->bases_lost = to.exec(kForgetUnreadableBases);
  KeepAuditNumbers(to, AuditNumbersGiven(from));
  for (const auto& [name, sql] : triggers) to.exec(sql);
  to.exec("COMMIT");
}

AuditEntry BreakEntry(const std::string& numbers, Instant now) {
  AuditEntry entry;
  entry.at = now;
  entry.record_kind = "audit";
  entry.record_id = numbers;
  entry.operation = "break";
  entry.reason = "the entries with these numbers were lost with a damaged database file";
  entry.rule = ToString(GenerationOrigin::salvaged);
  entry.cause = "rebuild";
  return entry;
}

void RecordBreaks(Session& session, Instant now, SalvageReport* report) {
  session.Write([&] {
    {
      store::Query query(session, kGaps);
      while (query.Next()) report->audit_breaks.push_back(query.Text(0) + "-" + query.Text(1));
    }
    for (const std::string& numbers : report->audit_breaks)
      store::AppendAudit(session, ConnectionName{}, BreakEntry(numbers, now), nullptr);
  });
}

bool IsDamage(const SQLite::Exception& error) {
  const int code = error.getErrorCode() & 0xff;
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

// The first line of what SQLite finds wrong; nothing when all is well.
std::optional<std::string> FirstProblem(Session& session) {
  return session.Read([&]() -> std::optional<std::string> {
    store::Query integrity(session, "PRAGMA integrity_check(1)");
    if (integrity.Next() && integrity.Text(0) != "ok") return integrity.Text(0);
    store::Query references(session, "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1");
    if (references.Next())
      return "a row of the table '" + references.Text(0) + "' refers to one that is not there";
    return std::nullopt;
  });
}

}  // namespace

StoreExamination ExamineStore(const std::string& path) {
  if (!store::FileExists(path)) return {StoreCondition::absent, ""};
  try {
    // Outside of Guarded, damage is one of the answers.
    SQLite::Database db(path, SQLite::OPEN_READONLY, 10'000);
    if (db.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0)
      return {StoreCondition::empty, ""};
  } catch (const SQLite::Exception& error) {
    if (IsDamage(error)) return {StoreCondition::damaged, error.what()};
    store::ThrowStoreError(path, error);
  }
  Session session(path, Access::read);
  try {
    const store::FileVersion file = store::ReadVersion(session);
    store::RefuseNewer(path, file, store::Migrations().back().version);
    const auto problem = FirstProblem(session);
    return {problem ? StoreCondition::damaged : StoreCondition::sound, problem.value_or("")};
  } catch (const store::DamagedError& damage) {
    return {StoreCondition::damaged, damage.what()};
  }
}

SalvageReport SalvageStore(const std::string& damaged, const std::string& fresh, Clock& clock) {
  SalvageReport report;
  if (store::FileExists(fresh))
    throw std::runtime_error("'" + fresh + "' is in the way; remove it and try again");
  Session session(fresh, Access::write);
  store::BringUpToDate(session, store::Migrations());
  Guarded(damaged, [&] {
    SQLite::Database from = OpenDamaged(damaged);
    const Schema schema = SchemaOf(from);
    if (schema == Schema::nothing) return;
    Guarded(fresh, [&] {
      SQLite::Database to(fresh, SQLite::OPEN_READWRITE, 10'000);
      store::RegisterSha3(to);
      CopyTables(from, to, schema == Schema::whole, &report);
    });
  });
  if (!report.tables.empty()) RecordBreaks(session, clock.Now(), &report);
  session.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return report;
}

}  // namespace cosell

#include <array>
#include <functional>
#include <stdexcept>

#include "base/text.h"
#include "tests/store/store_fixture.h"

namespace cosell::store {
namespace {

std::string Source(const std::string& file) {
  return ReadFile(std::string(COSELL_SOURCE_DIR) + "/" + file);
}

// SQL without comments and layout.
std::string Bare(const std::string& sql) {
  constexpr std::string_view kPunctuation = "(),";
  std::string bare;
  for (const std::string& line : Split(sql, '\n')) {
    for (const char c : line.substr(0, line.find("--")) + " ") {
      const bool after_gap = bare.empty() || bare.back() == ' ' ||
                             kPunctuation.find(bare.back()) != std::string_view::npos;
      if (c == ' ' && after_gap) continue;
      if (kPunctuation.find(c) != std::string_view::npos && bare.ends_with(' ')) bare.pop_back();
      bare += c;
    }
  }
  return bare;
}

// "  c.name AS connection," and the last line of a longer expression. Inner ones stand further in.
bool EndsColumn(const std::string& line) {
  const auto name = line.rfind(" AS ");
  return line.starts_with("  ") && !line.starts_with("   ") && !line.starts_with("  --") &&
         name != std::string::npos && line.find_first_of(" ()", name + 4) == std::string::npos;
}

std::vector<std::string> Normalised(SQLite::Database& db) {
  std::vector<std::string> objects;
  SQLite::Statement statement(db,
                              "SELECT type, name, tbl_name, sql FROM sqlite_schema "
                              "WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name");
  while (statement.executeStep()) {
    objects.push_back(
        statement.getColumn(0).getString() + " " + statement.getColumn(1).getString() + " " +
        statement.getColumn(2).getString() + ": " + Bare(statement.getColumn(3).getString()));
  }
  return objects;
}

// A later program: it knows one more migration than this one.
constexpr int kLaterVersion = 1001;

std::vector<Migration> AndThen(std::string_view sql) {
  std::vector<Migration> migrations(Migrations().begin(), Migrations().end());
  migrations.push_back({kLaterVersion, sql});
  return migrations;
}

const std::vector<Migration> kLater = AndThen(
    "ALTER TABLE connection ADD COLUMN region TEXT NOT NULL DEFAULT '';"
    "UPDATE meta SET value = 1001");

int Known() { return Migrations().back().version; }

using SchemaTest = StoreTest;

TEST_F(SchemaTest, MigrationsAndSchemaAgree) {
  SQLite::Database readable(":memory:", SQLite::OPEN_READWRITE);
  readable.exec(Source("schema/schema.sql"));
  readable.exec(Source("schema/views.sql"));
  SQLite::Database migrated(path_, SQLite::OPEN_READONLY);
  EXPECT_GT(Normalised(readable).size(), 20u);
  EXPECT_EQ(Normalised(migrated), Normalised(readable));
}

TEST_F(SchemaTest, EveryTableIsStrict) {
  EXPECT_EQ(Ask("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND "
                "name NOT LIKE 'sqlite_%' AND NOT strict"),
            std::vector<std::string>{});
}

// The comments are in the file: `.schema links` shows them in any shell.
TEST_F(SchemaTest, EveryColumnOfAViewIsCommented) {
  int columns = 0;
  for (const std::string& view : Ask("SELECT sql FROM sqlite_schema WHERE type = 'view'")) {
    std::string line_before;
    for (const std::string& line : Split(view, '\n')) {
      if (EndsColumn(line)) {
        ++columns;
        EXPECT_TRUE(Trim(line_before).starts_with("--")) << line;
      }
      line_before = line;
    }
  }
  EXPECT_GT(columns, 50);
}

TEST_F(SchemaTest, SettingsOfTheFile) {
  SQLite::Database db(path_, SQLite::OPEN_READONLY);
  EXPECT_EQ(db.execAndGet("PRAGMA journal_mode").getString(), "wal");
  EXPECT_EQ(db.execAndGet("PRAGMA page_size").getInt(), 16384);
  EXPECT_EQ(Ask("SELECT value FROM meta ORDER BY key"),
            std::vector<std::string>(2, std::to_string(Known())));
}

TEST_F(SchemaTest, ViewsHaveExactlyTheColumnsOfTheContract) {
  const std::vector<std::pair<std::string, std::string>> contract = {
      {"links", "connection,referral_id,crm_id,record_kind,state,reason,last_synced_at"},
      {"audit_log",
       "id,at,connection,side,record_kind,record_id,referral_id,operation,field,before,after,"
       "reason,rule,cause,run_id,correlation_id,outcome,duration_ms,hash,request_id"},
      {"field_history", "connection,referral_id,crm_id,field,value,side,at,cause,superseded_by"},
      {"open_conflicts",
       "connection,referral_id,crm_id,field,base,partner_center_value,crm_value,since"},
      {"sync_status",
       "connection,mode,state,reason,last_event_at,last_sweep_at,lag_s,links,open_conflicts,"
       "quarantined"},
      {"sync_runs",
       "id,connection,kind,started_at,finished_at,read,planned,written,failed,conflicts,outcome"},
      {"record_history",
       "connection,side,record_id,field,value,changed_at,seen_at,source,detail,deleted"},
      {"link_history", "connection,link,at,referral_id,crm_id,record_kind,state,reason"},
      {"audit_checkpoints", "through_id,hash,through_at,pruned_at"},
      {"gap_certificates",
       "id,connection,cause,from_at,until_at,closed_at,whole,referrals_new,referrals_changed,"
       "crm_records_new,crm_records_changed,crm_records_gone,events_missing,links,written,"
       "unchanged,conflicting,set_aside,waiting,left_alone,ended,without_link,"
       "writes_partner_center,writes_crm,doubted,audit_from,audit_until"},
      {"generations", "number,id,began_at,origin,reason,marked_at"}};
  for (const auto& [view, columns] : contract) {
    EXPECT_EQ(Ask("SELECT group_concat(name) FROM pragma_table_info('" + view + "')").at(0),
              columns);
  }
  EXPECT_EQ(Ask("SELECT count(*) FROM sqlite_schema WHERE type = 'view'").at(0),
            std::to_string(contract.size()));
}

TEST_F(SchemaTest, ViewsShowWhatIsThere) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  Changes changes;
  changes.links = {LinkNow(id)};
  changes.links[0].state = LinkState::quarantined;
  changes.links[0].reason = "refused";
  changes.links[0].last_synced_at = At("2026-03-01T08:59:59.5Z");
  changes.conflicts = {{{id, "name", "", "b", "c", clock_.Now()}, false}};
  changes.history = {{id, "name", "b", Side::partner_center, clock_.Now(), "event 1", ""}};
  store_->Commit(contoso_, changes);
  EXPECT_EQ(Ask("SELECT json_array(connection, referral_id, crm_id, record_kind, state, reason, "
                "last_synced_at) FROM links"),
            std::vector<std::string>{R"(["contoso","referral-1","crm-1","opportunity",)"
                                     R"("quarantined","refused","2026-03-01T08:59:59.500Z"])"});
  EXPECT_EQ(Ask("SELECT json_array(referral_id, field, base, partner_center_value, crm_value, "
                "since) FROM open_conflicts"),
            std::vector<std::string>{R"(["referral-1","name",null,"b","c",)"
                                     R"("2026-03-01T09:00:00.000Z"])"});
  EXPECT_EQ(Ask("SELECT json_array(crm_id, field, value, side, at, cause, superseded_by) "
                "FROM field_history"),
            std::vector<std::string>{R"(["crm-1","name","b","partner_center",)"
                                     R"("2026-03-01T09:00:00.000Z","event 1",null])"});
  EXPECT_EQ(Ask("SELECT json_array(connection, mode, state, reason, last_event_at, links, "
                "open_conflicts, quarantined) FROM sync_status"),
            std::vector<std::string>{R"(["contoso","live","ready",null,null,1,1,1])"});
  EXPECT_EQ(Ask("SELECT lag_s > 0 FROM sync_status").at(0),
            Ask("SELECT strftime('%s', 'now') > strftime('%s', '2026-03-01T09:00:00')").at(0));
}

TEST_F(SchemaTest, RowsOfAViewWithTheirTypes) {
  ReadAndLink("referral-1", "crm-1");
  int rows = 0;
  ReadView(path_, OperatorView::sync_status,
           [&](std::span<const std::string> columns, std::span<const ViewValue> values) {
             ++rows;
             ASSERT_EQ(columns.size(), 10u);
             EXPECT_EQ(columns[0], "connection");
             EXPECT_EQ(values[0], ViewValue("contoso"));
             EXPECT_EQ(values[3], ViewValue());
             EXPECT_EQ(values[7], ViewValue(std::int64_t{1}));
           });
  EXPECT_EQ(rows, 1);
  std::string names;
  for (const OperatorView view :
       {OperatorView::links, OperatorView::audit_log, OperatorView::field_history,
        OperatorView::open_conflicts, OperatorView::sync_runs, OperatorView::audit_checkpoints}) {
    ReadView(path_, view,
             [&](std::span<const std::string> columns, auto) { names += columns[1] + " "; });
  }
  EXPECT_EQ(names, "referral_id ") << "only one link is there";
}

// --- versions

TEST_F(SchemaTest, NewerFileIsRefusedWithBothVersions) {
  Close();
  SQLite::Database(path_, SQLite::OPEN_READWRITE).exec("UPDATE meta SET value = 1007");
  for (const auto& open :
       std::vector<std::function<void()>>{[&] {
                                            OpenStore({path_, &clock_, nullptr});
                                          },
                                          [&] { OpenReadOnlyStore(path_); },
                                          [&] { Migrate(path_); }, [&] { VerifyAudit(path_); }}) {
    try {
      open();
      ADD_FAILURE() << "opened";
    } catch (const std::runtime_error& error) {
      const std::string text = error.what();
      EXPECT_NE(text.find("schema version 1007"), std::string::npos) << text;
      EXPECT_NE(text.find("knows version " + std::to_string(Known())), std::string::npos) << text;
      EXPECT_NE(text.find(path_), std::string::npos) << text;
    }
  }
}

TEST_F(SchemaTest, NewerFileThatStillAllowsThisProgram) {
  Close();
  SQLite::Database(path_, SQLite::OPEN_READWRITE)
      .exec("UPDATE meta SET value = 1007 WHERE key = 'schema_version'");
  Open();
  EXPECT_EQ(store_->Status(clock_.Now()).size(), 1u);
  Close();
  EXPECT_THROW(Migrate(path_), std::runtime_error);
}

TEST_F(SchemaTest, OlderFileIsCopiedThenMigrated) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  Close();
  {
    SqliteStore later({path_, &clock_, nullptr}, kLater);
    EXPECT_TRUE(later.LoadLink(contoso_, id));
    EXPECT_EQ(Ask("SELECT region FROM connection"), std::vector<std::string>{""});
  }
  EXPECT_THROW(Open(), std::runtime_error) << "this program is now the older one";

  // The copy is the file as it was, and this program can still use it.
  path_ += ".before-v" + std::to_string(kLaterVersion);
  Open();
  EXPECT_TRUE(store_->LoadLink(contoso_, id));
  EXPECT_EQ(Ask("SELECT value FROM meta LIMIT 1").at(0), std::to_string(Known()));
}

TEST_F(SchemaTest, FailedMigrationLeavesTheFileAsItWas) {
  Close();
  const auto broken =
      AndThen("CREATE TABLE half(a); UPDATE meta SET value = 1001; SELECT nonsense");
  EXPECT_THROW(SqliteStore({path_, &clock_, nullptr}, broken), std::runtime_error);
  EXPECT_EQ(Ask("SELECT name FROM sqlite_schema WHERE name = 'half'"), std::vector<std::string>{});
  Open();

  // The next try does not overwrite the first copy.
  Close();
  SqliteStore({path_, &clock_, nullptr}, kLater);
  EXPECT_TRUE(std::filesystem::exists(PathOf(path_ + ".before-v1001.2")));
}

TEST_F(SchemaTest, MigrateReportsWhatItDid) {
  const MigrationResult nothing = Migrate(path_);
  EXPECT_EQ(nothing.from, Known());
  EXPECT_EQ(nothing.to, Known());
  EXPECT_EQ(nothing.copy, "");
  const MigrationResult fresh = Migrate(folder_.File("fresh.db"));
  EXPECT_EQ(fresh.from, 0);
  EXPECT_EQ(fresh.to, Known());
  EXPECT_EQ(fresh.copy, "") << "an empty file needs none";
}

// What version 1 left different was left so by a rule: no disagreement to be repaired now.
TEST_F(SchemaTest, FieldsThatStoodApartInVersion1AreMarkedAsMeantSo) {
  const std::string path = folder_.File("version-1.db");
  const std::array<Migration, 1> first = {{Migrations()[0]}};
  {
    SQLite::Database db(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    db.exec(std::string(first[0].sql));
    db.exec("INSERT INTO connection(id, name, mode) VALUES (1, 'contoso', 'live')");
    db.exec(R"(INSERT INTO link(connection_id, referral_id, crm_id, record_kind, state,
                                base_partner_center, base_crm) VALUES
      (1, 'r1', 'c1', 'opportunity', 'in_sync', '{"name":"Contoso","notes":null}',
       '{"name":"Contoso pilot","notes":null}'),
      (1, 'r2', 'c2', 'opportunity', 'in_sync', '{"name":"Fabrikam"}', NULL),
      (1, 'r3', 'c3', 'opportunity', 'pending', '', NULL))");
  }
  EXPECT_EQ(Migrate(path).to, Known());
  SQLite::Database db(path, SQLite::OPEN_READONLY);
  SQLite::Statement rows(db, "SELECT coalesce(base_crm, 'NULL') FROM link ORDER BY id");
  std::vector<std::string> bases;
  while (rows.executeStep()) bases.push_back(rows.getColumn(0).getString());
  EXPECT_EQ(bases,
            (std::vector<std::string>{R"({"name":"Contoso pilot","notes":null,"~apart":["name"]})",
                                      "NULL", "NULL"}));
}

TEST_F(SchemaTest, ForeignDatabaseIsLeftAlone) {
  const std::string path = folder_.File("shop.db");
  SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE meta(a); INSERT INTO meta VALUES (1)");
  const std::string before = ReadFile(path);
  EXPECT_THROW(OpenStore({path, &clock_, nullptr}), std::runtime_error);
  EXPECT_EQ(ReadFile(path), before);
}

// --- readers

TEST_F(SchemaTest, ReaderSeesWhatTheWriterCommits) {
  const auto reader = OpenReadOnlyStore(path_);
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  EXPECT_EQ(reader->LoadLink(contoso_, id)->link.referral_id.text, "referral-1");
  EXPECT_EQ(reader->DueLinks(contoso_, clock_.Now(), 10).size(), 1u);
  WorkedOn(id);
  EXPECT_TRUE(reader->DueLinks(contoso_, clock_.Now(), 10).empty());
  EXPECT_EQ(reader->Status(clock_.Now()).at(0).links_by_state.at("in_sync"), 1);
}

TEST_F(SchemaTest, ReaderWorksWhileATransactionIsOpen) {
  const auto reader = OpenReadOnlyStore(path_);
  SQLite::Database writer(path_, SQLite::OPEN_READWRITE);
  writer.exec("BEGIN IMMEDIATE; UPDATE connection SET mode = 'shadow'");
  EXPECT_EQ(reader->Status(clock_.Now()).at(0).mode, "live");
  writer.exec("COMMIT");
  EXPECT_EQ(reader->Status(clock_.Now()).at(0).mode, "shadow");
}

TEST_F(SchemaTest, ReaderWritesNothing) {
  Close();
  const auto reader = OpenReadOnlyStore(path_);
  EXPECT_THROW(reader->OpenConnection(contoso_, "shadow"), std::logic_error);
  EXPECT_THROW(reader->AppendEvent(Event{}), std::logic_error);
  EXPECT_THROW(reader->Commit(contoso_, {}), std::logic_error);
  EXPECT_EQ(reader->Status(clock_.Now()).at(0).mode, "live");
}

TEST_F(SchemaTest, ReaderDoesNotCreateAFile) {
  const std::string path = folder_.File("absent.db");
  EXPECT_THROW(OpenReadOnlyStore(path), std::runtime_error);
  EXPECT_EQ(ReadFile(path), "");
}

// --- backup

TEST_F(SchemaTest, BackupIsACompleteStore) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  const std::string copy = folder_.File("backup.db");
  BackupStore(path_, copy);
  EXPECT_THROW(BackupStore(path_, copy), std::runtime_error) << "never overwrites";
  Close();
  path_ = copy;
  Open();
  EXPECT_TRUE(store_->LoadLink(contoso_, id)->crm);
  EXPECT_EQ(Ask("PRAGMA journal_mode"), std::vector<std::string>{"wal"});
  EXPECT_EQ(Ask("PRAGMA page_size"), std::vector<std::string>{"16384"});
}

}  // namespace
}  // namespace cosell::store

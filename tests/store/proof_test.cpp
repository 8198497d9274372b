#include <nlohmann/json.hpp>

#include "base/text.h"
#include "model/digest.h"
#include "tests/store/store_fixture.h"

// What the audit proves: random tampering is found, old entries go without breaking the chain, and
// an export holds everything.
namespace cosell::store {
namespace {

using Json = nlohmann::json;

class ProofTest : public StoreTest {
 protected:
  // `count` entries a day apart; fields by turns none, one and two.
  void WriteChain(int count) {
    for (int number = 1; number <= count; ++number) {
      Changes changes;
      changes.audit = {Entry(number)};
      store_->Commit(contoso_, changes);
    }
  }
  AuditEntry Entry(int number) {
    AuditEntry entry;
    entry.at = DayOf(number);
    entry.side = number % 2 == 0 ? Side::crm : Side::partner_center;
    entry.record_kind = "referral";
    entry.record_id = "record-" + std::to_string(number);
    entry.referral_id = "referral-1";
    entry.operation = "update";
    for (int field = 0; field < number % 3; ++field) {
      entry.changes.push_back({"field_" + std::to_string(field), "old " + std::to_string(number),
                               "new " + std::to_string(number), "", ""});
    }
    entry.reason = "the CRM changed it";
    entry.rule = "crm_changed";
    entry.cause = "poll";
    entry.run_id = "run-" + std::to_string(number / 4);
    entry.correlation_id = "correlation-" + std::to_string(number);
    entry.request_id = number % 4 == 0 ? "remote-" + std::to_string(number) : "";
    return entry;
  }
  static Instant DayOf(int number) {
    return At("2026-03-01T00:00:00Z") + std::chrono::days(number);
  }
  AuditAnchor AnchorAt(int id) {
    return {id, Ask("SELECT hash FROM audit WHERE id = " + std::to_string(id)).at(0), DayOf(id)};
  }
  std::optional<AuditProblem> Verify(const std::vector<AuditAnchor>& anchors = {}) {
    return StoreInspector(path_).VerifyAudit(anchors);
  }
  static std::string Said(const std::optional<AuditProblem>& problem) {
    return problem ? std::to_string(problem->entry_id) + ": " + problem->what : "";
  }
  std::vector<Json> Export(const AuditPeriod& period = {}) {
    std::vector<Json> lines;
    StoreInspector(path_).ExportAudit(
        period, [&](const std::string& line) { lines.push_back(Json::parse(line)); });
    return lines;
  }
  std::string InShell() {
    const std::string out = folder_.File("shell.txt");
    const std::string command = "sqlite3 -readonly \"" + path_ + "\" < \"" +
                                std::string(COSELL_SOURCE_DIR) + "/schema/verify_audit.sql\" > \"" +
                                out + "\" 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return std::string(TrimEnd(ReadFile(out)));
  }
};

// --- tampering

// Somebody who can write the file and knows how it is made.
class Saboteur {
 public:
  Saboteur(const std::string& path, int entries)
      : db_(path, SQLite::OPEN_READWRITE), entries_(entries) {
    db_.exec("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF");
    for (const char* trigger : {"audit_no_update", "audit_no_delete", "audit_only_append",
                                "audit_value_no_update", "audit_value_no_replace"}) {
      db_.exec(std::string("DROP TRIGGER ") + trigger);
    }
    db_.exec(
        "CREATE TEMP TABLE clean AS SELECT * FROM audit;"
        "CREATE TEMP TABLE clean_value AS SELECT * FROM audit_value;");
  }
  void Undo() {
    db_.exec(
        "BEGIN; DELETE FROM audit_value; DELETE FROM audit;"
        "INSERT INTO audit SELECT * FROM clean;"
        "INSERT INTO audit_value SELECT * FROM clean_value;"
        "UPDATE sqlite_sequence SET seq = " +
        std::to_string(entries_) + " WHERE name = 'audit'; COMMIT");
  }
  // Does one thing of those an auditor fears; returns the first entry that is not what it was, or
  // the first that is missing at the end.
  int Tamper(Random& random) {
    const int k = 1 + static_cast<int>(random.Below(static_cast<std::uint64_t>(entries_)));
    switch (random.Below(8)) {
      case 0:
        return EditText(k, random);
      case 1:
        Do("UPDATE audit SET hash = lower(hex(randomblob(32))) WHERE id = " + Text(k));
        return k;
      case 2:
        return EditValue(k);
      case 3:
        Do("DELETE FROM audit_value WHERE audit_id = " + Text(k) +
           "; DELETE FROM audit WHERE id = " + Text(k));
        return k == entries_ ? k : k + 1;
      case 4:
        return DeleteAndRenumber(k);
      case 5:
        return Swap(k, random);
      case 6:
        return CutTail(k);
      default:
        return WriteAnew(k);
    }
  }

 private:
  static std::string Text(int number) { return std::to_string(number); }
  void Do(const std::string& sql) { db_.exec("BEGIN; " + sql + "; COMMIT"); }

  int EditText(int k, Random& random) {
    constexpr const char* kColumns[] = {"connection", "record_kind", "record_id", "referral_id",
                                        "operation",  "field",       "reason",    "rule",
                                        "cause",      "run_id",      "outcome",   "correlation_id"};
    const std::string column = kColumns[random.Below(std::size(kColumns))];
    Do("UPDATE audit SET " + column + " = " + column + " || 'x' WHERE id = " + Text(k));
    return k;
  }
  // Of the next entry that has values.
  int EditValue(int k) {
    while (k % 3 == 0) k = k % entries_ + 1;
    Do("UPDATE audit_value SET after = after || '!' WHERE audit_id = " + Text(k));
    return k;
  }
  // The last one renumbers nothing: that is a cut end.
  int DeleteAndRenumber(int k) {
    Do("DELETE FROM audit_value WHERE audit_id >= " + Text(k) +
       "; DELETE FROM audit WHERE id = " + Text(k) + "; UPDATE audit SET id = id - 1 WHERE id > " +
       Text(k) + "; UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'audit'");
    return k;
  }
  int Swap(int k, Random& random) {
    int other = k;
    while (other == k)
      other = 1 + static_cast<int>(random.Below(static_cast<std::uint64_t>(entries_)));
    Do("DELETE FROM audit_value WHERE audit_id IN (" + Text(k) + ", " + Text(other) +
       "); UPDATE audit SET id = -1 WHERE id = " + Text(k) + "; UPDATE audit SET id = " + Text(k) +
       " WHERE id = " + Text(other) + "; UPDATE audit SET id = " + Text(other) + " WHERE id = -1");
    return std::min(k, other);
  }
  int CutTail(int k) {
    Do("DELETE FROM audit_value WHERE audit_id >= " + Text(k) + "; DELETE FROM audit WHERE id >= " +
       Text(k) + "; UPDATE sqlite_sequence SET seq = " + Text(k - 1) + " WHERE name = 'audit'");
    return k;
  }
  // Another reason, and every hash from there on made to fit again.
  int WriteAnew(int k) {
    std::string hash;
    if (k > 1) {
      hash = db_.execAndGet("SELECT hash FROM audit WHERE id = " + Text(k - 1)).getString();
    }
    db_.exec("BEGIN; UPDATE audit SET reason = 'nothing to see here' WHERE id = " + Text(k));
    for (int id = k; id <= entries_; ++id) {
      const std::string columns =
          "id, at, connection, side, record_kind, record_id, referral_id, operation, field, "
          "before_hash, after_hash, reason, rule, cause, run_id, correlation_id, outcome, "
          "duration_ms";
      hash = Sha3Hex(hash + db_.execAndGet("SELECT CASE WHEN request_id IS NULL THEN json_array(" +
                                           columns + ") ELSE json_array(" + columns +
                                           ", request_id) END FROM audit WHERE id = " + Text(id))
                                .getString());
      db_.exec("UPDATE audit SET hash = '" + hash + "' WHERE id = " + Text(id));
    }
    db_.exec("COMMIT");
    return k;
  }

  SQLite::Database db_;
  const int entries_;
};

TEST_F(ProofTest, TenThousandRandomTamperingsAreFoundAndTheFirstBadEntryIsNamed) {
  constexpr int kEntries = 9;
  WriteChain(kEntries);
  std::vector<AuditAnchor> anchors;
  for (int id = 1; id <= kEntries; ++id) anchors.push_back(AnchorAt(id));
  Close();
  StoreInspector inspector(path_);
  ASSERT_EQ(inspector.VerifyAudit(anchors), std::nullopt);
  Saboteur saboteur(path_, kEntries);
  SeededRandom random(20260301);
  for (int i = 0; i < 10'000; ++i) {
    const int expected = saboteur.Tamper(random);
    const auto problem = inspector.VerifyAudit(anchors);
    ASSERT_TRUE(problem) << "tampering " << i << " of entry " << expected << " was not found";
    ASSERT_EQ(problem->entry_id, expected) << "tampering " << i << ": " << problem->what;
    saboteur.Undo();
  }
  EXPECT_EQ(Said(inspector.VerifyAudit(anchors)), "");
}

TEST_F(ProofTest, AnAnchorShowsACutEndThatTheChainAloneDoesNot) {
  WriteChain(6);
  const AuditAnchor anchor = AnchorAt(5);
  Close();
  SQLite::Database db(path_, SQLite::OPEN_READWRITE);
  db.exec(
      "PRAGMA foreign_keys = OFF; DROP TRIGGER audit_no_delete;"
      "DELETE FROM audit WHERE id > 3; UPDATE sqlite_sequence SET seq = 3 WHERE name = 'audit'");
  EXPECT_EQ(Said(Verify()), "");
  EXPECT_EQ(Said(Verify({anchor})),
            "4: entries at the end are missing: 4 to at least 5, which the anchor of "
            "2026-03-06T00:00:00Z names");
}

TEST_F(ProofTest, ExtentTellsHeadAndCheckpoint) {
  EXPECT_FALSE(StoreInspector(path_).Extent().head);
  WriteChain(3);
  const AuditExtent extent = StoreInspector(path_).Extent();
  EXPECT_EQ(extent.entries, 3);
  EXPECT_EQ(extent.head->id, 3);
  EXPECT_EQ(extent.head->hash, AnchorAt(3).hash);
  EXPECT_EQ(extent.head->at, DayOf(3));
  EXPECT_FALSE(extent.checkpoint);
}

// --- retention

TEST_F(ProofTest, OldEntriesGoAndTheChainStaysVerifiable) {
  WriteChain(8);
  const auto anchors = std::vector{AnchorAt(2), AnchorAt(5), AnchorAt(7)};
  EXPECT_EQ(store_->PruneAudit(DayOf(6)), 5);
  EXPECT_EQ(Ask("SELECT id FROM audit ORDER BY id"),
            (std::vector<std::string>{"6", "7", "8", "9"}));
  EXPECT_EQ(Ask("SELECT count(*) FROM audit_value WHERE audit_id < 6").at(0), "0");
  EXPECT_EQ(Said(Verify(anchors)), "") << "anchors before the checkpoint count for nothing";
  EXPECT_EQ(InShell(), "");
  EXPECT_EQ(
      Ask("SELECT operation || ' ' || reason FROM audit WHERE id = 9").at(0),
      "prune entries up to 5, written before 2026-03-07T00:00:00Z, were removed for their age");
  EXPECT_EQ(Ask("SELECT through_id || ' ' || through_at FROM audit_checkpoints").at(0),
            "5 2026-03-06T00:00:00.000Z");
  EXPECT_EQ(StoreInspector(path_).Extent().checkpoint->hash, anchors[1].hash);

  EXPECT_EQ(store_->PruneAudit(DayOf(6)), 0) << "nothing is old enough any more";
  WriteChain(2);
  EXPECT_EQ(Said(Verify()), "");
}

TEST_F(ProofTest, EverythingMayGoButNotTheChain) {
  WriteChain(3);
  EXPECT_EQ(store_->PruneAudit(DayOf(100)), 3);
  EXPECT_EQ(Ask("SELECT id FROM audit"), std::vector<std::string>{"4"});
  EXPECT_EQ(Said(Verify()), "");
  EXPECT_EQ(store_->PruneAudit(DayOf(30'000)), 1);
  EXPECT_EQ(Said(Verify()), "");
  EXPECT_EQ(InShell(), "");
}

TEST_F(ProofTest, AYoungEntryKeepsTheOlderOnesBehindIt) {
  WriteChain(4);
  Changes changes;
  changes.audit = {Entry(1)};  // the clock was set back
  store_->Commit(contoso_, changes);
  EXPECT_EQ(store_->PruneAudit(DayOf(3)), 2);
  EXPECT_EQ(Ask("SELECT id FROM audit ORDER BY id"),
            (std::vector<std::string>{"3", "4", "5", "6"}));
  EXPECT_EQ(Said(Verify()), "");
}

TEST_F(ProofTest, NobodyElseRemovesEntries) {
  WriteChain(5);
  store_->PruneAudit(DayOf(3));
  SQLite::Database db(path_, SQLite::OPEN_READWRITE);
  for (const char* sql : {"DELETE FROM audit WHERE id = 4", "DELETE FROM audit_checkpoint",
                          "UPDATE audit_checkpoint SET hash = 'x'",
                          "INSERT INTO audit_checkpoint VALUES (2, 'x', 0, 0)",
                          "INSERT INTO audit_checkpoint VALUES (4, 'not its hash', 0, 0)"}) {
    EXPECT_THROW(db.exec(sql), SQLite::Exception) << sql;
  }
  EXPECT_EQ(Said(Verify()), "");
}

TEST_F(ProofTest, TamperingAfterACheckpointIsFound) {
  WriteChain(6);
  store_->PruneAudit(DayOf(4));
  Close();
  SQLite::Database db(path_, SQLite::OPEN_READWRITE);
  db.exec("DROP TRIGGER audit_no_update; UPDATE audit SET rule = 'x' WHERE id = 4");
  EXPECT_EQ(Said(Verify()), "4: its text was changed");
  EXPECT_EQ(InShell(), "4|its text was changed");
}

// --- export

TEST_F(ProofTest, AnExportHasEveryColumnAndWhatProvesTheValues) {
  WriteChain(4);
  const auto lines = Export();
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0]["kind"], "export");
  EXPECT_EQ(lines[0]["head"]["hash"], lines[4]["hash"]);
  std::vector<std::string> columns;
  for (const std::string& column : Ask("SELECT name FROM pragma_table_info('audit_log')")) {
    EXPECT_TRUE(lines[1].contains(column)) << column;
  }
  const Json& one = lines[1];
  EXPECT_EQ(one["at"], "2026-03-02T00:00:00Z");
  EXPECT_EQ(one["before"], "old 1");
  EXPECT_EQ(one["after_hash"],
            Sha3Hex(one["value_salt"].get<std::string>() + one["after"].get<std::string>()));
  EXPECT_EQ(Json::parse(lines[2]["after"].get<std::string>())["field_1"], "new 2");
  EXPECT_EQ(lines[3]["value_salt"], nullptr);
  EXPECT_EQ(lines[4]["request_id"], "remote-4");
}

TEST_F(ProofTest, AnExportEndsWithThePairsAndTheirBases) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  Changes changes;
  changes.links = {LinkNow(id)};
  changes.links[0].base_partner_center = R"({"name":"Contoso","notes":null})";
  changes.links[0].base_crm = R"({"name":"Contoso pilot","notes":null,"~apart":["name"]})";
  store_->Commit(contoso_, changes);
  const Json pair = Export().back();
  EXPECT_EQ(pair["kind"], "pair");
  EXPECT_EQ(pair["referral_id"], "referral-1");
  EXPECT_EQ(pair["base_partner_center"], (Json{{"name", "Contoso"}, {"notes", nullptr}}));
  EXPECT_EQ(pair["base_crm"]["~apart"], Json::array({"name"}));
}

TEST_F(ProofTest, APeriodIsExportedWithoutItsEnd) {
  WriteChain(6);
  AuditPeriod period;
  period.from = DayOf(2);
  period.to = DayOf(4);
  const auto lines = Export(period);
  ASSERT_EQ(lines.size(), 3u) << "and no pairs: they are of now";
  EXPECT_EQ(lines[1]["id"], 2);
  EXPECT_EQ(lines[2]["id"], 3);
}

// --- views

// What people ask the views for follows an index, however long the audit is.
TEST_F(ProofTest, ConditionsOnViewsUseIndexes) {
  const std::pair<const char*, const char*> questions[] = {
      {"audit_log WHERE at >= '2026-03-01' AND at < '2026-04-01'", "audit_at"},
      {"audit_log WHERE referral_id = 'r'", "audit_referral"},
      {"audit_log WHERE record_id = 'r'", "audit_record"},
      {"audit_log WHERE correlation_id = 'c'", "audit_correlation"},
      {"audit_log WHERE run_id = 'x'", "audit_run"},
      {"links WHERE connection = 'contoso' AND referral_id = 'r'", "link_referral"},
      {"links WHERE connection = 'contoso' AND crm_id = 'r'", "link_crm"},
      {"links WHERE connection = 'contoso' AND state = 'quarantined'", "link_state"},
      {"field_history WHERE connection = 'contoso' AND referral_id = 'r' AND field = 'name'",
       "field_change_link"},
      {"open_conflicts WHERE connection = 'contoso' AND referral_id = 'r'", "link_referral"},
      {"record_history WHERE connection = 'contoso' AND side = 'crm' AND record_id = 'r'",
       "record_change_record"},
      {"link_history WHERE link = 7", "link_change_link"},
      {"sync_runs WHERE id = 'x'", "sqlite_autoindex_run_1"},
  };
  SQLite::Database db(path_, SQLite::OPEN_READONLY);
  for (const auto& [question, index] : questions) {
    SQLite::Statement plan(db, std::string("EXPLAIN QUERY PLAN SELECT * FROM ") + question);
    std::string told;
    while (plan.executeStep()) told += plan.getColumn(3).getString() + "\n";
    EXPECT_NE(told.find(index), std::string::npos) << question << "\n" << told;
    EXPECT_EQ(told.find("SCAN a\n"), std::string::npos) << question << "\n" << told;
  }
}

}  // namespace
}  // namespace cosell::store

#include "base/text.h"
#include "model/digest.h"
#include "tests/store/store_fixture.h"

namespace cosell::store {
namespace {

AuditEntry Entry(int number, std::vector<FieldChange> changes) {
  AuditEntry entry;
  entry.at = At("2026-03-01T09:00:00.25Z") + std::chrono::seconds(number);
  entry.side = Side::crm;
  entry.record_kind = "opportunity";
  entry.record_id = "crm-" + std::to_string(number);
  entry.referral_id = "referral-" + std::to_string(number);
  entry.operation = "update";
  entry.changes = std::move(changes);
  entry.reason = "Partner Center changed \"name\"\nof the deal";
  entry.rule = "partner_center_changed";
  entry.cause = "event 7";
  entry.run_id = "run-1";
  entry.correlation_id = "correlation-" + std::to_string(number);
  entry.outcome = AuditOutcome::done;
  entry.duration_ms = 120 + number;
  return entry;
}

class AuditTest : public StoreTest {
 protected:
  void Append(const AuditEntry& entry) {
    Changes changes;
    changes.audit = {entry};
    store_->Commit(contoso_, changes);
  }
  // Five entries: one field, several, a create without before, none, one field again.
  void WriteFiveEntries() {
    Append(Entry(1, {{"name", "Contoso", "Contoso pil\u00f6t", "", ""}}));
    Append(Entry(2, {{"name", "a", "b", "", ""}, {"value", "", "84500", "", ""}}));
    Append(Entry(3, {{"name", "", "Fabrikam renewal", "", ""}}));
    AuditEntry told = Entry(4, {});
    told.request_id = "remote-4";
    Append(told);
    Append(Entry(5, {{"value", "1", "2", "", ""}}));
  }
  // What an operator does: the stock shell and the file of schema/.
  std::string VerifyInShell() {
    const std::string out = folder_.File("verify.txt");
    const std::string command =
        "sqlite3 -readonly " + Quoted(path_) + " < " +
        Quoted(std::string(COSELL_SOURCE_DIR) + "/schema/verify_audit.sql") + " > " + Quoted(out) +
        " 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << ReadFile(out);
    return std::string(TrimEnd(ReadFile(out)));
  }
  static std::string Quoted(const std::string& path) { return "\"" + path + "\""; }

  // Both ways must say the same. "" when the chain is intact, else "<id>|<problem>".
  std::string Verify() {
    const std::string shell = VerifyInShell();
    const auto problem = VerifyAudit(path_);
    EXPECT_EQ(shell, problem ? std::to_string(problem->entry_id) + "|" + problem->what : "");
    return shell;
  }
  // Somebody who can write the file and has removed the triggers.
  void Tamper(const std::string& sql) {
    SQLite::Database db(path_, SQLite::OPEN_READWRITE);
    db.exec("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF");
    for (const char* trigger : {"audit_no_update", "audit_no_delete", "audit_only_append",
                                "audit_value_no_update", "audit_value_no_replace"}) {
      db.exec(std::string("DROP TRIGGER IF EXISTS ") + trigger);
    }
    db.exec(sql);
  }
};

TEST_F(AuditTest, EmptyChainIsIntact) { EXPECT_EQ(Verify(), ""); }

TEST_F(AuditTest, ChainIsIntactInProgramAndShell) {
  WriteFiveEntries();
  EXPECT_EQ(Count("audit"), 5);
  EXPECT_EQ(Verify(), "");
  Close();
  Open();
  Append(Entry(6, {{"name", "x", "y", "", ""}}));
  EXPECT_EQ(Verify(), "");
}

TEST_F(AuditTest, HashIsSha3OfThePreviousHashAndTheText) {
  WriteFiveEntries();
  const std::string first = Ask("SELECT hash FROM audit WHERE id = 1").at(0);
  const std::string text =
      Ask("SELECT json_array(id, at, connection, side, record_kind, record_id, referral_id, "
          "operation, "
          "field, before_hash, after_hash, reason, rule, cause, run_id, correlation_id, outcome, "
          "duration_ms) FROM audit WHERE id = 2")
          .at(0);
  EXPECT_EQ(Ask("SELECT hash FROM audit WHERE id = 2").at(0), Sha3Hex(first + text));
  const std::string salt = Ask("SELECT value_salt FROM audit_value WHERE audit_id = 1").at(0);
  EXPECT_EQ(salt.size(), 32u);
  EXPECT_EQ(Ask("SELECT before_hash FROM audit WHERE id = 1").at(0), Sha3Hex(salt + "Contoso"));
  EXPECT_EQ(text.find("84500"), std::string::npos) << "values stay outside the chain";
}

TEST_F(AuditTest, LogShowsValuesPlainForOneFieldAndAsObjectForSeveral) {
  WriteFiveEntries();
  EXPECT_EQ(Ask("SELECT field FROM audit_log ORDER BY id"),
            (std::vector<std::string>{"name", "name,value", "name", "NULL", "value"}));
  EXPECT_EQ(
      Ask("SELECT before FROM audit_log ORDER BY id"),
      (std::vector<std::string>{"Contoso", R"({"name":"a","value":null})", "NULL", "NULL", "1"}));
  EXPECT_EQ(Ask("SELECT after FROM audit_log ORDER BY id"),
            (std::vector<std::string>{"Contoso pil\u00f6t", R"({"name":"b","value":"84500"})",
                                      "Fabrikam renewal", "NULL", "2"}));
  EXPECT_EQ(Ask("SELECT at FROM audit_log WHERE id = 1").at(0), "2026-03-01T09:00:01.250Z");
  EXPECT_EQ(Ask("SELECT connection || ' ' || outcome || ' ' || duration_ms FROM audit_log "
                "WHERE id = 2")
                .at(0),
            "contoso done 122");
}

TEST_F(AuditTest, ErasedValuesLeaveTheChainIntact) {
  WriteFiveEntries();
  SQLite::Database db(path_, SQLite::OPEN_READWRITE);
  db.exec("DELETE FROM audit_value WHERE audit_id IN (1, 2)");
  EXPECT_EQ(Verify(), "");
  EXPECT_EQ(Ask("SELECT before FROM audit_log WHERE id = 1").at(0), "NULL");
}

TEST_F(AuditTest, TriggersRefuseEveryChange) {
  WriteFiveEntries();
  SQLite::Database db(path_, SQLite::OPEN_READWRITE);
  for (const char* sql :
       {"UPDATE audit SET reason = 'other' WHERE id = 2", "DELETE FROM audit WHERE id = 2",
        "DELETE FROM audit", "UPDATE audit_value SET after = 'x' WHERE audit_id = 1",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 2",
        "INSERT OR REPLACE INTO audit_value SELECT audit_id, value_salt, 'x', 'y' FROM audit_value "
        "WHERE audit_id = 1"}) {
    EXPECT_THROW(db.exec(sql), SQLite::Exception) << sql;
  }
  EXPECT_EQ(Verify(), "");
}

struct Tampering {
  const char* name;
  const char* sql;
  int first_bad_entry;
  const char* problem;
};

constexpr const char* kTextChanged = "its text was changed";
constexpr const char* kHashChanged = "its hash was changed";
constexpr const char* kEndChanged = "its text or its hash was changed";
constexpr const char* kMoved =
    "it does not belong here: it was moved or exchanged, or more than one entry was changed";
constexpr const char* kBeforeChanged = "the value before, or its salt, was changed";
constexpr const char* kAfterChanged = "the value after, or its salt, was changed";

const Tampering kTamperings[] = {
    {"At", "UPDATE audit SET at = at + 1 WHERE id = 3", 3, kTextChanged},
    {"Connection", "UPDATE audit SET connection = 'fabrikam' WHERE id = 3", 3, kTextChanged},
    {"Side", "UPDATE audit SET side = 'partner_center' WHERE id = 3", 3, kTextChanged},
    {"RecordKind", "UPDATE audit SET record_kind = 'lead' WHERE id = 3", 3, kTextChanged},
    {"RecordId", "UPDATE audit SET record_id = 'x' WHERE id = 3", 3, kTextChanged},
    {"ReferralId", "UPDATE audit SET referral_id = 'x' WHERE id = 3", 3, kTextChanged},
    {"Operation", "UPDATE audit SET operation = 'create' WHERE id = 3", 3, kTextChanged},
    {"Field", "UPDATE audit SET field = 'value' WHERE id = 3", 3, kTextChanged},
    {"BeforeHash", "UPDATE audit SET before_hash = after_hash WHERE id = 3", 3, kTextChanged},
    {"AfterHash", "UPDATE audit SET after_hash = NULL WHERE id = 3", 3, kTextChanged},
    {"Reason", "UPDATE audit SET reason = reason || '.' WHERE id = 3", 3, kTextChanged},
    {"Rule", "UPDATE audit SET rule = '' WHERE id = 3", 3, kTextChanged},
    {"Cause", "UPDATE audit SET cause = 'person' WHERE id = 3", 3, kTextChanged},
    {"RunId", "UPDATE audit SET run_id = 'run-2' WHERE id = 3", 3, kTextChanged},
    {"CorrelationId", "UPDATE audit SET correlation_id = 'x' WHERE id = 3", 3, kTextChanged},
    {"Outcome", "UPDATE audit SET outcome = 'failed' WHERE id = 3", 3, kTextChanged},
    {"Duration", "UPDATE audit SET duration_ms = 0 WHERE id = 3", 3, kTextChanged},
    {"Hash", "UPDATE audit SET hash = upper(hash) WHERE id = 3", 3, kHashChanged},
    {"Before", "UPDATE audit_value SET before = 'z' WHERE audit_id = 1", 1, kBeforeChanged},
    {"BeforeBlanked", "UPDATE audit_value SET before = NULL WHERE audit_id = 1", 1, kBeforeChanged},
    {"BeforeInvented", "UPDATE audit_value SET before = 'z' WHERE audit_id = 3", 3, kBeforeChanged},
    {"After", "UPDATE audit_value SET after = '{}' WHERE audit_id = 2", 2, kAfterChanged},
    {"Salt", "UPDATE audit_value SET value_salt = 'x' WHERE audit_id = 3", 3, kAfterChanged},
    {"ValuesInvented", "INSERT INTO audit_value VALUES (4, '', NULL, 'z')", 4, kAfterChanged},
    {"ValuesOfAnother",
     "DELETE FROM audit_value WHERE audit_id = 1;"
     "UPDATE audit_value SET audit_id = 1 WHERE audit_id = 5",
     1, kBeforeChanged},
    {"FirstDeleted", "DELETE FROM audit WHERE id = 1", 2,
     "entries before this one are missing: 1 to 1"},
    {"MiddleDeleted", "DELETE FROM audit WHERE id IN (3, 4)", 5,
     "entries before this one are missing: 3 to 4"},
    {"MiddleDeletedAndRenumbered",
     "DELETE FROM audit WHERE id = 3; UPDATE audit SET id = id - 1 WHERE id > 3;"
     "UPDATE sqlite_sequence SET seq = 4 WHERE name = 'audit'",
     3, kMoved},
    {"LastDeleted", "DELETE FROM audit WHERE id = 5", 5, "entries at the end are missing: 5 to 5"},
    {"AllDeleted", "DELETE FROM audit", 1, "entries at the end are missing: 1 to 5"},
    {"TwoSwapped",
     "UPDATE audit SET id = -1 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 4;"
     "UPDATE audit SET id = 4 WHERE id = -1",
     3, kMoved},
    {"EntryInvented",
     "INSERT INTO audit SELECT 6, at, connection, side, record_kind, record_id, referral_id, "
     "operation, field, before_hash, after_hash, reason, rule, cause, run_id, correlation_id, "
     "outcome, duration_ms, hash, NULL FROM audit WHERE id = 5",
     6, kEndChanged},
    {"TwoPlaces", "UPDATE audit SET rule = 'x' WHERE id IN (2, 4)", 2, kTextChanged},
    {"RequestIdInvented", "UPDATE audit SET request_id = 'r' WHERE id = 3", 3, kTextChanged},
    {"RequestIdChanged", "UPDATE audit SET request_id = 'r' WHERE id = 4", 4, kTextChanged},
    {"RequestIdTakenAway", "UPDATE audit SET request_id = NULL WHERE id = 4", 4, kTextChanged},
    {"LastChanged", "UPDATE audit SET rule = 'x' WHERE id = 5", 5, kEndChanged},
    {"CheckpointInvented",
     "INSERT INTO audit_checkpoint SELECT id, hash, at, at FROM audit WHERE id = 2;"
     "DELETE FROM audit_value WHERE audit_id <= 2; DELETE FROM audit WHERE id <= 2",
     3, "the chain begins with a checkpoint that no entry tells of"},
    {"CheckpointWithoutRemoval",
     "INSERT INTO audit_checkpoint SELECT id, hash, at, at FROM audit WHERE id = 2", 1,
     "a checkpoint says that this entry was removed, but it is there"},
};

TEST_F(AuditTest, TamperingIsFoundAndTheFirstBadEntryNamed) {
  WriteFiveEntries();
  const std::string clean = folder_.File("clean.db");
  BackupStore(path_, clean);
  Close();
  for (const Tampering& tampering : kTamperings) {
    SCOPED_TRACE(tampering.name);
    path_ = folder_.File(std::string(tampering.name) + ".db");
    std::filesystem::copy_file(PathOf(clean), PathOf(path_));
    EXPECT_EQ(VerifyAudit(path_), std::nullopt);
    Tamper(tampering.sql);
    EXPECT_EQ(Verify(), std::to_string(tampering.first_bad_entry) + "|" + tampering.problem);
  }
}

TEST_F(AuditTest, EntriesTakenOffTheEndStayMissed) {
  WriteFiveEntries();
  Tamper("DELETE FROM audit WHERE id >= 4");
  Append(Entry(6, {{"name", "x", "y", "", ""}}));
  EXPECT_EQ(Verify(), "6|entries before this one are missing: 4 to 5");
}

TEST_F(AuditTest, SameSeedSameChain) {
  const auto chain = [&](const std::string& name) {
    const std::string path = folder_.File(name);
    SeededRandom random(42);
    const auto store = OpenStore({path, &clock_, &random});
    store->OpenConnection(contoso_, "live");
    Changes changes;
    changes.audit = {Entry(1, {{"name", "a", "b", "", ""}}),
                     Entry(2, {{"name", "b", "c", "", ""}})};
    store->Commit(contoso_, changes);
    SQLite::Database db(path, SQLite::OPEN_READONLY);
    return db.execAndGet("SELECT group_concat(hash) FROM audit").getString();
  };
  EXPECT_EQ(chain("one.db"), chain("two.db"));
}

}  // namespace
}  // namespace cosell::store

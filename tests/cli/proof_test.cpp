// audit verify|export|head, explain, show --at, redact.

#include <SQLiteCpp/SQLiteCpp.h>

#include "app/anchors.h"
#include "cli/desk.h"

namespace cosell::cli {
namespace {

class ProofDesk : public Desk {
 protected:
  // Pair 1 with one write to the CRM that carried an edit of the notes.
  std::int64_t PairWithAWrite() {
    const std::int64_t link = Pair(1, LinkState::in_sync);
    Save(Side::partner_center, ReferralOf(1), "Four plants.", "event");
    Save(Side::crm, CrmOf(1), "Four plants.", "answer");
    AuditEntry entry;
    entry.at = *ParseInstant("2026-03-01T09:12:44Z");
    entry.record_kind = "opportunity";
    entry.record_id = CrmOf(1);
    entry.referral_id = ReferralOf(1);
    entry.operation = "update";
    entry.changes = {{"notes", "Three plants.", "Four plants.", "partner_center_changed", ""}};
    entry.reason = "Partner Center changed notes";
    entry.rule = "partner_center_changed";
    entry.cause = "event";
    entry.run_id = "run-1";
    entry.correlation_id = "correlation-1";
    Changes changes;
    changes.audit = {entry};
    store().Commit(contoso_, changes);
    return link;
  }
  void Save(Side side, const std::string& id, const std::string& notes, const std::string& source) {
    Snapshot snapshot;
    snapshot.side = side;
    snapshot.id = id;
    snapshot.changed_at = *ParseInstant("2026-03-01T09:12:00Z");
    snapshot.read_at = *ParseInstant("2026-03-01T09:12:40Z");
    snapshot.clock_offset = std::chrono::milliseconds(0);
    snapshot.raw = R"({"customerProfile":{"team":[{"email":"jette.korn@tannhof.example"}]}})";
    snapshot.hash = notes;
    snapshot.fields = R"({"notes":")" + notes + R"("})";
    snapshot.source = source;
    snapshot.source_detail = source == "answer" ? "correlation-1" : "referral-updated";
    store().SaveSnapshots(contoso_, {&snapshot, 1});
  }
  void Tamper(const std::string& sql) {
    SQLite::Database db(File("cosell-sync.db"), SQLite::OPEN_READWRITE);
    db.exec("DROP TRIGGER audit_no_update; " + sql);
  }
  Outcome Verify(const std::string& anchors = "", bool json = false) {
    return Run([&](Session& session) { return VerifyAudit(session, anchors); }, json);
  }
};

TEST_F(ProofDesk, AnIntactAuditExitsZero) {
  PairWithAWrite();
  const Outcome verified = Verify();
  EXPECT_EQ(verified.exit_code, kDone);
  EXPECT_TRUE(Says(verified.output, "The audit is intact: 1 entry, the newest 1"))
      << verified.output;
  EXPECT_TRUE(Says(verified.output, "--anchor FILE"));
}

TEST_F(ProofDesk, TheFirstBadEntryIsNamedAndExitsOne) {
  PairWithAWrite();
  Tamper("UPDATE audit SET reason = 'nothing'");
  const Outcome verified = Verify();
  EXPECT_EQ(verified.exit_code, kNeedsPerson);
  EXPECT_TRUE(Says(verified.output, "First bad entry: 1: its text or its hash was changed"))
      << verified.output;
  EXPECT_EQ(Verify("", true).document()["first_bad_entry"], 1);
}

TEST_F(ProofDesk, HeadIsAnAnchorThatVerifyTakes) {
  PairWithAWrite();
  const Outcome head = Run([](Session& session) { return ShowAuditHead(session); });
  WriteFile("anchors.jsonl", head.output);
  EXPECT_EQ(Verify(File("anchors.jsonl")).exit_code, kDone);
  WriteFile("anchors.jsonl",
            head.output + app::AnchorLine({4, "abc", *ParseInstant("2026-03-02T00:00:00Z")}));
  const Outcome cut = Verify(File("anchors.jsonl"));
  EXPECT_EQ(cut.exit_code, kNeedsPerson);
  EXPECT_TRUE(Says(cut.output, "entries at the end are missing: 2 to at least 4")) << cut.output;
  WriteFile("anchors.jsonl", "not an anchor\n" + head.output);
  EXPECT_EQ(Verify(File("anchors.jsonl")).exit_code, kUsage);
  EXPECT_EQ(Verify(File("absent.jsonl")).exit_code, kUsage);
}

TEST_F(ProofDesk, AnExportGoesToANewFileOnly) {
  PairWithAWrite();
  const auto to_file = [&] {
    return Run([&](Session& session) { return ExportAudit(session, "", "", File("audit.jsonl")); });
  };
  EXPECT_EQ(to_file().exit_code, kDone);
  const std::string text = ReadFile("audit.jsonl");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
  EXPECT_TRUE(Says(text, R"("after":"Four plants.")"));
  EXPECT_EQ(to_file().exit_code, kUsage);
  const Outcome none =
      Run([](Session& session) { return ExportAudit(session, "2026-03-02", "2026-03-03", ""); });
  EXPECT_EQ(std::count(none.output.begin(), none.output.end(), '\n'), 1);
  const Outcome wrong =
      Run([](Session& session) { return ExportAudit(session, "yesterday", "", ""); });
  EXPECT_EQ(wrong.exit_code, kUsage);
  EXPECT_TRUE(Says(wrong.errors, "--from 'yesterday' is not a time")) << wrong.errors;
}

TEST_F(ProofDesk, ExplainTellsRuleAndCause) {
  PairWithAWrite();
  const auto explain = [&](const std::string& field, bool json) {
    return Run([&](Session& session) { return ExplainField(session, ReferralOf(1), field); }, json);
  };
  const Outcome told = explain("notes", false);
  EXPECT_EQ(told.exit_code, kDone);
  EXPECT_TRUE(Says(told.output, "only Partner Center had changed it")) << told.output;
  EXPECT_TRUE(Says(told.output, "Caused by an event (run run-1), audit entry 1")) << told.output;
  const Json document = explain("notes", true).document();
  EXPECT_EQ(document["decided_by"]["audit_id"], 1);
  EXPECT_EQ(document["brought_by"]["detail"], "referral-updated");
  EXPECT_EQ(document["crm"]["value"], "Four plants.");
  const Outcome unknown = explain("colour", false);
  EXPECT_EQ(unknown.exit_code, kUsage);
  EXPECT_TRUE(Says(unknown.errors, "has no field 'colour'; it has: notes")) << unknown.errors;
}

TEST_F(ProofDesk, ShowAtTellsThePairAsItWas) {
  PairWithAWrite();
  const auto show = [&](const std::string& at, bool json = false) {
    return Run([&](Session& session) { return Show(session, CrmOf(1), at); }, json);
  };
  const Json before = show("2026-03-01T09:11:59Z", true).document();
  EXPECT_EQ(before["crm"], nullptr);
  EXPECT_EQ(before["state"], nullptr) << "not known yet";
  const Json then = show("2026-03-01T10:12:00+01:00", true).document();
  EXPECT_EQ(then["crm"]["fields"]["notes"], "Four plants.");
  EXPECT_TRUE(Says(show("2999-01-01").output, "in_sync")) << show("2999-01-01").output;
  EXPECT_EQ(show("now").exit_code, kUsage);
}

TEST_F(ProofDesk, RedactSaysWhatIsLeftToDo) {
  PairWithAWrite();
  const std::string person = "jette.korn@tannhof.example";
  // The command opens the database itself: nobody else may have it.
  const auto redact = [&](const std::string& id, bool allow) {
    return Run([&](Session& session) { return Redact(session, id, allow); });
  };
  const Outcome erased = redact(person, false);
  EXPECT_EQ(erased.exit_code, kDone) << erased.errors;
  EXPECT_TRUE(Says(erased.output, "Erased from 2 stored values")) << erased.output;
  EXPECT_TRUE(Says(erased.output, "The CRM and Partner Center keep their own copies"));
  EXPECT_TRUE(Says(erased.output, "before-v"));
  EXPECT_FALSE(Says(erased.output, person)) << "the address is repeated nowhere";
  EXPECT_EQ(Verify().exit_code, kDone);
  EXPECT_EQ(redact(person, true).exit_code, kDone);
  EXPECT_EQ(redact(person, true).exit_code, kUsage);
  EXPECT_EQ(redact("no-such-record", false).exit_code, kUsage);
}

TEST_F(ProofDesk, RedactGoesThroughTheDaemonThatHoldsTheDatabase) {
  PairWithAWrite();
  answers_["redact"] = R"({"connection":"contoso","people":1,"values":3})";
  StartDaemon();
  const Outcome erased = Run([](Session& session) { return Redact(session, "7", false); });
  EXPECT_EQ(erased.exit_code, kDone) << erased.errors;
  EXPECT_EQ(last_asked(), R"(contoso redact {"allow":false,"id":"7"})");
  EXPECT_TRUE(Says(erased.output, "Erased from 3 stored values")) << erased.output;
}

}  // namespace
}  // namespace cosell::cli

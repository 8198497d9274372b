#include <stdexcept>

#include <sqlite3.h>

#include "store/query.h"
#include "tests/store/store_fixture.h"

namespace cosell::store {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

Intent Update(const std::string& id, std::int64_t link_id, Instant created_at) {
  Intent intent;
  intent.id = id;
  intent.link_id = link_id;
  intent.operation = IntentOperation::update_crm;
  intent.side = Side::crm;
  intent.target_id = "crm-1";
  intent.etag = "W/\"1\"";
  intent.body = R"({"name":"Contoso pilot"})";
  intent.changes = {{"name", "Contoso", "Contoso pilot", "partner_center_changed", "edited there"},
                    {"value", "", "84500", "partner_center_changed", "edited there"}};
  intent.reason = "Partner Center changed name and value";
  intent.cause = "event 1";
  intent.created_at = created_at;
  intent.lookup_from = At("2026-03-01T08:00:00.1234567Z");
  return intent;
}

AuditEntry Written(const std::string& correlation_id) {
  AuditEntry entry;
  entry.at = At("2026-03-01T09:00:00Z");
  entry.record_kind = "opportunity";
  entry.record_id = "crm-1";
  entry.operation = "update";
  entry.changes = {{"name", "Contoso", "Contoso pilot", "", ""}};
  entry.correlation_id = correlation_id;
  return entry;
}

class WorkTest : public StoreTest {
 protected:
  std::int64_t link_ = ReadAndLink("referral-1", "crm-1");
};

TEST_F(WorkTest, IntentSurvivesARestartAndIsErasedWithItsBodyWhenClosed) {
  Changes plan;
  plan.intents = {Update("intent-1", link_, clock_.Now())};
  store_->Commit(contoso_, plan);
  Close();
  Open();

  const auto open = store_->OpenIntents(contoso_);
  ASSERT_EQ(open.size(), 1u);
  const Intent& intent = open[0];
  EXPECT_EQ(intent.id, "intent-1");
  EXPECT_EQ(intent.link_id, link_);
  EXPECT_EQ(intent.operation, IntentOperation::update_crm);
  EXPECT_EQ(intent.side, Side::crm);
  EXPECT_EQ(intent.target_id, "crm-1");
  EXPECT_EQ(intent.etag, "W/\"1\"");
  EXPECT_EQ(intent.body, R"({"name":"Contoso pilot"})");
  ASSERT_EQ(intent.changes.size(), 2u);
  EXPECT_EQ(intent.changes[0].field, "name");
  EXPECT_EQ(intent.changes[0].before, "Contoso");
  EXPECT_EQ(intent.changes[0].after, "Contoso pilot");
  EXPECT_EQ(intent.changes[0].rule, "partner_center_changed");
  EXPECT_EQ(intent.changes[0].reason, "edited there");
  EXPECT_EQ(intent.reason, "Partner Center changed name and value");
  EXPECT_EQ(intent.cause, "event 1");
  EXPECT_EQ(intent.created_at, clock_.Now());
  EXPECT_EQ(intent.lookup_from, At("2026-03-01T08:00:00.1234567Z"));

  Changes outcome;
  outcome.closings = {{"intent-1", AuditOutcome::done}};
  store_->Commit(contoso_, outcome);
  EXPECT_TRUE(store_->OpenIntents(contoso_).empty());
  EXPECT_EQ(Count("intent"), 0);
}

TEST_F(WorkTest, EveryKindOfIntentComesBack) {
  Changes plan;
  for (const IntentOperation operation :
       {IntentOperation::create_referral, IntentOperation::create_connected_referral,
        IntentOperation::update_referral, IntentOperation::create_crm, IntentOperation::create_lead,
        IntentOperation::qualify_lead, IntentOperation::update_crm, IntentOperation::close_crm}) {
    plan.intents.push_back(Update(std::string(ToString(operation)), link_, clock_.Now()));
    plan.intents.back().operation = operation;
  }
  store_->Commit(contoso_, plan);
  const auto open = store_->OpenIntents(contoso_);
  ASSERT_EQ(open.size(), 8u);
  for (const Intent& intent : open) EXPECT_EQ(intent.id, ToString(intent.operation));
}

TEST_F(WorkTest, PairsRewrittenInTheRollingHourAreCountedAlsoWhenTheirIntentsAreClosed) {
  const auto rewriting = [&](const std::string& id, std::int64_t link) {
    Intent intent = Update(id, link, clock_.Now());
    intent.rewrites = true;
    return intent;
  };
  const std::int64_t other = ReadAndLink("referral-2", "crm-2");
  Changes plan;
  plan.intents = {rewriting("early", link_)};
  store_->Commit(contoso_, plan);
  clock_.Advance(hours(1));
  plan.intents = {rewriting("late", other), rewriting("again", other),
                  Update("ids only", link_, clock_.Now())};
  plan.closings = {{"early", AuditOutcome::done}};
  store_->Commit(contoso_, plan);
  Close();
  Open();
  EXPECT_EQ(store_->CountUpdatesSince(contoso_, clock_.Now() - hours(1)), 2);
  EXPECT_EQ(store_->CountUpdatesSince(contoso_, clock_.Now() - hours(1) + milliseconds(1)), 1);

  clock_.Advance(hours(25));
  plan = {};
  plan.intents = {rewriting("next day", link_)};
  store_->Commit(contoso_, plan);
  EXPECT_EQ(Count("opened_update"), 1);
}

TEST_F(WorkTest, WholeUnitOfWorkOrNothing) {
  ReadAndLink("referral-2", "crm-2");
  Event event;
  event.connection = contoso_;
  event.dedupe_key = "k1";
  event.received_at = clock_.Now();
  store_->AppendEvent(event);
  const Link before = LinkNow(link_);

  Changes changes;
  changes.snapshots = {Referral("referral-1", "r2", "2026-03-01T08:30:00Z")};
  changes.links = {before};
  changes.links[0].state = LinkState::in_sync;
  changes.intents = {Update("intent-1", link_, clock_.Now())};
  changes.audit = {Written("intent-0")};
  changes.conflicts = {{{link_, "name", "a", "b", "c", clock_.Now()}, false}};
  changes.cursors = {{"delta", "token"}};
  changes.finished_events = {store_->DueEvents(contoso_, clock_.Now(), 1).at(0).id};
  Changes broken = changes;
  broken.history = {{999, "name", "b", Side::crm, clock_.Now(), "event", ""}};  // no such link
  EXPECT_THROW(store_->Commit(contoso_, broken), std::logic_error);

  EXPECT_EQ(store_->FindSnapshot(contoso_, Side::partner_center, "referral-1")->hash, "r1");
  EXPECT_EQ(LinkNow(link_).state, before.state);
  EXPECT_TRUE(store_->OpenIntents(contoso_).empty());
  EXPECT_EQ(Count("audit"), 0);
  EXPECT_TRUE(store_->OpenConflicts(contoso_).empty());
  EXPECT_FALSE(store_->Cursor(contoso_, "delta"));
  EXPECT_EQ(store_->DueEvents(contoso_, clock_.Now(), 1).size(), 1u);

  const std::int64_t commits_before = store_->commits();
  store_->Commit(contoso_, changes);
  EXPECT_EQ(store_->commits() - commits_before, 1) << "one unit of work is one flush";
  EXPECT_EQ(store_->FindSnapshot(contoso_, Side::partner_center, "referral-1")->hash, "r2");
  EXPECT_EQ(LinkNow(link_).state, LinkState::in_sync);
  EXPECT_EQ(Count("audit"), 1);
  EXPECT_EQ(store_->Cursor(contoso_, "delta"), "token");
  EXPECT_TRUE(store_->DueEvents(contoso_, clock_.Now(), 1).empty());
}

TEST_F(WorkTest, SecondLinkForACrmRecordBreaksTheUnitOfWork) {
  const std::int64_t second = store_->InsertLink(contoso_, Pair("referral-2", ""));
  Changes changes;
  changes.cursors = {{"delta", "token"}};
  changes.links = {LinkNow(second)};
  changes.links[0].crm_id.text = "crm-1";
  EXPECT_THROW(store_->Commit(contoso_, changes), std::logic_error);
  EXPECT_TRUE(LinkNow(second).crm_id.empty());
  EXPECT_FALSE(store_->Cursor(contoso_, "delta"));
}

TEST_F(WorkTest, UnknownConnectionIsOurMistake) {
  EXPECT_THROW(store_->Commit(ConnectionName{"northwind"}, {}), std::logic_error);
  EXPECT_THROW(store_->DueLinks(ConnectionName{"northwind"}, clock_.Now(), 1), std::logic_error);
}

TEST_F(WorkTest, CursorIsReplaced) {
  Changes changes;
  changes.cursors = {{"delta", "token 1"}, {"delta", "token 2"}, {"other", ""}};
  store_->Commit(contoso_, changes);
  EXPECT_EQ(store_->Cursor(contoso_, "delta"), "token 2");
  EXPECT_EQ(store_->Cursor(contoso_, "other"), "");
}

TEST_F(WorkTest, ConflictOpensRefreshesAndEnds) {
  const Instant since = clock_.Now();
  Changes changes;
  changes.conflicts = {{{link_, "name", "old", "theirs", "ours", since}, false}};
  store_->Commit(contoso_, changes);
  changes.conflicts[0].conflict.crm_value = "ours again";
  changes.conflicts[0].conflict.since = since + seconds(5);
  store_->Commit(contoso_, changes);

  const auto open = store_->ConflictsOf(link_);
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].field, "name");
  EXPECT_EQ(open[0].base, "old");
  EXPECT_EQ(open[0].partner_center_value, "theirs");
  EXPECT_EQ(open[0].crm_value, "ours again");
  EXPECT_EQ(open[0].since, since) << "first seen then";
  EXPECT_EQ(store_->OpenConflicts(contoso_).size(), 1u);
  EXPECT_EQ(store_->Status(clock_.Now()).at(0).open_conflicts, 1);

  changes.conflicts[0].resolved = true;
  store_->Commit(contoso_, changes);
  EXPECT_TRUE(store_->OpenConflicts(contoso_).empty());
}

TEST_F(WorkTest, NewValueSupersedesTheOneBeforeOnItsSide) {
  const auto append = [&](const FieldHistoryEntry& entry) {
    Changes changes;
    changes.history = {entry};
    store_->Commit(contoso_, changes);
  };
  append({link_, "value", "100", Side::crm, clock_.Now(), "event 1", ""});
  append({link_, "value", "100", Side::partner_center, clock_.Now(), "event 1", ""});
  append({link_, "value", "150", Side::crm, clock_.Now(), "event 2", "newest_wins: 200"});
  clock_.Advance(seconds(1));
  append({link_, "value", "200", Side::crm, clock_.Now(), "event 3", ""});

  const auto history = store_->HistoryOf(link_);
  ASSERT_EQ(history.size(), 4u);
  EXPECT_EQ(history[0].superseded_by, "event 3: 200");
  EXPECT_EQ(history[1].superseded_by, "") << "the other side's value is untouched";
  EXPECT_EQ(history[2].superseded_by, "newest_wins: 200");
  EXPECT_EQ(history[3].superseded_by, "");
  EXPECT_EQ(history[3].at, clock_.Now());
  EXPECT_EQ(history[3].value, "200");
}

TEST_F(WorkTest, EmptyChangesAreRecognised) {
  Changes changes;
  EXPECT_TRUE(changes.empty());
  changes.delayed_events = {{1, clock_.Now()}};
  EXPECT_FALSE(changes.empty());
}

// --- status and runs

TEST_F(WorkTest, StatusTellsLagCountsAndState) {
  WorkedOn(link_);
  Link quarantined = Pair("referral-2", "");
  quarantined.state = LinkState::quarantined;
  store_->InsertLink(contoso_, quarantined);
  EXPECT_EQ(store_->Status(clock_.Now()).at(0).lag_s, 0);

  Event event;
  event.connection = contoso_;
  event.dedupe_key = "k1";
  event.received_at = clock_.Now();
  store_->AppendEvent(event);
  clock_.Advance(seconds(10));
  Read(Opportunity("crm-1", "c2", "2026-03-01T08:30:00Z"));
  clock_.Advance(seconds(20));
  store_->SetConnectionState(contoso_, "paused", "The refresh token is dead; sign in again.");

  ConnectionStatus status = store_->Status(clock_.Now()).at(0);
  EXPECT_EQ(status.name, contoso_);
  EXPECT_EQ(status.mode, "live");
  EXPECT_EQ(status.state, "paused");
  EXPECT_EQ(status.reason, "The refresh token is dead; sign in again.");
  EXPECT_EQ(status.last_event_at, event.received_at);
  EXPECT_FALSE(status.last_sweep_at);
  EXPECT_EQ(status.lag_s, 30);
  EXPECT_EQ(status.links, 2);
  EXPECT_EQ(status.links_by_state["in_sync"], 1);
  EXPECT_EQ(status.quarantined, 1);

  Changes finished;
  finished.finished_events = {store_->DueEvents(contoso_, clock_.Now(), 1).at(0).id};
  store_->Commit(contoso_, finished);
  EXPECT_EQ(store_->Status(clock_.Now()).at(0).lag_s, 20) << "the dirty link is left";
}

TEST_F(WorkTest, OpeningAConnectionAgainKeepsItsState) {
  store_->SetConnectionState(contoso_, "paused", "why");
  store_->OpenConnection(contoso_, "shadow");
  const ConnectionStatus status = store_->Status(clock_.Now()).at(0);
  EXPECT_EQ(status.mode, "shadow");
  EXPECT_EQ(status.state, "paused");
}

TEST_F(WorkTest, FinishedSweepIsNoted) {
  cosell::Run run;
  run.id = "run-1";
  run.kind = "sweep";
  run.started_at = clock_.Now();
  run.outcome = "running";
  store_->SaveRun(contoso_, run);
  EXPECT_FALSE(store_->Status(clock_.Now()).at(0).last_sweep_at);
  run.finished_at = clock_.Now() + seconds(3);
  run.outcome = "done";
  run.read = 12;
  store_->SaveRun(contoso_, run);
  EXPECT_EQ(store_->Status(clock_.Now()).at(0).last_sweep_at, run.finished_at);
  EXPECT_EQ(Ask("SELECT read || ' ' || outcome || ' ' || finished_at FROM sync_runs"),
            std::vector<std::string>{"12 done 2026-03-01T09:00:03.000Z"});
}

TEST_F(WorkTest, StoppedSweepAndPollAreNoSweep) {
  cosell::Run run;
  run.id = "run-1";
  run.kind = "sweep";
  run.finished_at = clock_.Now();
  run.outcome = "stopped: empty-side";
  store_->SaveRun(contoso_, run);
  run.id = "run-2";
  run.kind = "poll";
  run.outcome = "done";
  store_->SaveRun(contoso_, run);
  EXPECT_FALSE(store_->Status(clock_.Now()).at(0).last_sweep_at);
}

// --- failures of the database

TEST_F(WorkTest, FullDiskIsNamedAndNothingIsWritten) {
  Session session(path_, Access::write);
  session.Execute("PRAGMA max_page_count = 1");  // SQLite takes the present size instead
  const std::string much(1'000'000, 'x');
  try {
    session.Write([&] {
      Change(session, "INSERT INTO cursor(connection_id, name, value) VALUES (1, 'small', '')");
      Change(session, "INSERT INTO cursor(connection_id, name, value) VALUES (1, 'big', ?1)", much);
    });
    FAIL() << "fitted";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find(path_), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("the disk is full"), std::string::npos);
  }
  EXPECT_EQ(Count("cursor"), 0);
  EXPECT_EQ(session.commits(), 0);
}

TEST(StoreErrorTest, EveryFailureNamesTheFileAndTheMend) {
  const std::pair<int, std::string> expected[] = {{SQLITE_FULL, "make room"},
                                                  {SQLITE_BUSY, "another program keeps it locked"},
                                                  {SQLITE_CORRUPT, "cosell-sync rebuild"},
                                                  {SQLITE_NOTADB, "cosell-sync restore"},
                                                  {SQLITE_READONLY, "write access"},
                                                  {SQLITE_CANTOPEN, "check that its folder exists"},
                                                  {SQLITE_IOERR, "check the disk"},
                                                  {SQLITE_NOMEM, "memory"},
                                                  {SQLITE_ERROR, "integrity_check"}};
  for (const auto& [code, mend] : expected) {
    try {
      ThrowStoreError("contoso.db", SQLite::Exception("detail", code));
    } catch (const std::runtime_error& error) {
      const std::string text = error.what();
      EXPECT_NE(text.find("'contoso.db'"), std::string::npos) << text;
      EXPECT_NE(text.find(mend), std::string::npos) << text;
      EXPECT_NE(text.find("detail"), std::string::npos) << text;
    }
  }
  EXPECT_THROW(ThrowStoreError("contoso.db", SQLite::Exception("detail", SQLITE_CONSTRAINT)),
               std::logic_error);
}

TEST(StoreErrorTest, FileThatIsNoDatabase) {
  const TempFolder folder;
  test::FakeClock clock;
  const std::string path = folder.File("notes.txt");
  std::ofstream(PathOf(path)) << std::string(4096, 'n');
  EXPECT_THROW(OpenStore({path, &clock, nullptr}), std::runtime_error);
  EXPECT_EQ(ReadFile(path), std::string(4096, 'n'));
  EXPECT_THROW(OpenStore({folder.File("absent/cosell-sync.db"), &clock, nullptr}),
               std::runtime_error);
}

}  // namespace
}  // namespace cosell::store

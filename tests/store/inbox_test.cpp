#include <atomic>
#include <thread>

#include "tests/store/store_fixture.h"

namespace cosell::store {
namespace {

class InboxTest : public StoreTest {
 protected:
  Event Updated(const std::string& key) {
    Event event;
    event.connection = contoso_;
    event.side = Side::partner_center;
    event.source = "webhook";
    event.name = "referral-updated";
    event.record_id = "referral-1";
    event.changed_at = At("2026-03-01T08:59:58.7654321Z");
    event.dedupe_key = key;
    event.received_at = clock_.Now();
    return event;
  }
  std::vector<InboxEvent> DueEvents() { return store_->DueEvents(contoso_, clock_.Now(), 100); }
  void Finish(std::int64_t id) {
    Changes changes;
    changes.finished_events = {id};
    store_->Commit(contoso_, changes);
  }
  void Delay(std::int64_t id, Instant until) {
    Changes changes;
    changes.delayed_events = {{id, until}};
    store_->Commit(contoso_, changes);
  }
};

TEST_F(InboxTest, AcknowledgedEventIsInTheFileAndComesBackAsItWas) {
  EXPECT_TRUE(store_->AppendEvent(Updated("k1")));
  EXPECT_EQ(Ask("SELECT dedupe_key FROM inbox"), std::vector<std::string>{"k1"});

  Close();
  Open();
  const auto due = DueEvents();
  ASSERT_EQ(due.size(), 1u);
  const Event& event = due[0].event;
  EXPECT_EQ(event.connection, contoso_);
  EXPECT_EQ(event.side, Side::partner_center);
  EXPECT_EQ(event.source, "webhook");
  EXPECT_EQ(event.name, "referral-updated");
  EXPECT_EQ(event.record_id, "referral-1");
  EXPECT_EQ(event.changed_at, At("2026-03-01T08:59:58.7654321Z"));
  EXPECT_EQ(event.received_at, clock_.Now());
  EXPECT_EQ(due[0].attempts, 0);
}

TEST_F(InboxTest, RepeatedDeliveryWhileTheFirstWaits) {
  EXPECT_TRUE(store_->AppendEvent(Updated("k1")));
  EXPECT_FALSE(store_->AppendEvent(Updated("k1")));
  EXPECT_EQ(DueEvents().size(), 1u);
}

TEST_F(InboxTest, RepeatedDeliveryAfterTheFirstWasFinished) {
  store_->AppendEvent(Updated("k1"));
  Finish(DueEvents()[0].id);
  EXPECT_TRUE(DueEvents().empty());

  clock_.Advance(std::chrono::days(7));
  EXPECT_FALSE(store_->AppendEvent(Updated("k1")));
  clock_.Advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(store_->AppendEvent(Updated("k1")));
}

TEST_F(InboxTest, KeysOlderThanSevenDaysAreForgotten) {
  store_->AppendEvent(Updated("k1"));
  Finish(DueEvents()[0].id);
  clock_.Advance(std::chrono::days(8));
  store_->AppendEvent(Updated("k2"));
  Finish(DueEvents()[0].id);
  EXPECT_EQ(Ask("SELECT dedupe_key FROM inbox_done"), std::vector<std::string>{"k2"});
}

TEST_F(InboxTest, TwoConnectionsMayHaveTheSameKey) {
  const ConnectionName fabrikam{"fabrikam"};
  store_->OpenConnection(fabrikam, "live");
  Event other = Updated("k1");
  other.connection = fabrikam;
  EXPECT_TRUE(store_->AppendEvent(Updated("k1")));
  EXPECT_TRUE(store_->AppendEvent(other));
  EXPECT_EQ(store_->DueEvents(fabrikam, clock_.Now(), 10).size(), 1u);

  // One connection cannot finish the other's event.
  Finish(store_->DueEvents(fabrikam, clock_.Now(), 10)[0].id);
  EXPECT_EQ(store_->DueEvents(fabrikam, clock_.Now(), 10).size(), 1u);
}

TEST_F(InboxTest, DelayedEventComesBackWithOneMoreAttempt) {
  store_->AppendEvent(Updated("k1"));
  Delay(DueEvents()[0].id, clock_.Now() + std::chrono::seconds(30));
  EXPECT_TRUE(DueEvents().empty());
  EXPECT_EQ(store_->NextDue(contoso_, clock_.Now()), clock_.Now() + std::chrono::seconds(30));

  clock_.Advance(std::chrono::seconds(30));
  ASSERT_EQ(DueEvents().size(), 1u);
  EXPECT_EQ(DueEvents()[0].attempts, 1);
}

TEST_F(InboxTest, OldestEventFirstAndNoMoreThanAskedFor) {
  for (const char* key : {"k1", "k2", "k3"}) {
    store_->AppendEvent(Updated(key));
    clock_.Advance(std::chrono::seconds(1));
  }
  const auto due = store_->DueEvents(contoso_, clock_.Now(), 2);
  ASSERT_EQ(due.size(), 2u);
  EXPECT_EQ(due[0].event.dedupe_key, "k1");
  EXPECT_EQ(due[1].event.dedupe_key, "k2");
}

TEST_F(InboxTest, EventOfAnUnknownConnectionIsRefusedAndHarmsNoOther) {
  Event stray = Updated("k1");
  stray.connection.text = "northwind";
  EXPECT_THROW(store_->AppendEvent(stray), std::logic_error);
  EXPECT_TRUE(store_->AppendEvent(Updated("k1")));
}

TEST_F(InboxTest, EventsOfOneMessageAreOneCommit) {
  std::vector<Event> events;
  for (int i = 0; i < 100; ++i) events.push_back(Updated("k" + std::to_string(i)));
  const std::int64_t commits_before = store_->commits();
  EXPECT_EQ(store_->AppendEvents(events), 100U);
  EXPECT_EQ(store_->commits() - commits_before, 1);
  EXPECT_EQ(Count("inbox"), 100);
}

TEST_F(InboxTest, RepeatsAmongTheEventsOfAMessageAreNotCounted) {
  store_->AppendEvent(Updated("k1"));
  EXPECT_EQ(store_->AppendEvents({Updated("k1"), Updated("k2"), Updated("k2")}), 1U);
  EXPECT_EQ(store_->AppendEvents({Updated("k1"), Updated("k2")}), 0U);
  EXPECT_EQ(DueEvents().size(), 2U);
}

TEST_F(InboxTest, MessageWithoutEventsIsNoCommit) {
  const std::int64_t commits_before = store_->commits();
  EXPECT_EQ(store_->AppendEvents({}), 0U);
  EXPECT_EQ(store_->commits(), commits_before);
}

TEST_F(InboxTest, MessageIsKeptAsAWholeOrNotAtAll) {
  Event stray = Updated("k2");
  stray.connection.text = "northwind";
  EXPECT_THROW(store_->AppendEvents({Updated("k1"), stray}), std::logic_error);
  EXPECT_EQ(Count("inbox"), 0);

  SQLite::Database other(path_, SQLite::OPEN_READWRITE);
  other.exec(
      "CREATE TRIGGER broken BEFORE INSERT ON inbox WHEN NEW.dedupe_key = 'bad'"
      "BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END;");
  EXPECT_THROW(store_->AppendEvents({Updated("k1"), Updated("bad")}), std::exception);
  EXPECT_EQ(Count("inbox"), 0);
}

// A refused message shares a transaction with good ones and must leave nothing in it.
TEST_F(InboxTest, RefusedMessageHarmsNoOtherOfItsGroup) {
  Event stray = Updated("stray");
  stray.connection.text = "northwind";
  SQLite::Database other(path_, SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  std::atomic<int> refused = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&, i] {
      const std::string number = std::to_string(i);
      store_->AppendEvents({Updated("a" + number), Updated("b" + number)});
    });
  }
  callers.emplace_back([&] {
    try {
      store_->AppendEvents({Updated("beside the stray"), stray});
    } catch (const std::logic_error&) {
      ++refused;
    }
  });
  while (store_->waiting_events() < 5) std::this_thread::yield();
  other.exec("COMMIT");
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(Count("inbox"), 8);
}

// Another program holds the database while sixteen callers arrive. What is being written when they
// come is one group; all that queue up meanwhile are the next.
TEST_F(InboxTest, SixteenCallersShareTwoCommits) {
  constexpr int kCallers = 16;
  const std::int64_t commits_before = store_->commits();
  SQLite::Database other(path_, SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  std::vector<std::thread> callers;
  std::atomic<int> acknowledged = 0;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back(
        [&, i] { acknowledged += store_->AppendEvent(Updated("k" + std::to_string(i))) ? 1 : 0; });
  }
  while (store_->waiting_events() < kCallers) std::this_thread::yield();
  EXPECT_EQ(acknowledged, 0) << "acknowledged before it was written";
  other.exec("COMMIT");
  for (std::thread& caller : callers) caller.join();

  EXPECT_EQ(acknowledged, kCallers);
  EXPECT_EQ(Count("inbox"), kCallers);
  EXPECT_LE(store_->commits() - commits_before, 2);
  EXPECT_EQ(store_->waiting_events(), 0u);
}

TEST_F(InboxTest, ManyCallersManyEventsFewFlushes) {
  constexpr int kCallers = 16;
  constexpr int kEvents = 40;
  const std::int64_t commits_before = store_->commits();
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < kEvents; ++i) {
        store_->AppendEvent(Updated(std::to_string(caller) + "/" + std::to_string(i)));
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(Count("inbox"), kCallers * kEvents);
  EXPECT_LT(store_->commits() - commits_before, kCallers * kEvents / 2);
}

TEST_F(InboxTest, FailedCommitThrowsInEveryCallerAndKeepsNothing) {
  SQLite::Database other(path_, SQLite::OPEN_READWRITE);
  other.exec(
      "CREATE TRIGGER broken BEFORE INSERT ON inbox WHEN NEW.dedupe_key = 'bad'"
      "BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END;");
  other.exec("BEGIN IMMEDIATE");
  std::atomic<int> thrown = 0;
  const auto append = [&](const std::string& key) {
    try {
      store_->AppendEvent(Updated(key));
    } catch (const std::exception&) {
      ++thrown;
    }
  };
  // The writer may already hold the first caller's event; the others gather behind it.
  std::thread first(append, "bad");
  while (store_->waiting_events() < 1) std::this_thread::yield();
  std::thread second(append, "bad");
  std::thread third(append, "bad");
  while (store_->waiting_events() < 3) std::this_thread::yield();
  other.exec("COMMIT");
  for (std::thread* caller : {&first, &second, &third}) caller->join();
  EXPECT_EQ(thrown, 3);
  EXPECT_EQ(Count("inbox"), 0);

  EXPECT_TRUE(store_->AppendEvent(Updated("good"))) << "the writer goes on after a failure";
}

}  // namespace
}  // namespace cosell::store

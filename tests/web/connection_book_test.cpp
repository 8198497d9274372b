#include "web/connection_book.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace cosell::web {
namespace {

using Phase = ConnectionBook::Phase;
using std::chrono::milliseconds;

class HandClock final : public Clock {
 public:
  Instant Now() const override { return Instant{}; }
  std::chrono::nanoseconds Monotonic() const override { return now; }
  void SleepFor(milliseconds duration) override { now += duration; }
  std::chrono::nanoseconds now{0};
};

// Connections are numbers here; hung_up_ tells which were ended.
class ConnectionBookTest : public ::testing::Test {
 protected:
  bool Arrives(int who, const std::string& address = "") {
    return book_.Admit(KeyOf(who), address, [this, who] { hung_up_.insert(who); });
  }
  void Does(int who, Phase phase) { book_.Enter(KeyOf(who), phase); }
  void IsInside(int who, Phase phase, const std::string& address = "") {
    ASSERT_TRUE(Arrives(who, address));
    Does(who, phase);
  }
  void Leaves(int who) { book_.Remove(KeyOf(who)); }
  void Passes(int ms) {
    clock_.SleepFor(milliseconds(ms));
    book_.Tick();
  }

  static ConnectionBook::Limits Small() {
    ConnectionBook::Limits limits;
    limits.threads = 3;
    limits.queue = 2;
    limits.per_address = 2;
    return limits;
  }

  HandClock clock_;
  TrafficCounters counters_;
  std::set<int> hung_up_;
  ConnectionBook book_{Small(), clock_, counters_};

 private:
  static ConnectionBook::Key KeyOf(int who) {
    static const char keys[100] = {};
    return &keys[who];
  }
};

TEST_F(ConnectionBookTest, EachPhaseHasItsTime) {
  IsInside(1, Phase::idle);
  IsInside(2, Phase::receiving);
  IsInside(3, Phase::handling);
  Passes(1'999);
  EXPECT_EQ(hung_up_, std::set<int>{});
  Passes(1);
  EXPECT_EQ(hung_up_, std::set<int>{1});
  Passes(8'000);
  EXPECT_EQ(hung_up_, (std::set<int>{1, 2}));
  Passes(1'000'000);
  EXPECT_EQ(hung_up_, (std::set<int>{1, 2}));
  Does(3, Phase::sending);
  Passes(10'000);
  EXPECT_EQ(hung_up_, (std::set<int>{1, 2, 3}));
  EXPECT_EQ(counters_.overdue, 2) << "idle is no fault";
}

TEST_F(ConnectionBookTest, ANewPhaseStartsTheTimeAnew) {
  IsInside(1, Phase::receiving);
  Passes(9'000);
  Does(1, Phase::handling);
  Does(1, Phase::sending);
  Passes(9'000);
  EXPECT_EQ(hung_up_, std::set<int>{});
}

TEST_F(ConnectionBookTest, NobodyGivesWayWhileThereAreThreads) {
  IsInside(1, Phase::receiving);
  IsInside(2, Phase::idle);
  Passes(1'000);
  EXPECT_TRUE(Arrives(3));
  Passes(100);
  EXPECT_EQ(hung_up_, std::set<int>{});
}

TEST_F(ConnectionBookTest, LongestWaitingGivesWayToANewcomer) {
  IsInside(1, Phase::receiving);
  Passes(300);
  IsInside(2, Phase::receiving);
  IsInside(3, Phase::handling);
  Passes(300);
  EXPECT_TRUE(Arrives(4));
  EXPECT_EQ(hung_up_, std::set<int>{1});
  EXPECT_EQ(counters_.displaced, 1);
  Passes(0);
  EXPECT_EQ(hung_up_, std::set<int>{1}) << "one newcomer displaces one";
}

TEST_F(ConnectionBookTest, IdleGivesWayBeforeAnybodyElse) {
  IsInside(1, Phase::receiving);
  Passes(1'000);
  IsInside(2, Phase::idle);
  IsInside(3, Phase::receiving);
  EXPECT_TRUE(Arrives(4));
  EXPECT_EQ(hung_up_, std::set<int>{2});
}

TEST_F(ConnectionBookTest, RefusedOneThatStillSendsIsEndedSoon) {
  IsInside(1, Phase::lingering);
  Passes(999);
  EXPECT_EQ(hung_up_, std::set<int>{});
  Passes(1);
  EXPECT_EQ(hung_up_, std::set<int>{1});
  EXPECT_EQ(counters_.overdue, 0);
}

TEST_F(ConnectionBookTest, WhoHasOnlyJustComeIsGivenAMoment) {
  for (const int who : {1, 2, 3}) IsInside(who, Phase::receiving);
  EXPECT_TRUE(Arrives(4));
  Passes(249);
  EXPECT_EQ(hung_up_, std::set<int>{});
  Passes(1);
  EXPECT_EQ(hung_up_.size(), 1u);
}

TEST_F(ConnectionBookTest, RunningRequestsKeepTheirThreads) {
  for (const int who : {1, 2, 3}) IsInside(who, Phase::handling);
  EXPECT_TRUE(Arrives(4));
  EXPECT_TRUE(Arrives(5));
  EXPECT_FALSE(Arrives(6)) << "only two may wait";
  Passes(100'000);
  EXPECT_EQ(hung_up_, std::set<int>{});
  EXPECT_EQ(counters_.refused, 1);
  Leaves(1);
  EXPECT_TRUE(Arrives(6));
}

TEST_F(ConnectionBookTest, OneAddressDoesNotTakeEverything) {
  IsInside(1, Phase::handling, "192.0.2.1");
  IsInside(2, Phase::handling, "192.0.2.1");
  EXPECT_FALSE(Arrives(3, "192.0.2.1"));
  EXPECT_TRUE(Arrives(3, "192.0.2.2"));
}

TEST_F(ConnectionBookTest, AddressDisplacesItsOwnSlowOne) {
  IsInside(1, Phase::receiving, "192.0.2.2");
  IsInside(2, Phase::receiving, "192.0.2.1");
  Passes(300);
  IsInside(3, Phase::handling, "192.0.2.1");
  EXPECT_TRUE(Arrives(4, "192.0.2.1"));
  EXPECT_EQ(hung_up_, std::set<int>{2});
}

TEST_F(ConnectionBookTest, UnnamedAddressIsNotLimited) {
  for (const int who : {1, 2, 3}) EXPECT_TRUE(Arrives(who, ""));
}

TEST_F(ConnectionBookTest, EachIsHungUpOnce) {
  IsInside(1, Phase::receiving);
  Passes(20'000);
  ASSERT_EQ(hung_up_, std::set<int>{1});
  hung_up_.clear();
  Passes(20'000);
  EXPECT_EQ(hung_up_, std::set<int>{});
  EXPECT_EQ(counters_.overdue, 1);
}

TEST_F(ConnectionBookTest, WhoHasLeftIsNeverTouched) {
  IsInside(1, Phase::receiving);
  Leaves(1);
  Leaves(1);
  Passes(20'000);
  EXPECT_EQ(hung_up_, std::set<int>{});
  EXPECT_EQ(counters_.open, 0);
  EXPECT_EQ(counters_.accepted, 1);
}

TEST_F(ConnectionBookTest, ClosingLetsRunningRequestsFinishAndNothingStart) {
  IsInside(1, Phase::handling);
  IsInside(2, Phase::receiving);
  IsInside(3, Phase::idle);
  book_.Close();
  EXPECT_EQ(hung_up_, (std::set<int>{2, 3}));
  Does(1, Phase::sending);
  EXPECT_EQ(hung_up_.count(1), 0u);
  Does(1, Phase::idle);
  EXPECT_EQ(hung_up_.count(1), 1u);
  EXPECT_FALSE(Arrives(4));
}

}  // namespace
}  // namespace cosell::web

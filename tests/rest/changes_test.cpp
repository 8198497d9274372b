#include "rest/rest_fixture.h"

namespace cosell::test {
namespace {

TEST_F(RestTest, WithoutChangedSinceEveryReadIsAFullOne) {
  deal()["list"].erase("since");
  Opens("Pilot");
  const CrmChanges first = Changes("");
  EXPECT_TRUE(first.full);
  EXPECT_EQ(first.cursor, "");
  EXPECT_EQ(Changes(first.cursor).records.size(), 1u);
}

// One deal with a clock of its own must not hide everything until that day.
TEST_F(RestTest, AStampOfTheFutureHidesNothing) {
  const std::string odd = Opens("Odd");
  service_.Sets(odd, "/title", "Odd");
  const std::string cursor = Changes("").cursor;
  clock_.Advance(std::chrono::hours(24 * 365));
  service_.Sets(odd, "/title", "From the future");
  clock_.SetNow(clock_.Now() - std::chrono::hours(24 * 365 - 1));
  const std::string after = Changes(cursor).cursor;
  clock_.Advance(std::chrono::minutes(5));
  const std::string fresh = Opens("Fresh");
  const CrmChanges changes = Changes(after);
  ASSERT_EQ(changes.records.size(), 1u);
  EXPECT_EQ(changes.records[0].id.text, fresh);
}

TEST_F(RestTest, ADealThatIsNotAsDescribedHoldsUpNoOther) {
  const std::string good = Opens("Good");
  const std::string bad = Opens("Bad");
  deal()["changed_at"] = {{"member", "/touched"}};
  service_.Sets(good, "/touched", "2026-03-01T09:00:00Z");
  const CrmChanges changes = Changes("");
  ASSERT_EQ(changes.records.size(), 1u);
  EXPECT_EQ(changes.records[0].id.text, good);
  EXPECT_NE(log_.text().find(bad), std::string::npos);
  EXPECT_NE(log_.text().find("/touched"), std::string::npos);
}

// A list that shows old versions is asked which deals changed, never what they are.
TEST_F(RestTest, AListThatLagsNeverTakesBackWhatWasRead) {
  switches().lag = std::chrono::seconds(60);
  deal()["list"].erase("records");
  const std::string id = Opens("First");
  clock_.Advance(std::chrono::minutes(5));
  const std::string cursor = Changes("").cursor;
  service_.Sets(id, "/title", "Second");
  const CrmWriteResult written = Update(id, "", {Set("notes", "Ours")});
  ASSERT_TRUE(written.record.ok());
  // The list still shows the first version, which makes it look; what it tells is the last one.
  CrmChanges changes = Changes(cursor);
  ASSERT_EQ(changes.records.size(), 1u);
  EXPECT_EQ(Of(changes.records[0], "name"), "Second");
  EXPECT_EQ(changes.records[0].etag, written.record->etag);
  for (int poll = 0; poll < 3; ++poll) {
    clock_.Advance(std::chrono::seconds(40));
    changes = Changes(changes.cursor);
    EXPECT_TRUE(changes.records.empty());
  }
}

TEST_F(RestTest, AListThatIsNotThereIsAMistakeOfTheFile) {
  deal()["list"]["path"] = "/bargains";
  const auto changes = crm().Changes(kKind, "");
  ASSERT_FALSE(changes.ok());
  EXPECT_EQ(changes.error().kind, ErrorKind::invalid_response);
  EXPECT_NE(changes.error().message.find("base_path"), std::string::npos);
}

TEST_F(RestTest, ALinkToAnotherHostIsNotFollowed) {
  deal()["list"]["page"] = {{"by", "link"}, {"next", "/data/0/title"}};
  Opens("https://elsewhere.example/api/v1/deals");
  const auto changes = crm().Changes(kKind, "");
  ASSERT_FALSE(changes.ok());
  EXPECT_EQ(changes.error().kind, ErrorKind::invalid_response);
  EXPECT_NE(changes.error().message.find("page.next"), std::string::npos);
  EXPECT_EQ(service_.Reads(), 1u);
}

TEST_F(RestTest, ARelativeLinkIsFollowed) {
  deal()["list"]["page"] = {{"by", "link"}, {"next", "/data/0/title"}};
  Opens("?limit=1&page=2");
  const CrmChanges first = Changes("");
  EXPECT_TRUE(first.more);
  const CrmChanges second = Changes(first.cursor);
  EXPECT_TRUE(second.records.empty());
  EXPECT_FALSE(second.more);
}

// The service's clock counts, where it tells; without it the newest stamp does.
TEST_F(RestTest, AServiceThatTellsNoTimeIsReadFromItsNewestStamp) {
  switches().dates = false;
  Opens("Pilot");
  const std::string cursor = Changes("").cursor;
  clock_.Advance(std::chrono::hours(3));
  EXPECT_TRUE(Changes(cursor).records.empty());
  const std::string fresh = Opens("Fresh");
  ASSERT_EQ(Changes(cursor).records.size(), 1u);
}

TEST_F(RestTest, AnIdlePollIsOneRead) {
  for (int i = 0; i < 5; ++i) Opens("Pilot " + std::to_string(i));
  const std::string cursor = Changes("").cursor;
  clock_.Advance(std::chrono::minutes(10));
  const auto before = service_.Reads();
  EXPECT_TRUE(Changes(cursor).records.empty());
  EXPECT_EQ(service_.Reads(), before + 1);
}

}  // namespace
}  // namespace cosell::test

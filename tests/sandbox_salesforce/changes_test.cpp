#include <gtest/gtest.h>

#include "sandbox_salesforce/instance.h"

// Finding changes: updated, deleted, late commits, announcements.
namespace cosell::sandbox {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class ChangesTest : public ::testing::Test {
 protected:
  // Times of the day, "09:01:30", unless whole datetimes.
  Reply Ask(const std::string& what, const std::string& start, const std::string& end) {
    const auto at = [](const std::string& text) {
      const bool whole = text.find('T') != std::string::npos;
      return UrlEncode(whole ? text : "2026-03-01T" + text + "+00:00");
    };
    return org.Get("sobjects/Opportunity/" + what + "/?start=" + at(start) + "&end=" + at(end));
  }
  void EditName(const std::string& id, const std::string& name) {
    ASSERT_TRUE(org.world.Edit(org.Person(), "Opportunity", id, Json{{"Name", name}}.dump()));
  }
  Instance org;
};

TEST_F(ChangesTest, UpdatedIgnoresSeconds) {
  const std::string id = org.Deal("A");
  org.Wait(seconds{90});
  const Json answer = Ask("updated", "09:00:40", "09:01:20").json();
  EXPECT_EQ(answer["ids"], Json::array({id}));
  EXPECT_EQ(answer["latestDateCovered"], "2026-03-01T09:01:00.000+0000");
  const Reply same = Ask("updated", "09:01:10", "09:01:50");
  EXPECT_EQ(same.status, 400);
  EXPECT_EQ(same.Code(), "INVALID_REPLICATION_DATE");
  EXPECT_EQ(Ask("updated", "09:01:00", "09:02:00").json()["ids"], Json::array());
}

TEST_F(ChangesTest, TheFutureIsNotCovered) {
  org.Wait(seconds{90});
  EXPECT_EQ(Ask("updated", "09:00:00", "10:00:00").json()["latestDateCovered"],
            "2026-03-01T09:01:00.000+0000");
}

TEST_F(ChangesTest, TheLogsReachBackThirtyAndFifteenDays) {
  const std::string end = "2026-03-01T09:00:00Z";
  EXPECT_EQ(Ask("updated", "2026-01-30T09:00:00Z", end).status, 200);
  EXPECT_EQ(Ask("updated", "2026-01-30T08:59:00Z", end).Code(), "INVALID_REPLICATION_DATE");
  EXPECT_EQ(Ask("deleted", "2026-02-14T09:00:00Z", end).status, 200);
  EXPECT_EQ(Ask("deleted", "2026-02-14T08:59:00Z", end).Code(), "INVALID_REPLICATION_DATE");
  EXPECT_EQ(Ask("updated", "yesterday", end).status, 400);
  EXPECT_EQ(org.Get("sobjects/OpportunityStage/updated?start=x&end=y").Code(), "INVALID_TYPE");
}

TEST_F(ChangesTest, DeletedTellsWhenAndHowFarBack) {
  const std::string id = org.Deal("A");
  org.Wait(seconds{70});
  org.Send("DELETE", Instance::Path(id));
  org.Wait(minutes{2});
  Json answer = Ask("deleted", "09:00:00", "09:03:00").json();
  EXPECT_EQ(answer["deletedRecords"],
            Json::array({{{"id", id}, {"deletedDate", "2026-03-01T09:01:10.000+0000"}}}));
  EXPECT_EQ(answer["earliestDateAvailable"], "2026-02-14T09:03:10.000+0000");
  EXPECT_EQ(Ask("updated", "09:00:00", "09:03:00").json()["ids"], Json::array());
  org.world.switches().delete_log_from = ParseInstant("2026-03-01T09:02:00Z");
  answer = Ask("deleted", "09:00:00", "09:03:00").json();
  EXPECT_EQ(answer["deletedRecords"], Json::array());
  EXPECT_EQ(answer["earliestDateAvailable"], "2026-03-01T09:02:00.000+0000");
}

TEST_F(ChangesTest, ALateCommitIsStampedBeforeItIsSeen) {
  const std::string id = org.Deal("A");
  org.Wait(seconds{60});
  org.world.switches().commit_delay = seconds{150};
  EditName(id, "B");
  const std::string made =
      *org.world.Create(org.Person(), "Opportunity", Instance::DealBody("New").dump());
  org.Wait(seconds{120});
  EXPECT_EQ(org.Query("SELECT Name FROM Opportunity").Names(), Instance::Texts{"A"});
  EXPECT_EQ(org.Get(Instance::Path(made)).status, 404);
  const Json waiting = Ask("updated", "09:01:00", "09:03:00").json();
  EXPECT_EQ(waiting["ids"], Json::array());
  EXPECT_EQ(waiting["latestDateCovered"], "2026-03-01T09:01:00.000+0000");
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"NextStep", "x"}}).Code(), "UNABLE_TO_LOCK_ROW");
  org.Wait(seconds{30});
  const Json records =
      org.Query("SELECT Name, SystemModstamp FROM Opportunity ORDER BY Id").Records();
  EXPECT_EQ(records[0]["Name"], "B");
  EXPECT_EQ(records[0]["SystemModstamp"], "2026-03-01T09:01:00.000+0000");
  EXPECT_EQ(records[1]["Name"], "New");
  EXPECT_EQ(Ask("updated", "09:01:00", "09:03:00").json()["ids"].size(), 2u);
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"NextStep", "x"}}).status, 204);
}

TEST_F(ChangesTest, ABackgroundBumpMovesOneStampOnly) {
  const std::string id = org.Deal("A");
  org.Wait(seconds{5});
  ASSERT_TRUE(org.world.BackgroundBump("Opportunity", id));
  EXPECT_EQ(org.Field(id, "SystemModstamp"), "2026-03-01T09:00:05.000+0000");
  EXPECT_EQ(org.Field(id, "LastModifiedDate"), "2026-03-01T09:00:00.000+0000");
}

TEST_F(ChangesTest, TheServersClockMayBeOff) {
  org.world.switches().clock_offset = seconds{-120};
  const std::string id = org.Deal("A");
  EXPECT_EQ(org.Field(id, "CreatedDate"), "2026-03-01T08:58:00.000+0000");
  EXPECT_EQ(org.Get(Instance::Path(id)).Header("Date"), "Sun, 01 Mar 2026 08:58:00 GMT");
}

class AnnouncementTest : public ChangesTest {
 protected:
  AnnouncementTest() {
    org.world.OnChange([this](const SalesforceChange& change) { heard.push_back(change); });
  }
  std::vector<SalesforceChange> heard;
};

TEST_F(AnnouncementTest, CommittedChangesAreAnnounced) {
  const std::string id = org.Deal("A");
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].operation, "create");
  EXPECT_EQ(heard[0].id, id);
  EXPECT_TRUE(heard[0].by_api);
  EXPECT_TRUE(heard[0].fields.contains("Name"));
  EditName(id, "B");
  EXPECT_EQ(heard[1].operation, "update");
  EXPECT_EQ(heard[1].fields, std::set<std::string>{"Name"});
  EXPECT_EQ(heard[1].user_id, org.Person());
  org.Patch(Instance::Path(id), {{"Name", nullptr}});
  EXPECT_EQ(heard.size(), 2u);
  ASSERT_TRUE(org.world.Delete(org.Person(), "Opportunity", id));
  ASSERT_TRUE(org.world.Undelete(org.Person(), "Opportunity", id));
  EXPECT_EQ(heard[2].operation, "delete");
  EXPECT_EQ(heard[3].operation, "undelete");
}

TEST_F(AnnouncementTest, ALateCommitIsAnnouncedLate) {
  const std::string id = org.Deal("A");
  heard.clear();
  org.world.switches().commit_delay = seconds{30};
  EditName(id, "B");
  EXPECT_TRUE(heard.empty());
  EXPECT_EQ(org.world.NextCommitDue(), org.clock.Now() + seconds{30});
  const std::vector<std::string> fields = {"Id", "Name", "Amount", "SystemModstamp"};
  EXPECT_EQ(org.world.MessageFields("Opportunity", id, fields)->at(1).second, "A");
  org.Wait(seconds{30});
  org.world.Settle();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(org.world.NextCommitDue(), std::nullopt);
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"Id", id}, {"Name", "B"}, {"SystemModstamp", "2026-03-01T09:00:00.000Z"}};
  EXPECT_EQ(org.world.MessageFields("Opportunity", id, fields), texts);
  EXPECT_EQ(org.world.MessageFields("Opportunity", "0065g00000Qm1KdAAJ", fields), std::nullopt);
}

}  // namespace
}  // namespace cosell::sandbox

#include <gtest/gtest.h>

#include "sandbox_dataverse/organization.h"

namespace cosell::sandbox {
namespace {

constexpr const char* kSet = "opportunities?$select=name";

class ChangeTrackingTest : public ::testing::Test {
 protected:
  std::string Deal(const std::string& name) { return org.Make("opportunities", {{"name", name}}); }
  Reply Start(int page_size = 500) {
    return org.Get(
        kSet, {{"Prefer", "odata.track-changes,odata.maxpagesize=" + std::to_string(page_size)}});
  }
  static std::string Delta(const Reply& reply) {
    return reply.json().value("@odata.deltaLink", "");
  }
  static std::string Next(const Reply& reply) { return reply.json().value("@odata.nextLink", ""); }
  Organization org;
};

TEST_F(ChangeTrackingTest, TheFullReadEndsInADeltaLink) {
  Deal("A");
  const Reply reply = Start();
  EXPECT_EQ(Organization::Names(reply), (std::vector<std::string>{"A"}));
  EXPECT_NE(Delta(reply), "");
  EXPECT_NE(reply.Header("Preference-Applied").find("odata.track-changes"), std::string::npos);
  EXPECT_NE(Delta(reply).find("$select=name&$deltatoken="), std::string::npos);
}

TEST_F(ChangeTrackingTest, NothingChangedGivesAnEmptyPageAndANewLink) {
  Deal("A");
  const Reply idle = org.Get(Delta(Start()));
  EXPECT_EQ(idle.json()["value"].size(), 0u);
  EXPECT_TRUE(idle.json()["@odata.context"].get<std::string>().ends_with("/$delta"));
  EXPECT_NE(Delta(idle), "");
}

TEST_F(ChangeTrackingTest, ChangesComeByVersionAndDeletionsLast) {
  const std::string a = Deal("A");
  const std::string b = Deal("B");
  const std::string gone = Deal("C");
  const std::string link = Delta(Start());
  org.Send("DELETE", org.Path(gone));
  org.Patch(org.Path(b), {{"name", "B2"}});
  org.Patch(org.Path(a), {{"name", "A2"}});
  const std::string brief = Deal("brief");
  org.Send("DELETE", org.Path(brief));
  const Json value = org.Get(link).json()["value"];
  ASSERT_EQ(value.size(), 4u);
  EXPECT_EQ(value[0]["name"], "B2");
  EXPECT_EQ(value[1]["name"], "A2");
  EXPECT_EQ(value[2]["id"], gone);
  EXPECT_EQ(value[2]["reason"], "deleted");
  EXPECT_TRUE(value[2]["@odata.context"].get<std::string>().ends_with("/$deletedEntity"));
  EXPECT_EQ(value[3]["id"], brief);  // created and deleted in between, still reported
  const auto count =
      org.Get(link.substr(0, link.find('?')) + "/$count" + link.substr(link.find('?')));
  EXPECT_EQ(count.text, "4");
}

TEST_F(ChangeTrackingTest, ARowDeletedAndMadeAgainIsAChangeOnly) {
  const std::string a = Deal("A");
  const std::string link = Delta(Start());
  org.Send("DELETE", org.Path(a));
  org.Patch(org.Path(a), {{"name", "A again"}});
  EXPECT_EQ(Organization::Names(org.Get(link)), (std::vector<std::string>{"A again"}));
}

TEST_F(ChangeTrackingTest, AChangeDuringTheFullReadIsInTheFirstDelta) {
  for (const auto* name : {"A", "B", "C"}) Deal(name);
  const Reply first = Start(2);
  EXPECT_EQ(Delta(first), "");
  EXPECT_NE(Next(first).find("istracking%3D%22True"), std::string::npos);
  const std::string shown = first.json()["value"][0]["opportunityid"];
  org.Patch(org.Path(shown), {{"name", "changed meanwhile"}});
  const Reply last = org.Get(Next(first), {{"Prefer", "odata.maxpagesize=2"}});
  EXPECT_EQ(last.json()["value"].size(), 1u);
  EXPECT_EQ(Organization::Names(org.Get(Delta(last))),
            (std::vector<std::string>{"changed meanwhile"}));
}

TEST_F(ChangeTrackingTest, ManyChangesArePaged) {
  const std::string gone = Deal("gone");
  const std::string link = Delta(Start());
  for (const auto* name : {"A", "B", "C"}) Deal(name);
  org.Send("DELETE", org.Path(gone));
  const net::Headers two = {{"Prefer", "odata.maxpagesize=2"}};
  const Reply first = org.Get(link, two);
  EXPECT_EQ(Organization::Names(first), (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(Delta(first), "");
  Deal("late");
  const Reply second = org.Get(Next(first), two);
  ASSERT_EQ(second.json()["value"].size(), 2u);
  EXPECT_EQ(second.json()["value"][0]["name"], "C");
  EXPECT_EQ(second.json()["value"][1]["id"], gone);
  EXPECT_EQ(Organization::Names(org.Get(Delta(second))), (std::vector<std::string>{"late"}));
}

TEST_F(ChangeTrackingTest, FiltersAndOrdersAreRefused) {
  const net::Headers track = {{"Prefer", "odata.track-changes"}};
  for (const std::string option :
       {"$filter=statecode%20eq%200", "$orderby=name", "$top=5", "$expand=parentaccountid"}) {
    const Reply reply = org.Get(std::string(kSet) + "&" + option, track);
    EXPECT_EQ(reply.status, 400) << option;
    EXPECT_NE(reply.text.find("Change Tracking"), std::string::npos) << option;
  }
  org.world.switches().change_tracking = false;
  EXPECT_EQ(Start().status, 400);
}

TEST_F(ChangeTrackingTest, OldTokensAreLost) {
  Deal("A");
  const std::string link = Delta(Start());
  org.clock.Advance(std::chrono::hours(24 * 7 - 1));
  EXPECT_EQ(org.Get(link).status, 200);
  org.clock.Advance(std::chrono::hours(2));
  EXPECT_EQ(org.Get(link).status, 400);
  EXPECT_EQ(org.Get(link).Code(), "0x80044352");
  org.world.switches().expired_token_answers_410 = true;
  EXPECT_EQ(org.Get(link).status, 410);
}

TEST_F(ChangeTrackingTest, TokensMayBeLostEarly) {
  Deal("A");
  const std::string link = Delta(Start());
  org.world.ExpireChangeTracking();
  EXPECT_EQ(org.Get(link).Code(), "0x80044352");
  EXPECT_EQ(org.Get(Delta(Start())).status, 200);
  EXPECT_EQ(org.Get(std::string(kSet) + "&$deltatoken=garbage").status, 400);
}

}  // namespace
}  // namespace cosell::sandbox

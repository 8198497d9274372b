#include <set>

#include "tests/sandbox/world_fixture.h"
#include "tools/sandbox/world/encoding.h"
#include "tools/sandbox/world/partner_center.h"

namespace cosell::sandbox {
namespace {

// GET /referrals (contract partner-center.md 3.3 and 3.4).
class ReferralListTest : public WorldTest {
 protected:
  // One own deal a minute.
  void MakeDeals(int count) {
    for (int i = 0; i < count; ++i) {
      Json deal = Deal();
      deal["name"] = "Deal " + std::to_string(i);
      deal["details"]["dealValue"] = 1000 + i;
      ids.push_back(Created(deal)["id"]);
      clock.Advance(std::chrono::minutes(1));
    }
  }
  // The query string a careful client re-attaches to the configured base.
  static std::string NextQuery(const Reply& page) {
    const std::string link = page.body.value("@odata.nextLink", "");
    return link.empty() ? "" : link.substr(link.find('?') + 1);
  }
  std::vector<std::string> ReadAll(const std::string& query) {
    std::vector<std::string> names;
    Reply page = List(query);
    for (;;) {
      EXPECT_EQ(page.status, 200) << page.text;
      for (const Json& referral : page.body["value"]) names.push_back(referral["id"]);
      const std::string next = NextQuery(page);
      if (next.empty()) return names;
      page = List(next);
    }
  }
  std::size_t Matches(const std::string& filter) {
    const Reply reply = Filter(filter);
    EXPECT_EQ(reply.status, 200) << filter << ": " << reply.text;
    return reply.body["value"].size();
  }
  std::vector<std::string> ids;
};

constexpr const char* kByUpdate = "$orderby=updatedDateTime%20asc&$top=2";

TEST_F(ReferralListTest, PagesFollowOneAnotherInOrderWithoutGapOrRepeat) {
  MakeDeals(5);
  EXPECT_EQ(ReadAll(kByUpdate), ids);
  EXPECT_EQ(ReadAll("$orderby=createdDateTime%20desc&$top=2"),
            std::vector<std::string>(ids.rbegin(), ids.rend()));
  const auto by_id = ReadAll("$top=2");
  EXPECT_EQ(std::set<std::string>(by_id.begin(), by_id.end()),
            std::set<std::string>(ids.begin(), ids.end()));
}

TEST_F(ReferralListTest, AtMostOneHundredOnAPage) {
  MakeDeals(50);
  SignInAgain();
  MakeDeals(51);
  SignInAgain();
  const Reply page = List("$top=500");
  EXPECT_EQ(page.body["value"].size(), 100u);
  EXPECT_EQ(page.body["@odata.count"], 100);
  EXPECT_EQ(List(NextQuery(page)).body["value"].size(), 1u);
}

TEST_F(ReferralListTest, NextLinkComesInThreeStyles) {
  MakeDeals(3);
  const auto link = [&] { return List("$top=1").body["@odata.nextLink"].get<std::string>(); };
  EXPECT_TRUE(link().starts_with("http://api.partner.microsoft.com/v1.0/referrals?$skiptoken="));
  world.switches().next_link = "absolute";
  EXPECT_TRUE(link().starts_with(
      "https://api.partner.microsoft.com/v1.0/engagements/referrals?$skiptoken="));
  world.switches().next_link = "relative";
  EXPECT_TRUE(link().starts_with("referrals?$skiptoken="));
}

TEST_F(ReferralListTest, TheSampledNextLinkLeadsNowhereAsItIs) {
  MakeDeals(2);
  const std::string link = List("$top=1").body["@odata.nextLink"];
  EXPECT_EQ(Send({"GET", link, {}, ""}).status, -1) << "plain http has no service";
}

TEST_F(ReferralListTest, PageTokensExpireAfterTenMinutes) {
  MakeDeals(2);
  const std::string next = NextQuery(List("$top=1"));
  clock.Advance(std::chrono::seconds(599));
  EXPECT_EQ(List(next).status, 200);
  clock.Advance(std::chrono::seconds(2));
  EXPECT_EQ(List(next).status, 400);
  EXPECT_EQ(List("$skiptoken=made-up").status, 400);
}

TEST_F(ReferralListTest, ARecordThatMovesWhilePagingHidesAnotherWhenTokensCount) {
  MakeDeals(3);
  world.switches().page_by_offset = true;
  const Reply first = List("$orderby=updatedDateTime%20asc&$top=1");
  ASSERT_EQ(Patch(ids[0], Replace("/details/notes", "moved")).status, 204);
  const Reply second = List(NextQuery(first));
  EXPECT_EQ(second.body["value"][0]["id"], ids[2]) << "the second was skipped";
}

TEST_F(ReferralListTest, FiltersSpeakTheGrammar) {
  MakeDeals(4);
  const std::string engagement = Stored(ids[0])["engagementId"];
  EXPECT_EQ(Matches("engagementId eq '" + engagement + "'"), 1u);
  EXPECT_EQ(Matches("status eq 'active' and substatus eq 'Accepted'"), 4u);
  EXPECT_EQ(Matches("not (status eq 'Closed') and customerProfile/address/country eq 'NO'"), 4u);
  EXPECT_EQ(Matches("CUSTOMERPROFILE/Address/COUNTRY ne 'NO'"), 0u);
  EXPECT_EQ(Matches("details/dealValue ge 1002 or name eq 'Deal 0'"), 3u);
  EXPECT_EQ(Matches("team/any(t:t/email eq 'bram.oud@tailspinrobotics.example')"), 4u);
  EXPECT_EQ(Matches("team/any(t: t/firstName eq 'Nobody')"), 0u);
  EXPECT_EQ(Matches("email eq 'BRAM.OUD@tailspinrobotics.example'"), 4u);
  EXPECT_EQ(Matches("closedDateTime eq null"), 4u);
  EXPECT_EQ(Matches("name eq 'O''Dowd'"), 0u);
}

TEST_F(ReferralListTest, DatesMayBeQuotedOrNotBySwitch) {
  MakeDeals(3);
  const std::string since = FormatInstant(clock.Now() - std::chrono::seconds(121));
  EXPECT_EQ(Matches("updatedDateTime ge " + since), 2u);
  EXPECT_EQ(Matches("updatedDateTime ge '" + since + "'"), 2u);
  world.switches().filter_dates = "quoted";
  EXPECT_EQ(Filter("updatedDateTime ge " + since).status, 400);
  world.switches().filter_dates = "unquoted";
  EXPECT_EQ(Filter("updatedDateTime ge '" + since + "'").status, 400);
}

TEST_F(ReferralListTest, WhatIsOutsideTheGrammarIsRefused) {
  for (const char* filter :
       {"nonsense eq 'x'", "status eq", "status like 'x'", "(status eq 'New'", "contains(name,'x')",
        "status eq 'New' extra", "updatedDateTime ge soon", "team/all(t:t/email eq 'x')",
        "status eq 'New"})
    EXPECT_EQ(Filter(filter).status, 400) << filter;
  EXPECT_EQ(List("$orderby=name").status, 400);
  EXPECT_EQ(List("$top=many").status, 400);
  EXPECT_EQ(List("$select=secret").status, 400);
  EXPECT_EQ(List("$apply=x").status, 400);
  world.switches().filter_comparisons = false;
  EXPECT_EQ(Filter("updatedDateTime ge 2026-01-01T00:00:00Z").status, 400);
}

TEST_F(ReferralListTest, SelectLeavesTheRestOut) {
  MakeDeals(1);
  const Json one = List("$select=id,status").body["value"][0];
  EXPECT_EQ(one.size(), 2u);
  EXPECT_EQ(one["id"], ids[0]);
}

TEST_F(ReferralListTest, StaleReadsShowThePreviousVersionForAWhile) {
  MakeDeals(1);
  clock.Advance(std::chrono::minutes(1));
  world.switches().stale_get_s = 10;
  world.switches().stale_list_s = 10;
  ASSERT_EQ(Patch(ids[0], Replace("/details/notes", "new")).status, 204);
  EXPECT_EQ(Get(ids[0]).body["details"]["notes"], "Pilot on two cranes first.");
  EXPECT_EQ(List("").body["value"][0]["details"]["notes"], "Pilot on two cranes first.");
  const std::string fresh = Created()["id"];
  EXPECT_EQ(Get(fresh).status, 404);
  clock.Advance(std::chrono::seconds(10));
  EXPECT_EQ(Get(ids[0]).body["details"]["notes"], "new");
  EXPECT_EQ(Get(fresh).status, 200);
}

TEST_F(ReferralListTest, MarketplaceLeadsAreNotListedUnlessTold) {
  Json lead = Deal();
  lead["type"] = "Independent";
  lead["qualification"] = "Direct";
  const std::string id = Created(lead)["id"];
  EXPECT_EQ(List("").body["value"].size(), 0u);
  EXPECT_EQ(Get(id).status, 200);
  world.switches().list_marketplace_leads = true;
  EXPECT_EQ(List("").body["value"].size(), 1u);
}

TEST_F(ReferralListTest, AReferralsUserSeesOnlyDealsOfTheirTeam) {
  MakeDeals(1);
  world.partner_center().SetRole(world.identities().user_name, "user");
  EXPECT_EQ(List("").body["value"].size(), 0u);
  EXPECT_EQ(Get(ids[0]).status, 403);
  EXPECT_EQ(Get(ids[0]).code(), "accessDenied");
  world.partner_center().SetRole(world.identities().user_name, "none");
  EXPECT_EQ(List("").status, 403);
}

TEST_F(ReferralListTest, ThrottlingAnswersInTheGatewaysShape) {
  world.switches().throttle_rate_per_s = 1;
  world.switches().throttle_burst = 3;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(List("").status, 200);
  const Reply refused = List("");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body["statusCode"], 429);
  EXPECT_EQ(refused.Header("Retry-After"), "1");
  EXPECT_EQ(List("").Header("Retry-After"), "2") << "refused calls count as well";
  clock.Advance(std::chrono::seconds(3));
  EXPECT_EQ(List("").status, 200);
}

TEST_F(ReferralListTest, AnswersCarryTraceIdsETagAndExtraMembers) {
  MakeDeals(1);
  const Reply reply = Call("GET", "/" + ids[0], "",
                           {{"client-request-id", "0f3b1f8e-5a52-4f0b-8f7e-1b2c3d4e5f60"}});
  EXPECT_EQ(reply.Header("client-request-id"), "0f3b1f8e-5a52-4f0b-8f7e-1b2c3d4e5f60");
  EXPECT_FALSE(reply.Header("Request-ID").empty());
  EXPECT_EQ(reply.Header("ETag"), reply.body["eTag"].get<std::string>());
  EXPECT_TRUE(reply.body["links"]["self"].is_object());
  EXPECT_TRUE(reply.body.contains("regionalInsights"));
  world.switches().ids_as_object = true;
  world.switches().null_arrays = true;
  world.switches().misspelt_links = true;
  const Json odd = Get(ids[0]).body;
  EXPECT_TRUE(odd["customerProfile"]["ids"].is_object());
  EXPECT_TRUE(odd["registrations"].is_null());
  EXPECT_NE(odd["links"]["self"]["uri"].get<std::string>().find("engagments"), std::string::npos);
}

TEST_F(ReferralListTest, UnknownIdsAndMethodsAreRefused) {
  EXPECT_EQ(Get("00000000-0000-4000-8000-000000000000").code(), "itemNotFound");
  EXPECT_EQ(Get("no-guid").status, 404);
  EXPECT_EQ(Call("DELETE", "/00000000-0000-4000-8000-000000000000").status, 405);
}

}  // namespace
}  // namespace cosell::sandbox

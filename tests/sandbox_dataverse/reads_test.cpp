#include <gtest/gtest.h>

#include "sandbox_dataverse/organization.h"

namespace cosell::sandbox {
namespace {

TEST(DataverseReadTest, WithoutATokenTheAnswerIs401WithChallenge) {
  Organization org;
  const Reply reply = org.SendRaw("GET", "WhoAmI", "", {{"Authorization", "Bearer stale"}});
  EXPECT_EQ(reply.status, 401);
  EXPECT_NE(reply.Header("WWW-Authenticate"), "");
  EXPECT_EQ(reply.text, "");
}

TEST(DataverseReadTest, WithoutAnApplicationUserTheAnswerIs403) {
  Organization org;
  org.world.switches().application_user_missing = true;
  const Reply reply = org.Get("WhoAmI");
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.Code(), "0x80072560");
}

TEST(DataverseReadTest, ImpersonationNeedsAPrivilegeWeDoNotHave) {
  Organization org;
  EXPECT_EQ(org.Get("accounts", {{"CallerObjectId", Organization::kUnknownId}}).status, 403);
}

TEST(DataverseReadTest, WhoAmINamesTheUserThatWrites) {
  Organization org;
  const std::string user = org.Get("WhoAmI").json()["UserId"];
  const std::string id = org.Make("opportunities", {{"name", "Yard planning"}});
  EXPECT_EQ(org.Cell(id, "_modifiedby_value"), user);
  EXPECT_EQ(user, org.world.api_user_id());
}

TEST(DataverseReadTest, EveryAnswerCarriesVersionDateAndRequestId) {
  Organization org;
  for (const Reply& reply : {org.Get("WhoAmI"), org.Get("nosuchset")}) {
    EXPECT_EQ(reply.Header("OData-Version"), "4.0");
    EXPECT_NE(reply.Header("REQ_ID"), "");
    EXPECT_NE(reply.Header("Date"), "");
  }
}

TEST(DataverseReadTest, UnknownSegmentsAndVerbs) {
  Organization org;
  EXPECT_EQ(org.Get("nosuchset").status, 404);
  EXPECT_EQ(org.Send("PUT", "opportunities", "{}").status, 405);
  EXPECT_EQ(org.Get(org.Path(Organization::kUnknownId)).Code(), "0x80040217");
  EXPECT_EQ(org.SendRaw("GET", "https://crm.contoso.example/api/data/v8.0/accounts", "", {}).status,
            404);
}

TEST(DataverseReadTest, MoneyHasFourDecimalsAndBringsItsCurrency) {
  Organization org;
  const std::string id = org.Make("opportunities", {{"name", "A"}, {"estimatedvalue", 84500}});
  const Reply reply = org.Get(org.Path(id) + "?$select=estimatedvalue");
  EXPECT_NE(reply.text.find("\"estimatedvalue\":84500.0000"), std::string::npos) << reply.text;
  const Json row = reply.json();
  EXPECT_EQ(row["_transactioncurrencyid_value"], org.CurrencyId("EUR"));
  EXPECT_EQ(row["opportunityid"], id);
  EXPECT_FALSE(row.contains("name"));
  EXPECT_EQ(row["@odata.context"],
            "https://crm.contoso.example/api/data/v9.2/"
            "$metadata#opportunities(estimatedvalue)/$entity");
}

TEST(DataverseReadTest, EtagIsWeakAndEqualsVersionNumber) {
  Organization org;
  const std::string id = org.Make("opportunities", {{"name", "A"}});
  const Reply reply = org.Get(org.Path(id) + "?$select=versionnumber");
  const Json row = reply.json();
  EXPECT_EQ(row["@odata.etag"],
            "W/\"" + std::to_string(row["versionnumber"].get<std::uint64_t>()) + "\"");
  EXPECT_EQ(reply.Header("ETag"), row["@odata.etag"]);
}

TEST(DataverseReadTest, UnknownAndVirtualPropertiesInSelectAreRefused) {
  Organization org;
  for (const auto* property : {"parentaccountidname", "parentaccountid", "Name", "nosuch"}) {
    const Reply reply = org.Get(std::string("opportunities?$select=") + property);
    EXPECT_EQ(reply.status, 400) << property;
    EXPECT_EQ(reply.Code(), "0x80060888") << property;
  }
}

TEST(DataverseReadTest, SkipAndApplyAreRefused) {
  Organization org;
  EXPECT_EQ(org.Get("opportunities?$skip=5").status, 400);
  EXPECT_EQ(org.Get("opportunities?$apply=aggregate(x)").status, 400);
}

TEST(DataverseReadTest, AnnotationsComeWhenAskedForAndStandBeforeTheirProperty) {
  Organization org;
  const std::string account = org.Make("accounts", {{"name", "Fabrikam"}});
  const std::string id =
      org.Make("opportunities", {{"name", "A"},
                                 {"estimatedvalue", 84500},
                                 {"estimatedclosedate", "2026-09-30"},
                                 {"parentaccountid@odata.bind", "/accounts(" + account + ")"}});
  const std::string path =
      org.Path(id) +
      "?$select=estimatedvalue,estimatedclosedate,statuscode,_parentaccountid_value,"
      "_parentcontactid_value,description";
  EXPECT_EQ(org.Get(path).text.find("FormattedValue"), std::string::npos);
  const Reply reply =
      org.Get(path, {{"Prefer",
                      "odata.include-annotations=\"OData.Community.Display.V1.FormattedValue,"
                      "Microsoft.Dynamics.CRM.lookuplogicalname\""}});
  const Json row = reply.json();
  const std::string formatted = "@OData.Community.Display.V1.FormattedValue";
  EXPECT_EQ(row["estimatedvalue" + formatted], "\u20ac84,500.00");
  EXPECT_EQ(row["estimatedclosedate" + formatted], "9/30/2026");
  EXPECT_EQ(row["statuscode" + formatted], "In Progress");
  EXPECT_EQ(row["_parentaccountid_value" + formatted], "Fabrikam");
  EXPECT_EQ(row["_parentaccountid_value@Microsoft.Dynamics.CRM.lookuplogicalname"], "account");
  EXPECT_FALSE(
      row.contains("_parentaccountid_value@Microsoft.Dynamics.CRM."
                   "associatednavigationproperty"));
  EXPECT_FALSE(row.contains("_parentcontactid_value" + formatted));
  EXPECT_TRUE(row["_parentcontactid_value"].is_null());
  EXPECT_LT(reply.text.find("statuscode@OData"), reply.text.find("\"statuscode\":"));
  EXPECT_NE(reply.Header("Preference-Applied"), "");
}

TEST(DataverseReadTest, ExpandShowsTheRelatedRowOrNull) {
  Organization org;
  const std::string account =
      org.Make("accounts", {{"name", "Fabrikam"}, {"address1_country", "SE"}});
  const std::string id =
      org.Make("opportunities",
               {{"name", "A"}, {"parentaccountid@odata.bind", "/accounts(" + account + ")"}});
  const Json row = org.Get(org.Path(id) +
                           "?$select=name&$expand=parentaccountid($select=name,address1_country),"
                           "parentcontactid($select=fullname)")
                       .json();
  EXPECT_EQ(row["parentaccountid"]["address1_country"], "SE");
  EXPECT_EQ(row["parentaccountid"]["accountid"], account);
  EXPECT_TRUE(row["parentcontactid"].is_null());
  EXPECT_EQ(org.Get(org.Path(id) + "?$expand=opportunity_customer_accounts").status, 400);
}

class PagingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const auto* name : {"e", "b", "d", "a", "c"}) {
      org.Make("opportunities", {{"name", name}});
      org.clock.Advance(std::chrono::seconds(1));
    }
  }
  std::vector<std::string> AllPages(std::string url, const net::Headers& headers) {
    std::vector<std::string> names;
    for (int page = 0; page < 10 && !url.empty(); ++page) {
      const Reply reply = org.Get(url, headers);
      for (const auto& name : Organization::Names(reply)) names.push_back(name);
      url = reply.json().value("@odata.nextLink", "");
    }
    return names;
  }
  Organization org;
};

TEST_F(PagingTest, PagesFollowTheOrder) {
  const net::Headers two = {{"Prefer", "odata.maxpagesize=2"}};
  EXPECT_EQ(AllPages("opportunities?$select=name&$orderby=name%20desc", two),
            (std::vector<std::string>{"e", "d", "c", "b", "a"}));
  EXPECT_EQ(
      AllPages("opportunities?$select=name&$orderby=modifiedon%20asc,opportunityid%20asc", two),
      (std::vector<std::string>{"e", "b", "d", "a", "c"}));
}

TEST_F(PagingTest, ARowThatMovesBetweenPagesHidesNoOther) {
  const net::Headers two = {{"Prefer", "odata.maxpagesize=2"}};
  const Reply first = org.Get("opportunities?$select=name&$orderby=modifiedon", two);
  const std::string moved = first.json()["value"][0]["opportunityid"];
  org.Patch(org.Path(moved), {{"name", "e2"}});
  EXPECT_EQ(AllPages(first.json()["@odata.nextLink"], two),
            (std::vector<std::string>{"d", "a", "c", "e2"}));
}

TEST_F(PagingTest, APageSizeMustBeRepeatedAndTheLinkKept) {
  const net::Headers two = {{"Prefer", "odata.maxpagesize=2"}};
  const std::string link = org.Get("opportunities?$select=name", two).json()["@odata.nextLink"];
  EXPECT_EQ(Organization::Names(org.Get(link)).size(), 3u);
  EXPECT_EQ(org.Get(link + "&$top=1", two).status, 400);
  EXPECT_EQ(org.Get("opportunities?$select=name&$skiptoken=made-up").status, 400);
}

TEST_F(PagingTest, TopIsIgnoredBesideAPageSize) {
  EXPECT_EQ(Organization::Names(org.Get("opportunities?$select=name&$top=1")).size(), 1u);
  EXPECT_FALSE(org.Get("opportunities?$select=name&$top=1").json().contains("@odata.nextLink"));
  EXPECT_EQ(
      AllPages("opportunities?$select=name&$top=1", {{"Prefer", "odata.maxpagesize=4"}}).size(),
      5u);
}

TEST_F(PagingTest, CountComesWhenAskedFor) {
  EXPECT_EQ(org.Get("opportunities?$select=name&$count=true&$top=1").json()["@odata.count"], 5);
  EXPECT_EQ(org.Get("opportunities/$count").text, "5");
  EXPECT_FALSE(org.Get("opportunities?$select=name").json().contains("@odata.count"));
}

TEST(DataverseReadTest, NoPageIsLongerThan5000Rows) {
  Organization org;
  std::vector<SeedOpportunity> seeds(5001);
  for (auto& seed : seeds) seed.name = "Deal";
  org.world.Seed(seeds);
  const Json page =
      org.Get("opportunities?$select=name&$count=true", {{"Prefer", "odata.maxpagesize=9000"}})
          .json();
  EXPECT_EQ(page["value"].size(), 5000u);
  EXPECT_EQ(page["@odata.count"], 5000);
  const Json rest = org.Get(page["@odata.nextLink"].get<std::string>()).json();
  EXPECT_EQ(rest["value"].size(), 1u);
  EXPECT_FALSE(rest.contains("@odata.nextLink"));
}

TEST(DataverseReadTest, IfNoneMatchSavesAnUnchangedRowUnlessExpandedOrAnnotated) {
  Organization org;
  const std::string id = org.Make("opportunities", {{"name", "A"}});
  const std::string etag = org.Etag(id);
  EXPECT_EQ(org.Get(org.Path(id), {{"If-None-Match", etag}}).status, 304);
  EXPECT_EQ(org.Get(org.Path(id), {{"If-None-Match", "null"}}).status, 200);
  EXPECT_EQ(org.Get(org.Path(id),
                    {{"If-None-Match", etag}, {"Prefer", "odata.include-annotations=\"*\""}})
                .status,
            200);
  EXPECT_EQ(org.Get(org.Path(id) + "?$expand=parentaccountid", {{"If-None-Match", etag}}).status,
            200);
  org.Patch(org.Path(id), {{"name", "B"}});
  EXPECT_EQ(org.Get(org.Path(id), {{"If-None-Match", etag}}).status, 200);
}

TEST(DataverseReadTest, SwitchesForDatesAndUnknownMembers) {
  Organization org;
  const std::string id =
      org.Make("opportunities", {{"name", "A"}, {"estimatedclosedate", "2026-09-30"}});
  const std::string path = org.Path(id) + "?$select=estimatedclosedate";
  EXPECT_EQ(org.Get(path).json()["estimatedclosedate"], "2026-09-30");
  org.world.switches().dates_as_timestamps = true;
  EXPECT_EQ(org.Get(path).json()["estimatedclosedate"], "2026-09-30T00:00:00Z");
  org.world.switches().extra_members = true;
  EXPECT_EQ(org.Get(path).json()["new_unannounced"], "surprise");
}

TEST(DataverseReadTest, ErrorDetailsAndEmptyCodes) {
  Organization org;
  const Reply detailed =
      org.Get("opportunities?$select=x", {{"Prefer", "odata.include-annotations=\"*\""}});
  EXPECT_TRUE(detailed.json()["error"].contains("@Microsoft.PowerApps.CDS.InnerError.Message"));
  org.world.switches().empty_error_codes = true;
  const Reply empty = org.Get("opportunities?$select=x");
  EXPECT_EQ(empty.status, 400);
  EXPECT_EQ(empty.Code(), "");
  EXPECT_FALSE(empty.json()["error"].contains("@Microsoft.PowerApps.CDS.InnerError.Message"));
}

TEST(DataverseReadTest, InjectedFaultsHitWhatTheyName) {
  Organization org;
  DataverseFault fault;
  fault.code = "0x80072322";
  fault.retry_after_s = 37;
  fault.path_contains = "accounts";
  org.world.Inject(fault);
  EXPECT_EQ(org.Get("opportunities").status, 200);
  const Reply reply = org.Get("accounts");
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.Header("Retry-After"), "37");
  EXPECT_EQ(reply.Code(), "0x80072322");
  EXPECT_EQ(org.Get("accounts").status, 200);
}

TEST(DataverseReadTest, AFaultAfterCommitHidesAWriteThatHappened) {
  Organization org;
  DataverseFault fault;
  fault.status = 500;
  fault.code = "0x80044151";
  fault.after_commit = true;
  org.world.Inject(fault);
  EXPECT_EQ(org.Post("accounts", {{"name", "Fabrikam"}}).status, 500);
  EXPECT_EQ(org.world.Rows("accounts").size(), 1u);
}

TEST(DataverseReadTest, MissingPrivilegeIsNamed) {
  Organization org;
  org.world.switches().missing_privileges = {"prvCreateOpportunity"};
  const Reply reply = org.Post("opportunities", {{"name", "A"}});
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.Code(), "0x80040220");
  EXPECT_NE(reply.text.find("prvCreateOpportunity"), std::string::npos);
}

TEST(DataverseReadTest, SameSeedGivesTheSameHistory) {
  const auto history = [] {
    Organization org;
    SeedOpportunity seed;
    seed.name = "A";
    seed.account = "Fabrikam";
    org.world.Seed({seed});
    org.Make("opportunities", {{"name", "B"}});
    return org.Get("opportunities").text;
  };
  EXPECT_EQ(history(), history());
}

}  // namespace
}  // namespace cosell::sandbox

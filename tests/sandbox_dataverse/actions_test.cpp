#include <gtest/gtest.h>

#include "sandbox_dataverse/organization.h"

namespace cosell::sandbox {
namespace {

class DataverseActionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    id = org.Make("opportunities", {{"name", "A"}, {"estimatedvalue", 500}});
  }
  Reply Close(const std::string& action, int status, Json activity = Json::object()) {
    activity["opportunityid@odata.bind"] = "/opportunities(" + id + ")";
    return org.Post(action, {{"Status", status}, {"OpportunityClose", activity}});
  }
  Organization org;
  std::string id;
};

TEST_F(DataverseActionTest, WinningClosesTheRowAndFilesAnActivity) {
  const Reply reply = Close(
      "WinOpportunity", 3, {{"subject", "Won via co-sell"}, {"actualend", "2026-10-12T00:00:00Z"}});
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(org.Cell(id, "statecode"), "1");
  EXPECT_EQ(org.Cell(id, "statuscode"), "3");
  EXPECT_EQ(org.Cell(id, "actualclosedate"), "2026-10-12");
  EXPECT_EQ(org.Cell(id, "actualvalue"), "500.0000");
  const auto closes = org.world.Rows("opportunitycloses");
  ASSERT_EQ(closes.size(), 1u);
  EXPECT_EQ(closes[0].Cell("_opportunityid_value"), id);
  EXPECT_EQ(closes[0].Cell("subject"), "Won via co-sell");
  EXPECT_EQ(org.world.journal().back().operation, "win");
}

TEST_F(DataverseActionTest, LosingTakesItsOwnReasons) {
  EXPECT_EQ(Close("LoseOpportunity", 3).Code(), "0x80048408");
  EXPECT_EQ(Close("WinOpportunity", 4).Code(), "0x80048408");
  EXPECT_EQ(Close("LoseOpportunity", 5, {{"description", "Expired"}}).status, 204);
  EXPECT_EQ(org.Cell(id, "statecode"), "2");
  EXPECT_EQ(org.Cell(id, "actualvalue"), std::nullopt);
  EXPECT_EQ(org.Cell(id, "actualclosedate"), "2026-03-01");
  EXPECT_EQ(org.world.Rows("opportunitycloses").size(), 1u);
}

TEST_F(DataverseActionTest, BothParametersAreMandatoryAndTheRowMustExist) {
  EXPECT_EQ(org.Post("WinOpportunity", {{"Status", 3}}).status, 400);
  EXPECT_EQ(org.Post("WinOpportunity", {{"OpportunityClose", Json::object()}}).status, 400);
  id = Organization::kUnknownId;
  EXPECT_EQ(Close("WinOpportunity", 3).status, 404);
  EXPECT_EQ(org.Get("WinOpportunity").status, 405);
}

TEST_F(DataverseActionTest, ClosedRowsAreReadOnlyUntilReopened) {
  Close("WinOpportunity", 3);
  const std::string etag = org.Etag(id);
  EXPECT_EQ(Close("LoseOpportunity", 4).status, 400);
  EXPECT_EQ(org.Patch(org.Path(id), {{"msft_audit", "late"}}).status, 400);
  EXPECT_EQ(org.Etag(id), etag);
  EXPECT_EQ(org.Patch(org.Path(id), {{"statecode", 0}}, {{"If-Match", "*"}}).status, 204);
  EXPECT_EQ(org.Cell(id, "statuscode"), "1");
  EXPECT_EQ(org.Patch(org.Path(id), {{"msft_audit", "open again"}}).status, 204);
}

TEST_F(DataverseActionTest, ALaxOrganizationLetsClosedRowsBeEdited) {
  org.world.switches().closed_rows_read_only = false;
  Close("LoseOpportunity", 4);
  EXPECT_EQ(org.Patch(org.Path(id), {{"msft_audit", "late"}}).status, 204);
  EXPECT_EQ(org.Cell(id, "statecode"), "2");
}

TEST_F(DataverseActionTest, StateAndReasonMustBelongTogether) {
  EXPECT_EQ(org.Patch(org.Path(id), {{"statuscode", 2}}).status, 204);
  EXPECT_EQ(org.Patch(org.Path(id), {{"statuscode", 3}}).Code(), "0x80048408");
  EXPECT_EQ(org.Patch(org.Path(id), {{"statecode", 2}, {"statuscode", 3}}).Code(), "0x80048408");
  EXPECT_EQ(org.Patch(org.Path(id), {{"statecode", 9}}).Code(), "0x80048408");
  EXPECT_EQ(org.Cell(id, "statuscode"), "2");
}

TEST_F(DataverseActionTest, ClosingByPatchSkipsTheActivity) {
  EXPECT_EQ(org.Patch(org.Path(id), {{"statecode", 1}}).status, 204);
  EXPECT_EQ(org.Cell(id, "statuscode"), "3");
  EXPECT_TRUE(org.world.Rows("opportunitycloses").empty());
  EXPECT_EQ(org.Cell(id, "actualvalue"), std::nullopt);
}

class QualifyLeadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    lead = org.Make("leads", {{"subject", "Robotics enquiry"},
                              {"companyname", "Northwind"},
                              {"firstname", "Inga"},
                              {"lastname", "Sample"},
                              {"emailaddress1", "inga@northwind.example"},
                              {"estimatedamount", 12000},
                              {"estimatedclosedate", "2026-12-15"},
                              {"description", "From a profile."}});
  }
  Reply Qualify(const std::string& action, Json extra = Json::object()) {
    Json body = {{"CreateAccount", false},
                 {"CreateContact", true},
                 {"CreateOpportunity", true},
                 {"Status", 3}};
    body.update(extra);
    return org.Post("leads(" + lead + ")/" + action, body);
  }
  static constexpr const char* kAction = "Microsoft.Dynamics.CRM.QualifyLead";
  Organization org;
  std::string lead;
};

TEST_F(QualifyLeadTest, MakesTheRowsAndClosesTheLead) {
  const std::string account = org.Make("accounts", {{"name", "Northwind"}});
  const Json customer = {{"accountid", account}, {"@odata.type", "Microsoft.Dynamics.CRM.account"}};
  const Json currency = {{"transactioncurrencyid", org.CurrencyId("SEK")},
                         {"@odata.type", "Microsoft.Dynamics.CRM.transactioncurrency"}};
  const Reply reply =
      Qualify(kAction, {{"OpportunityCustomerId", customer}, {"OpportunityCurrencyId", currency}});
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.json()["value"].size(), 2u);
  const Reply found =
      org.Get(Filter("opportunities", "_originatingleadid_value eq " + lead, "opportunityid"));
  const std::string id = found.json()["value"][0]["opportunityid"];
  EXPECT_EQ(org.Cell(id, "name"), "Robotics enquiry");
  EXPECT_EQ(org.Cell(id, "estimatedvalue"), "12000.0000");
  EXPECT_EQ(org.Cell(id, "estimatedclosedate"), "2026-12-15");
  EXPECT_EQ(org.Cell(id, "_parentaccountid_value"), account);
  EXPECT_EQ(org.Cell(id, "_transactioncurrencyid_value"), org.CurrencyId("SEK"));
  EXPECT_EQ(org.world.Rows("contacts")[0].Cell("fullname"), "Inga Sample");
  EXPECT_EQ(org.world.Row("leads", lead)->Cell("statecode"), "1");
  EXPECT_EQ(org.world.Row("leads", lead)->Cell("_qualifyingopportunityid_value"), id);
}

TEST_F(QualifyLeadTest, NeedsItsFullNameAndATypedCustomer) {
  EXPECT_EQ(Qualify("QualifyLead").status, 400);
  const std::string account = org.Make("accounts", {{"name", "Northwind"}});
  EXPECT_EQ(Qualify(kAction, {{"OpportunityCustomerId", {{"accountid", account}}}}).status, 400);
  EXPECT_EQ(Qualify(kAction, {{"Status", 4}}).Code(), "0x80048408");
  EXPECT_TRUE(org.world.Rows("opportunities").empty());
  EXPECT_TRUE(org.world.Rows("contacts").empty());
}

TEST_F(QualifyLeadTest, AConvertedLeadIsReadOnlyAndADisqualifiedOneIsNot) {
  Qualify(kAction);
  EXPECT_EQ(org.Patch("leads(" + lead + ")", {{"subject", "late"}}).status, 400);
  EXPECT_EQ(Qualify(kAction).status, 400);
  const std::string other = org.Make("leads", {{"subject", "B"}, {"lastname", "Sample"}});
  const std::string path = "leads(" + other + ")";
  EXPECT_EQ(org.Patch(path, {{"statecode", 2}, {"statuscode", 4}}).status, 204);
  EXPECT_EQ(org.Patch(path, {{"subject", "late"}}).status, 204);
}

}  // namespace
}  // namespace cosell::sandbox

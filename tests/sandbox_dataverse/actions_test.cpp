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

}  // namespace
}  // namespace cosell::sandbox

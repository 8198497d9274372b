#include <gtest/gtest.h>

#include "sandbox_dataverse/organization.h"
#include "tools/sandbox/desk/dataverse_desk.h"
#include "tools/sandbox/desk/desk_control.h"

// What sellers do with leads and solutions, in the desk's words and through its control API.
namespace cosell::sandbox {
namespace {

using Words = std::vector<std::string>;

class DataverseDeskTest : public ::testing::Test {
 protected:
  Json Ask(const std::string& method, const std::string& path, const Json& body = nullptr) {
    const auto answer = control.Handle({method,
                                        std::string(Organization::kOrigin) + "/desk/" + path,
                                        {},
                                        body.is_null() ? "" : body.dump()});
    status = answer.status;
    return Json::parse(answer.body, nullptr, false);
  }
  std::string OpensLead() {
    return Ask("POST", "leads",
               {{"name", "Robotics enquiry"},
                {"company", "Northwind"},
                {"last_name", "Sample"},
                {"deal_value", 12000},
                {"currency", "SEK"},
                {"sync", true}})["id"];
  }

  Organization org;
  std::unique_ptr<CrmDesk> desk = MakeDataverseDesk(org.world);
  DeskControl control{[this]() -> CrmDesk& { return *desk; }, org.clock, "/desk/"};
  int status = 0;
};

TEST_F(DataverseDeskTest, ALeadIsEnteredEditedAndDeleted) {
  const std::string id = OpensLead();
  EXPECT_EQ(desk->Leads(), Words{id});
  EXPECT_EQ(Ask("GET", "leads")["value"][0]["id"], id);
  Json lead = Ask("GET", "leads/" + id);
  EXPECT_EQ(lead["state"], "new");
  EXPECT_EQ(lead["deal_value"], "12000");
  EXPECT_EQ(lead["currency"], "SEK");
  EXPECT_EQ(lead["sync"], "true");
  Ask("PATCH", "leads/" + id, {{"notes", "Called."}, {"country", "SE"}});
  EXPECT_EQ(desk->LeadValue(id, "notes"), "Called.");
  EXPECT_EQ(desk->LeadValue(id, "country"), "SE");
  Ask("PATCH", "leads/" + id, {{"shoe_size", 44}});
  EXPECT_EQ(status, 400);
  Ask("POST", "leads", {{"currency", "XXX"}});
  EXPECT_EQ(status, 400);
  Ask("DELETE", "leads/" + id);
  EXPECT_EQ(status, 200);
  Ask("GET", "leads/" + id);
  EXPECT_EQ(status, 404);
}

TEST_F(DataverseDeskTest, ALeadIsQualifiedOrDisqualified) {
  const std::string id = OpensLead();
  const std::string deal = Ask("POST", "leads/" + id + "/qualify")["opportunity"];
  EXPECT_EQ(desk->LeadValue(id, "state"), "qualified");
  EXPECT_EQ(desk->LeadValue(id, "became"), deal);
  EXPECT_EQ(desk->Value(deal, "name"), "Robotics enquiry");
  EXPECT_EQ(desk->Value(deal, "account"), "Northwind");
  Ask("POST", "leads/" + id + "/disqualify");
  EXPECT_EQ(status, 400);
  const std::string other = OpensLead();
  Ask("POST", "leads/" + other + "/disqualify");
  EXPECT_EQ(desk->LeadValue(other, "state"), "disqualified");
  const std::string third = OpensLead();
  EXPECT_EQ(Ask("POST", "leads/" + third + "/qualify", {{"opportunity", false}})["opportunity"],
            "");
}

TEST_F(DataverseDeskTest, SolutionsAreTextOrRowsAsTheOrganisationHasIt) {
  const std::string deal = org.Make("opportunities", {{"name", "A"}});
  const std::string path = "opportunities/" + deal + "/solutions";
  Ask("PUT", path, {{"value", {"SOL-2", "SOL-1"}}});
  EXPECT_EQ(desk->Value(deal, "products"), "SOL-2; SOL-1");
  EXPECT_EQ(Ask("GET", path)["value"], (Json{"SOL-1", "SOL-2"}));
  org.world.switches().solutions_table = true;
  EXPECT_TRUE(desk->Solutions(deal).empty());
  Ask("PUT", path, {{"value", {"SOL-3"}}});
  const RowView row = org.world.Rows("msft_microsoftsolutions").at(0);
  Ask("PUT", path, {{"value", {"SOL-3", "SOL-4"}}});
  EXPECT_EQ(desk->Solutions(deal), (Words{"SOL-3", "SOL-4"}));
  EXPECT_EQ(org.world.Row("msft_microsoftsolutions", row.id)->etag, row.etag);
  Ask("PUT", path, {{"value", Json::array()}});
  EXPECT_TRUE(org.world.Rows("msft_microsoftsolutions").empty());
}

}  // namespace
}  // namespace cosell::sandbox

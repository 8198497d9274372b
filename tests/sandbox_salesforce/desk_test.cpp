#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/fake_clock.h"
#include "tools/sandbox/world/salesforce_side.h"

// The sellers' desk over a Salesforce organisation: leads and solutions (crm_desk.h).
namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;
using Texts = std::vector<std::string>;

class SalesforceDeskTest : public ::testing::Test {
 protected:
  CrmDesk& Desk(const SalesforceWorldOptions& options = {}) {
    side_ = std::make_unique<SalesforceSide>(clock_, random_, Origins{}, Identities{}, options);
    return side_->desk();
  }
  static std::string Words(Json more = Json::object()) {
    more.update(Json{{"name", "Brewhouse telemetry"},
                     {"company", "Tailspin Freight AB"},
                     {"last_name", "Example"},
                     {"country", "SE"}});
    return more.dump();
  }

  test::FakeClock clock_;
  SeededRandom random_{7};
  std::unique_ptr<SalesforceSide> side_;
};

TEST_F(SalesforceDeskTest, ASellerEntersALeadAndConvertsIt) {
  CrmDesk& desk = Desk();
  const auto lead = desk.OpenLead(Words({{"email", "inga.example@tailspin.example"}}));
  ASSERT_TRUE(lead) << lead.error().message;
  EXPECT_EQ(desk.Leads(), Texts{*lead});
  EXPECT_EQ(desk.LeadValue(*lead, "name"), "Brewhouse telemetry");
  EXPECT_EQ(desk.LeadValue(*lead, "country"), "SE");
  EXPECT_EQ(desk.LeadValue(*lead, "sync"), "false");
  EXPECT_EQ(desk.LeadValue(*lead, "state"), "new");
  EXPECT_FALSE(desk.LeadValue(*lead, "became"));
  ASSERT_TRUE(desk.SetLead(*lead, R"({"sync":true,"notes":"Called."})"));
  const auto deal = desk.QualifyLead(*lead, true);
  ASSERT_TRUE(deal) << deal.error().message;
  EXPECT_EQ(desk.Opportunities(), Texts{*deal});
  EXPECT_EQ(desk.Value(*deal, "name"), "Brewhouse telemetry");
  EXPECT_EQ(desk.LeadValue(*lead, "state"), "qualified");
  EXPECT_EQ(desk.LeadValue(*lead, "became"), *deal);
  EXPECT_FALSE(desk.SetLead(*lead, R"({"notes":"Too late."})"));
}

TEST_F(SalesforceDeskTest, ALeadIsConvertedWithoutAnOpportunityDisqualifiedOrDeleted) {
  CrmDesk& desk = Desk();
  const std::string converted = *desk.OpenLead(Words());
  EXPECT_EQ(*desk.QualifyLead(converted, false), "");
  EXPECT_EQ(desk.LeadValue(converted, "state"), "qualified");
  EXPECT_TRUE(desk.Opportunities().empty());
  const std::string lost = *desk.OpenLead(Words());
  ASSERT_TRUE(desk.Disqualify(lost));
  EXPECT_EQ(desk.LeadValue(lost, "state"), "disqualified");
  ASSERT_TRUE(desk.DeleteLead(lost));
  EXPECT_FALSE(desk.LeadValue(lost, "state"));
  EXPECT_EQ(desk.Leads(), Texts{converted});
}

TEST_F(SalesforceDeskTest, StatusesAreTheOrganisationsOwn) {
  SalesforceWorldOptions options;
  options.lead_statuses = {{"Neu", true, false},
                           {"In Arbeit", false, false},
                           {"Gewonnen", false, true},
                           {"Verworfen", false, false}};
  CrmDesk& desk = Desk(options);
  const std::string lead = *desk.OpenLead(Words());
  ASSERT_TRUE(desk.Disqualify(lead));
  EXPECT_EQ(side_->world().Row("Lead", lead)->Field("Status"), "Verworfen");
}

TEST_F(SalesforceDeskTest, ALeadHasADealValueWhereTheOrganisationMadeAFieldForIt) {
  EXPECT_EQ(Desk().OpenLead(Words({{"deal_value", 12000}})).error().kind, ErrorKind::invalid_input);
  SalesforceWorldOptions options;
  options.lead_deal_fields = true;
  CrmDesk& desk = Desk(options);
  const auto lead = desk.OpenLead(Words({{"deal_value", 12000.50}, {"currency", "USD"}}));
  ASSERT_TRUE(lead) << lead.error().message;
  EXPECT_EQ(desk.LeadValue(*lead, "deal_value"), "12000.5");
  EXPECT_EQ(desk.LeadValue(*lead, "currency"), "USD");
  EXPECT_EQ(desk.OpenLead(Words({{"colour", "blue"}})).error().kind, ErrorKind::invalid_input);
}

TEST_F(SalesforceDeskTest, SolutionsAreRowsOrTheProductsText) {
  for (const bool rows : {false, true}) {
    SalesforceWorldOptions options;
    options.solutions_object = rows;
    CrmDesk& desk = Desk(options);
    const std::string deal = *side_->world().Create(
        side_->world().people().front(), "Opportunity",
        R"({"Name":"A","StageName":"Qualification","CloseDate":"2026-11-30"})");
    ASSERT_TRUE(desk.SetSolutions(deal, {"SOL-2", "SOL-1"}));
    EXPECT_EQ(desk.Solutions(deal), (Texts{"SOL-1", "SOL-2"}));
    ASSERT_TRUE(desk.SetSolutions(deal, {"sol-2", "SOL-3"}));
    EXPECT_EQ(desk.Solutions(deal).size(), 2u);
    ASSERT_TRUE(desk.SetSolutions(deal, {}));
    EXPECT_TRUE(desk.Solutions(deal).empty());
  }
}

}  // namespace
}  // namespace cosell::sandbox

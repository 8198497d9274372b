#include <gtest/gtest.h>

#include <algorithm>

#include "sandbox_dataverse/organization.h"

// Leads: contract sections 6.5 and 13.2.
namespace cosell::sandbox {
namespace {

TEST(DataverseLeadTest, IsBornOpenAndMovesByAConsistentPair) {
  Organization org;
  EXPECT_EQ(org.Post("leads", {{"subject", "A"}, {"statecode", 0}}).status, 400);
  const std::string path = "leads(" + org.Make("leads", {{"subject", "A"}}) + ")";
  EXPECT_EQ(org.Patch(path, {{"statuscode", 2}}).status, 204);
  EXPECT_EQ(org.Patch(path, {{"statuscode", 4}}).Code(), "0x80048408");
  EXPECT_EQ(org.Patch(path, {{"statecode", 2}, {"statuscode", 3}}).Code(), "0x80048408");
  EXPECT_EQ(org.Patch(path, {{"statecode", 2}, {"statuscode", 7}}).status, 204);
  EXPECT_EQ(org.Patch(path, {{"statecode", 0}, {"statuscode", 1}}).status, 204);
}

TEST(DataverseLeadTest, HasTheCosellColumnsWithTheirLabelsUnlessSwitchedOff) {
  const std::string path =
      "EntityDefinitions(LogicalName='lead')/Attributes(LogicalName='msft_audit')";
  Organization org;
  const Reply audit = org.Get(path);
  ASSERT_EQ(audit.status, 200) << audit.text;
  EXPECT_NE(audit.text.find("\"Audit\""), std::string::npos);
  EXPECT_EQ(org.Get("leads?$select=msft_products").status, 400) << "a lead has no Products";
  DataverseWorldOptions plain;
  plain.lead_columns = false;
  Organization bare(plain);
  EXPECT_EQ(bare.Get(path).status, 404);
  EXPECT_EQ(bare.Get("leads?$select=subject").status, 200);
}

TEST(DataverseLeadTest, TheMoneyColumnIsTheEstimatedAmount) {
  Organization org;
  const std::string id =
      org.Make("leads", {{"subject", "A"}, {"estimatedamount", 12.345}, {"estimatedvalue", 7.5}});
  const RowView row = *org.world.Row("leads", id);
  EXPECT_EQ(row.Cell("estimatedamount"), "12.3500") << "rounded to the currency's precision";
  EXPECT_EQ(row.Cell("estimatedvalue"), "7.50");
  EXPECT_EQ(org.Patch("leads(" + id + ")", {{"mobilephone", std::string(21, '1')}}).Code(),
            "0x80044331");
}

TEST(DataverseLeadTest, ChangesAreTrackedAndPushedLikeAnOpportunitys) {
  Organization org;
  PushSubscription leads;
  leads.url = "https://sync.example/";
  leads.table = "lead";
  org.world.Subscribe(leads);
  const std::string id = org.Make("leads", {{"subject", "A"}});
  const Reply all = org.Get("leads?$select=subject", {{"Prefer", "odata.track-changes"}});
  ASSERT_EQ(all.json()["value"].size(), 1u);
  org.Send("DELETE", "leads(" + id + ")");
  const Reply delta = org.Get(all.json()["@odata.deltaLink"].get<std::string>());
  EXPECT_EQ(delta.json()["value"][0]["id"], id);
  EXPECT_EQ(org.world.pushes_pending(), 2u);
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

TEST_F(QualifyLeadTest, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(Qualify(kAction, {{"CreateOpportunities", true}}).Code(), "0x80048d19");
  const Json campaign = {{"campaignid", Organization::kUnknownId},
                         {"@odata.type", "Microsoft.Dynamics.CRM.campaign"}};
  EXPECT_EQ(Qualify(kAction, {{"SourceCampaignId", campaign}}).status, 404);
  EXPECT_EQ(org.Post("leads(" + lead + ")/" + kAction, {{"Status", 3}}).status, 400);
  EXPECT_EQ(org.world.Row("leads", lead)->Cell("statecode"), "0");
}

TEST_F(QualifyLeadTest, TakesTheLeadsOwnAccountContactAndCurrency) {
  const std::string account = org.Make("accounts", {{"name", "Northwind"}});
  const std::string contact = org.Make("contacts", {{"lastname", "Sample"}});
  org.Patch("leads(" + lead + ")", {{"parentaccountid@odata.bind", "/accounts(" + account + ")"},
                                    {"parentcontactid@odata.bind", "/contacts(" + contact + ")"},
                                    {"transactioncurrencyid@odata.bind", org.Currency("USD")}});
  ASSERT_EQ(Qualify(kAction, {{"CreateContact", false}}).status, 200);
  const RowView deal = org.world.Rows("opportunities").at(0);
  EXPECT_EQ(deal.Cell("_parentaccountid_value"), account);
  EXPECT_EQ(deal.Cell("_parentcontactid_value"), contact);
  EXPECT_EQ(deal.Cell("_transactioncurrencyid_value"), org.CurrencyId("USD"));
  EXPECT_EQ(org.world.Rows("contacts").size(), 1u);
}

TEST_F(QualifyLeadTest, CarriesTheCosellColumnsOnlyWhereAMappingSaysSo) {
  org.Patch("leads(" + lead + ")",
            {{"msft_syncwithpartnercenter", true}, {"msft_referralidentifier", "r-1"}});
  Qualify(kAction);
  const RowView plain = org.world.Rows("opportunities").at(0);
  EXPECT_EQ(plain.Cell("msft_syncwithpartnercenter"), "false");
  EXPECT_EQ(plain.Cell("msft_referralidentifier"), std::nullopt);
  org.Send("DELETE", "opportunities(" + plain.id + ")");

  org.world.switches().qualify_copies_cosell_columns = true;
  lead = org.Make("leads", {{"subject", "B"}, {"msft_referralidentifier", "r-2"}});
  Qualify(kAction);
  EXPECT_EQ(org.world.Rows("opportunities").at(0).Cell("msft_referralidentifier"), "r-2");
}

TEST_F(QualifyLeadTest, TheLeadMayLeaveItToTheOpportunityToNameTheOther) {
  org.world.switches().qualify_names_opportunity = false;
  ASSERT_EQ(Qualify(kAction).status, 200);
  EXPECT_EQ(org.world.Row("leads", lead)->Cell("_qualifyingopportunityid_value"), std::nullopt);
  EXPECT_EQ(org.world.Rows("opportunities").at(0).Cell("_originatingleadid_value"), lead);
}

TEST_F(QualifyLeadTest, APersonQualifiesAndDisqualifiesInTheForm) {
  const std::string person = org.world.people().front();
  const auto deal = org.world.Qualify(person, lead);
  ASSERT_TRUE(deal.ok()) << Describe(deal.error());
  EXPECT_EQ(org.Cell(*deal, "name"), "Robotics enquiry");
  EXPECT_EQ(org.world.Rows("accounts").at(0).Cell("name"), "Northwind");
  EXPECT_FALSE(org.world.Disqualify(person, lead).ok()) << "a qualified lead is read only";
  const std::string other = org.Make("leads", {{"subject", "B"}, {"lastname", "Sample"}});
  EXPECT_EQ(*org.world.Qualify(person, other, false), "");
  EXPECT_EQ(org.world.Row("leads", other)->Cell("statecode"), "1");
  const std::string third = org.Make("leads", {{"subject", "C"}, {"lastname", "Sample"}});
  EXPECT_TRUE(org.world.Disqualify(person, third).ok());
  EXPECT_EQ(org.world.Row("leads", third)->Cell("statuscode"), "4");
}

TEST(DataverseSolutionsTest, TheTablesAreThereOnlyWhereSwitchedOn) {
  Organization org;
  const std::string children =
      "EntityDefinitions(LogicalName='opportunity')/OneToManyRelationships?$select="
      "ReferencingEntity,ReferencingAttribute,ReferencingEntityNavigationPropertyName";
  EXPECT_EQ(org.Get("msft_microsoftsolutions").status, 404);
  EXPECT_EQ(org.Get("EntityDefinitions(LogicalName='msft_microsoftsolution')").status, 404);
  EXPECT_EQ(org.Get(children).text.find("msft_"), std::string::npos);
  org.world.switches().solutions_table = true;
  EXPECT_EQ(org.Get("msft_microsoftsolutions").status, 200);
  const Json related = org.Get(children).json()["value"];
  const auto found = std::find_if(related.begin(), related.end(), [](const Json& each) {
    return each["ReferencingEntity"] == "msft_microsoftsolution";
  });
  ASSERT_NE(found, related.end());
  EXPECT_EQ((*found)["ReferencingAttribute"], "msft_opportunityid");
  EXPECT_EQ((*found)["ReferencingEntityNavigationPropertyName"], "msft_OpportunityId");
}

}  // namespace
}  // namespace cosell::sandbox

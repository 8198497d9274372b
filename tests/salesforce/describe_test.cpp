#include "organization.h"

namespace cosell::test {
namespace {

class DescribeTest : public SalesforceTest {};

TEST_F(DescribeTest, RolesAreFoundByNameAndLabel) {
  const CrmSchema schema = Schema();
  EXPECT_EQ(schema.roles.at("sync"), "Sync_with_Partner_Center__c");
  EXPECT_EQ(schema.roles.at("referral_id"), "Referral_Identifier__c");
  EXPECT_EQ(schema.roles.at("visibility"), "MsVisible__c");
  EXPECT_EQ(schema.roles.at("deal_value"), "Amount");
  EXPECT_EQ(schema.roles.at("currency"), "CurrencyIsoCode");
  EXPECT_EQ(schema.roles.at("closing_date"), "CloseDate");
  EXPECT_EQ(schema.roles.at("country_code"), "BillingCountry");
  EXPECT_FALSE(schema.roles.contains("program"));
  EXPECT_EQ(schema.currencies, (std::vector<std::string>{"EUR", "USD"}));
  EXPECT_EQ(schema.user_id, "0055g00000DnYxEAAV");
  EXPECT_EQ(schema.organization_id, "00D5g000004TqAzEAK");
  EXPECT_TRUE(schema.problems.empty()) << schema.problems.front();
}

TEST_F(DescribeTest, TheEarlierGenerationsLabelsAreFoundToo) {
  Lacks("MsVisible__c");
  Has(FieldOf("Vis__c", "boolean", "Microsoft Partner Center Referral Visibility"));
  EXPECT_EQ(Schema().roles.at("visibility"), "Vis__c");
}

// As the published table of 2020 was typed in, with its misprints.
TEST_F(DescribeTest, FieldsMadeByHandAreFoundByTheirLabels) {
  for (const char* name : {"Referral_Identifier__c", "Sync_with_Partner_Center__c",
                           "Referral_Link__c", "How_can_Microsoft_help__c"}) {
    Lacks(name);
  }
  Json identifier =
      FieldOf("Referral_Identfier__c", "string", "Referral Identifier", {100, true, {}, ""});
  identifier["externalId"] = identifier["unique"] = true;
  Has(identifier);
  Has(FieldOf("sync_with_partner_center_c__c", "boolean", "Sync with Partner Center"));
  Has(FieldOf("Referral_Link_c__c", "url", "Referral Link", {255, true, {}, ""}));
  Has(FieldOf("How_can_Microsoft_help_c__c", "picklist", "How can Microsoft help?",
              {255, true, HelpValues(), ""}));
  const CrmSchema schema = Schema();
  EXPECT_EQ(schema.roles.at("referral_id"), "Referral_Identfier__c");
  EXPECT_EQ(schema.roles.at("sync"), "sync_with_partner_center_c__c");
  EXPECT_EQ(schema.roles.at("referral_link"), "Referral_Link_c__c");
  EXPECT_EQ(schema.roles.at("help"), "How_can_Microsoft_help_c__c");
  EXPECT_TRUE(schema.problems.empty()) << schema.problems.front();
}

TEST_F(DescribeTest, FieldsOfAManagedPackageAreFoundUnderItsNamespace) {
  for (const char* name :
       {"Referral_Identifier__c", "Sync_with_Partner_Center__c", "Referral_Link__c", "Audit__c",
        "How_can_Microsoft_help__c", "MsVisible__c", "Products__c"}) {
    Lacks(name);
  }
  HasCosellFields("msftpc__");
  const CrmSchema schema = Schema();
  EXPECT_EQ(schema.roles.at("sync"), "msftpc__Sync_with_Partner_Center__c");
  EXPECT_EQ(schema.roles.at("audit"), "msftpc__Audit__c");
  EXPECT_EQ(schema.roles.at("visibility"), "msftpc__MsVisible__c");
  EXPECT_TRUE(schema.problems.empty()) << schema.problems.front();
}

TEST_F(DescribeTest, AnOverrideWinsWhateverItsCaseAndMustExist) {
  Has(FieldOf("Deal_Worth__c", "currency", "Deal worth"));
  options.fields = {{"deal_value", "deal_worth__c"}, {"products", "Nowhere__c"}};
  const CrmSchema schema = Schema();
  EXPECT_EQ(schema.roles.at("deal_value"), "Deal_Worth__c");
  EXPECT_FALSE(schema.roles.contains("products"));
  EXPECT_TRUE(Mentions(schema.problems, "Nowhere__c"));
}

TEST_F(DescribeTest, SeveralFieldsOfOneLabelAreAProblemNamingThem) {
  Lacks("Audit__c");
  Has(FieldOf("Audit_A__c", "textarea", "Audit"));
  Has(FieldOf("Audit_B__c", "textarea", "AUDIT"));
  const CrmSchema schema = Schema();
  EXPECT_EQ(schema.roles.at("audit"), "Audit_A__c");
  EXPECT_TRUE(Mentions(schema.problems, "Audit_A__c, Audit_B__c"));
}

TEST_F(DescribeTest, WithoutCurrencyFieldThereIsNoCurrencyRoleAndTheMendIsNamed) {
  Lacks("CurrencyIsoCode");
  const CrmSchema schema = Schema();
  EXPECT_FALSE(schema.roles.contains("currency"));
  EXPECT_TRUE(schema.currencies.empty());
  EXPECT_TRUE(Mentions(schema.problems, "create.referral.details.currency"));
  EXPECT_TRUE(api.Requests("GET", "CurrencyType").empty());
}

TEST_F(DescribeTest, WithCountryPicklistsTheIsoCodeIsTheCountry) {
  accounts_.push_back(FieldOf("BillingCountryCode", "picklist", "", {0, true, {"DE"}, ""}));
  EXPECT_EQ(Schema().roles.at("country_code"), "BillingCountryCode");
}

TEST_F(DescribeTest, AFieldThatIsHiddenIsAProblemWithItsMend) {
  Lacks("Referral_Identifier__c");
  const CrmSchema schema = Schema();
  EXPECT_FALSE(schema.roles.contains("referral_id"));
  EXPECT_TRUE(Mentions(schema.problems, "Referral_Identifier__c"));
  EXPECT_TRUE(Mentions(schema.problems, "crm.fields.referral_id"));
}

TEST_F(DescribeTest, AFieldThatMayNotBeWrittenIsAProblem) {
  Describes("Audit__c", "updateable", false);
  EXPECT_TRUE(Mentions(Schema().problems, "Audit__c (audit) may not be written"));
}

TEST_F(DescribeTest, AnIdentifierThatIsNeitherExternalNorUniqueIsTwoProblems) {
  Describes("Referral_Identifier__c", "externalId", false);
  Describes("Referral_Identifier__c", "unique", false);
  const auto problems = Schema().problems;
  EXPECT_TRUE(Mentions(problems, "no External ID"));
  EXPECT_TRUE(Mentions(problems, "not unique"));
}

TEST_F(DescribeTest, ACalculatedDealValueIsAProblem) {
  Describes("Amount", "calculated", true);
  Describes("Amount", "updateable", false);
  const auto problems = Schema().problems;
  EXPECT_TRUE(Mentions(problems, "Amount is a formula"));
  EXPECT_FALSE(Mentions(problems, "Amount (deal_value) may not"));
}

TEST_F(DescribeTest, MissingHelpValuesAreNamed) {
  Describes("How_can_Microsoft_help__c", "picklistValues",
            Json::array({{{"active", true}, {"value", "quotes or licensing"}},
                         {{"active", false}, {"value", "General or Other"}}}));
  const auto problems = Schema().problems;
  EXPECT_TRUE(Mentions(problems, "General or Other"));
  EXPECT_FALSE(Mentions(problems, "Quotes or Licensing"));
}

TEST_F(DescribeTest, PersonAccountsAreReported) {
  accounts_.push_back(FieldOf("IsPersonAccount", "boolean"));
  EXPECT_TRUE(Mentions(Schema().problems, "Person accounts"));
}

TEST_F(DescribeTest, TypesLengthsAndChoicesAreTold) {
  const CrmSchema schema = Schema();
  const auto& columns = schema.columns;
  EXPECT_EQ(columns.at("Amount").type, "money");
  EXPECT_EQ(columns.at("Audit__c").type, "memo");
  EXPECT_EQ(columns.at("Audit__c").length_max, 100000u);
  EXPECT_EQ(columns.at("Name").length_max, 120u);
  EXPECT_EQ(columns.at("AccountId").type, "lookup");
  EXPECT_EQ(columns.at("CloseDate").type, "date");
  EXPECT_EQ(columns.at("SystemModstamp").type, "datetime");
  EXPECT_FALSE(columns.at("SystemModstamp").updatable);
  EXPECT_FALSE(columns.at("ContactId").updatable);
  EXPECT_TRUE(columns.at("ContactId").creatable);
  EXPECT_EQ(columns.at("StageName").choices.size(), 4u);
  EXPECT_FALSE(columns.at("StageName").choices.contains("Retired"));
}

TEST_F(DescribeTest, AnAccountObjectThatIsHiddenIsAProblemAndNoFailure) {
  api.On("GET", "/sobjects/Account/describe", Refused(403, "INSUFFICIENT_ACCESS"));
  EXPECT_TRUE(Mentions(Schema().problems, "The Account object is hidden"));
}

TEST_F(DescribeTest, StagesThatMayNotBeReadAreAProblemAndNoFailure) {
  api.On("GET", "FROM OpportunityStage", Refused(400, "INVALID_TYPE"));
  EXPECT_TRUE(Mentions(Schema().problems, "OpportunityStage"));
}

TEST_F(DescribeTest, HiddenOpportunitiesAreForbidden) {
  api.On("GET", "/sobjects/Opportunity/describe", Refused(404, "NOT_FOUND"));
  const auto schema = crm().Describe(false);
  ASSERT_FALSE(schema.ok());
  EXPECT_EQ(schema.error().kind, ErrorKind::forbidden);
}

TEST_F(DescribeTest, TheDescriptionIsKeptUntilItIsRefreshed) {
  Schema();
  const std::size_t calls = api.Calls();
  Schema();
  EXPECT_EQ(api.Calls(), calls);
  Has(FieldOf("Referral_Program__c", "string", "Referral Program"));
  EXPECT_EQ(Schema(true).roles.at("program"), "Referral_Program__c");
}

TEST_F(DescribeTest, AProxysPageIsAnInvalidResponse) {
  api.On("GET", "/sobjects/Opportunity/describe",
         Answered(200, "<html>Sign in</html>", {{"Content-Type", "text/html"}}));
  const auto schema = crm().Describe(false);
  ASSERT_FALSE(schema.ok());
  EXPECT_EQ(schema.error().kind, ErrorKind::invalid_response);
}

TEST_F(DescribeTest, LeadsAreRefusedPolitely) {
  Schema();
  const auto read = crm().Read(RecordKind::lead, {{kTelemetry}}, Crm::Detail::own);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().kind, ErrorKind::refused);
  EXPECT_FALSE(crm().Changes(RecordKind::lead, "").ok());
  EXPECT_FALSE(crm().FindCreated({RecordKind::lead, {kReferral}}).ok());
}

}  // namespace
}  // namespace cosell::test

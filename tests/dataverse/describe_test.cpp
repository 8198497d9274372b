#include "organization.h"

namespace cosell::test {
namespace {

using DescribeTest = DataverseTest;

TEST_F(DescribeTest, ColumnsAreFoundByTheirEnglishLabel) {
  const CrmSchema schema = Schema();
  EXPECT_EQ(schema.roles.at("sync"), "msft_syncwithpartnercenter");
  EXPECT_EQ(schema.roles.at("help"), "msft_howcanmicrosofthelp");
  EXPECT_EQ(schema.roles.at("visibility"), "msft_referralvisibility");
  EXPECT_EQ(schema.roles.at("deal_value"), "estimatedvalue");
  EXPECT_EQ(schema.roles.at("currency"), "transactioncurrencyid");
  EXPECT_EQ(schema.roles.at("closing_date"), "estimatedclosedate");
  EXPECT_EQ(schema.roles.at("country_code"), "address1_country");
  EXPECT_FALSE(schema.roles.contains("program"));
  EXPECT_TRUE(schema.problems.empty()) << schema.problems.front();
  EXPECT_EQ(schema.user_id, "a1000000-0000-0000-0000-0000000000aa");
  EXPECT_EQ(schema.currencies, std::vector<std::string>{"EUR"});
}

TEST_F(DescribeTest, ColumnsAreDescribedWithTypesLengthsAndChoices) {
  const auto columns = Schema().columns;
  EXPECT_EQ(columns.at("name").type, "text");
  EXPECT_EQ(columns.at("name").length_max, 300u);
  EXPECT_EQ(columns.at("description").type, "memo");
  EXPECT_EQ(columns.at("estimatedvalue").type, "money");
  EXPECT_EQ(columns.at("estimatedclosedate").type, "date");
  EXPECT_EQ(columns.at("modifiedon").type, "datetime");
  EXPECT_FALSE(columns.at("modifiedon").updatable);
  EXPECT_EQ(columns.at("parentaccountid").type, "lookup");
  EXPECT_EQ(columns.at("statuscode").type, "status");
  EXPECT_EQ(columns.at("statuscode").choices.at("On Hold"), "2");
  EXPECT_EQ(columns.at("msft_howcanmicrosofthelp").choices.at("General Or Other"), "100000005");
  EXPECT_EQ(columns.at("new_interests").choices.at("Edge"), "9");
}

TEST_F(DescribeTest, NameColumnsBesideLookupsAreNotColumns) {
  const auto columns = Schema().columns;
  EXPECT_FALSE(columns.contains("parentaccountidname"));
  EXPECT_FALSE(columns.contains("transactioncurrencyidname"));
  EXPECT_FALSE(columns.contains("customeridtype"));
}

TEST_F(DescribeTest, AnOverrideWinsOverTheLabel) {
  Json columns = CosellColumns();
  columns.push_back(Column("new_released", "Boolean", "Released"));
  HasColumns(columns);
  overrides = {{"sync", "New_Released"}};
  EXPECT_EQ(Schema().roles.at("sync"), "new_released");
}

TEST_F(DescribeTest, AnOverrideThatNamesNoColumnIsAProblem) {
  overrides = {{"sync", "new_missing"}, {"country_code", "new_iso"}};
  const CrmSchema schema = Schema();
  EXPECT_FALSE(schema.roles.contains("sync"));
  EXPECT_TRUE(Mentions(schema.problems, "crm.fields.sync names the column \"new_missing\""));
  EXPECT_TRUE(Mentions(schema.problems, "crm.fields.country_code"));
}

TEST_F(DescribeTest, AnOverrideOfTheWrongTypeIsAProblem) {
  overrides = {{"sync", "estimatedvalue"}};
  EXPECT_TRUE(Mentions(Schema().problems, "type does not fit"));
}

TEST_F(DescribeTest, TheCountryCodeMayBeAnotherColumnOfTheAccount) {
  HasTable("account", {Column("accountid", "Uniqueidentifier"), Column("new_iso", "String")});
  overrides = {{"country_code", "new_iso"}};
  EXPECT_EQ(Schema().roles.at("country_code"), "new_iso");
}

TEST_F(DescribeTest, WithoutTheLabelTheUsualNameIsTaken) {
  Json columns = CosellColumns();
  for (auto& column : columns) {
    if (column["LogicalName"] == "msft_audit") column["DisplayName"] = Label("Protokoll");
  }
  HasColumns(columns);
  EXPECT_EQ(Schema().roles.at("audit"), "msft_audit");
}

TEST_F(DescribeTest, OfTwoColumnsWithOneLabelTheSolutionsOwnIsTakenAndSaid) {
  Json columns = CosellColumns();
  columns.push_back(Column("aaa_audit", "Memo", "audit"));
  HasColumns(columns);
  const CrmSchema schema = Schema();
  EXPECT_EQ(schema.roles.at("audit"), "msft_audit");
  EXPECT_TRUE(Mentions(schema.problems, "msft_audit, aaa_audit"));
}

TEST_F(DescribeTest, AMissingColumnIsAProblemWithItsMend) {
  Json columns = Json::array();
  for (const auto& column : CosellColumns()) {
    if (column["LogicalName"] != "msft_referralidentifier") columns.push_back(column);
  }
  HasColumns(columns);
  const CrmSchema schema = Schema();
  EXPECT_FALSE(schema.roles.contains("referral_id"));
  EXPECT_TRUE(Mentions(schema.problems, "\"Referral Identifier\""));
  EXPECT_TRUE(Mentions(schema.problems, "crm.fields.referral_id"));
}

TEST_F(DescribeTest, SwitchesThatAreOffAndMissingCurrenciesAreProblems) {
  api.On(
      "GET", "EntityDefinitions(LogicalName='opportunity')?",
      Answered(200, R"({"ChangeTrackingEnabled":false,"IsOptimisticConcurrencyEnabled":false})"));
  HasCurrencies({});
  const CrmSchema schema = Schema();
  EXPECT_TRUE(Mentions(schema.problems, "Change tracking is off"));
  EXPECT_TRUE(Mentions(schema.problems, "Optimistic concurrency is not enabled"));
  EXPECT_TRUE(Mentions(schema.problems, "lists no currency"));
}

TEST_F(DescribeTest, AnEnvironmentThatRefusesCastQueriesIsDescribedAllTheSame) {
  api.On("GET", "opportunity')/Attributes/Microsoft", Refused(400, "0x80060888"));
  api.On("GET", "Attributes(LogicalName='msft_howcanmicrosofthelp')",
         Answered(200, Json{{"LogicalName", "msft_howcanmicrosofthelp"},
                            {"OptionSet", {{"Options", HelpOptions()}}}}
                           .dump()));
  const auto columns = Schema().columns;
  EXPECT_FALSE(columns.at("name").length_max.has_value());
  EXPECT_EQ(columns.at("msft_howcanmicrosofthelp").choices.size(), 3u);
  EXPECT_EQ(columns.at("estimatedclosedate").type, "date");
}

TEST_F(DescribeTest, HiddenMetadataFallsBackToUsualNamesThatAnswer) {
  api.On("GET", "EntityDefinitions", Refused(403, "0x80040220"));
  api.On("GET", "opportunities?$select=msft_syncwithpartnercenter&$top=1",
         Answered(200, List(Json::array())));
  api.On("GET", "opportunities?$select=new_referral&$top=1", Answered(200, List(Json::array())));
  overrides = {{"referral_id", "new_referral"}};
  const CrmSchema schema = Schema();
  EXPECT_EQ(schema.roles.at("sync"), "msft_syncwithpartnercenter");
  EXPECT_EQ(schema.roles.at("referral_id"), "new_referral");
  EXPECT_FALSE(schema.roles.contains("audit"));
  EXPECT_TRUE(Mentions(schema.problems, "table definitions of the CRM cannot be read"));
  EXPECT_EQ(schema.columns.at("estimatedvalue").type, "money");
}

TEST_F(DescribeTest, ACrmThatCannotBeReadIsAnError) {
  api.On("GET", "WhoAmI", Refused(403, "0x80072560"));
  const auto refused = crm().Describe(false);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::forbidden);
  EXPECT_NE(refused.error().message.find("application user"), std::string::npos);

  api.On("GET", "WhoAmI", Failed(ErrorKind::unreachable));
  EXPECT_EQ(crm().Describe(false).error().kind, ErrorKind::unreachable);
}

TEST_F(DescribeTest, IsReadOnceAndAgainOnRefresh) {
  Schema();
  const auto first = api.all.size();
  Schema();
  EXPECT_EQ(api.all.size(), first);
  HasCurrencies({{"EUR", kEuro}, {"SEK", "0c000000-0000-0000-0000-0000000000e2"}});
  EXPECT_EQ(crm().Describe(true)->currencies, (std::vector<std::string>{"EUR", "SEK"}));
}

TEST_F(DescribeTest, AFailedRefreshKeepsWhatWasKnown) {
  Schema();
  api.Once("GET", "WhoAmI", Failed(ErrorKind::unavailable));
  EXPECT_FALSE(crm().Describe(true).ok());
  EXPECT_EQ(Schema().roles.at("sync"), "msft_syncwithpartnercenter");
}

}  // namespace
}  // namespace cosell::test

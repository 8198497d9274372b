#include "crm_contract.h"

namespace cosell::test {
namespace {

const std::vector<std::string> kRolesOfTheOpportunity = {
    "sync",       "referral_id",      "referral_link", "help",       "products", "audit",
    "visibility", "microsoft_crm_id", "program",       "deal_value", "currency", "closing_date"};

}  // namespace

TEST_P(CrmContractTest, DescribeFindsEveryRoleAndItsColumn) {
  for (const std::string& role : kRolesOfTheOpportunity) {
    const auto column = schema().roles.find(role);
    ASSERT_NE(column, schema().roles.end()) << role;
    const auto described = schema().columns.find(column->second);
    ASSERT_NE(described, schema().columns.end()) << role << " is " << column->second;
    EXPECT_EQ(described->second.name, column->second);
    EXPECT_TRUE(described->second.updatable) << column->second;
    EXPECT_TRUE(described->second.creatable) << column->second;
  }
  // Of the account, so not among the opportunity's columns.
  EXPECT_TRUE(schema().roles.contains("country_code"));
}

TEST_P(CrmContractTest, ACompleteOrganisationHasNoProblems) {
  EXPECT_TRUE(schema().problems.empty()) << schema().problems.front();
}

TEST_P(CrmContractTest, DescribeTellsTypesLengthsAndChoices) {
  const auto type = [&](const std::string& word) { return schema().columns.at(Column(word)).type; };
  EXPECT_EQ(type("name"), "text");
  EXPECT_EQ(type("deal_value"), "money");
  EXPECT_EQ(type("closing_date"), "date");
  EXPECT_EQ(type("sync"), "boolean");
  EXPECT_EQ(type("visibility"), "boolean");
  EXPECT_EQ(type("help"), "choice");
  for (const char* word : {"name", "notes", "audit", "referral_id", "referral_link", "products"}) {
    const auto& length = schema().columns.at(Column(word)).length_max;
    ASSERT_TRUE(length.has_value()) << word;
    EXPECT_GE(*length, 36u) << word;
  }
  const auto& choices = schema().columns.at(Column("help")).choices;
  EXPECT_EQ(choices.size(), 6u);
  for (const auto& [label, value] : choices) EXPECT_FALSE(value.empty()) << label;
}

TEST_P(CrmContractTest, DescribeTellsCurrenciesAndWhoWeAre) {
  const std::set<std::string> currencies(schema().currencies.begin(), schema().currencies.end());
  EXPECT_TRUE(currencies.contains("EUR"));
  EXPECT_TRUE(currencies.contains("USD"));
  EXPECT_EQ(currencies.size(), schema().currencies.size()) << "a currency is listed twice";
  EXPECT_FALSE(schema().user_id.empty());
}

TEST_P(CrmContractTest, ARefreshDescribesTheSameOrganisation) {
  const auto again = crm().Describe(true);
  ASSERT_TRUE(again.ok()) << Describe(again.error());
  EXPECT_EQ(again->roles, schema().roles);
  EXPECT_EQ(again->columns.size(), schema().columns.size());
  EXPECT_EQ(again->currencies, schema().currencies);
  EXPECT_EQ(again->user_id, schema().user_id);
  EXPECT_EQ(again->organization_id, schema().organization_id);
}

TEST_P(CrmContractTest, ReadingGoesOnAfterARefresh) {
  const CrmId deal = people().Opens({});
  const Seen before = ReadEverything();
  ASSERT_TRUE(crm().Describe(true).ok());
  Renames(deal, "Renamed after the refresh");
  const Seen after = ChangesSince(before.cursor);
  ASSERT_TRUE(after.Has(deal));
  EXPECT_EQ(Of(after.records.at(deal), "name"), "Renamed after the refresh");
}

TEST_P(CrmContractTest, WhatIsKnownIsDescribedWithoutAskingTheCrm) {
  people().Suffers(Trouble::unreachable);
  const auto known = crm().Describe(false);
  ASSERT_TRUE(known.ok()) << Describe(known.error());
  EXPECT_EQ(known->roles, schema().roles);
}

}  // namespace cosell::test

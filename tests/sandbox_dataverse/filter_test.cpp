#include <gtest/gtest.h>

#include "sandbox_dataverse/organization.h"

namespace cosell::sandbox {
namespace {

using Found = std::vector<std::string>;

class DataverseFilterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string account =
        org.Make("accounts", {{"name", "M\u00e4lzer AG"}, {"address1_postalcode", "41104"}});
    first = org.Make("opportunities", {{"name", "Alpha"},
                                       {"estimatedvalue", 10},
                                       {"estimatedclosedate", "2026-09-30"},
                                       {"parentaccountid@odata.bind", "/accounts(" + account + ")"},
                                       {"msft_syncwithpartnercenter", true}});
    second = org.Make("opportunities", {{"name", "beta 50% off"}, {"estimatedvalue", 20.5}});
    third = org.Make("opportunities", {{"name", "O'Hara"}, {"description", "gamma"}});
    account_id = account;
  }
  // The names found, in alphabetical order without case being relevant here.
  Found Find(const std::string& filter) {
    const Reply reply = org.Get(Filter("opportunities", filter) + "&$orderby=name");
    if (reply.status != 200) return {std::to_string(reply.status), reply.Code()};
    return Organization::Names(reply);
  }
  Organization org;
  std::string first, second, third, account_id;
};

const Found kRefused = {"400", "0x80060888"};

TEST_F(DataverseFilterTest, TextComparesWithoutCase) {
  EXPECT_EQ(Find("name eq 'ALPHA'"), (Found{"Alpha"}));
  EXPECT_EQ(Find("contains(name,'ALP')"), (Found{"Alpha"}));
  EXPECT_EQ(Find("startswith(name,'BETA') or endswith(name,'hara')"),
            (Found{"beta 50% off", "O'Hara"}));
  EXPECT_EQ(Organization::Names(org.Get(Filter("accounts", "name eq 'M\u00c4LZER ag'"))),
            (Found{"M\u00e4lzer AG"}));
}

TEST_F(DataverseFilterTest, QuotesAreDoubledAndWildcardsAct) {
  EXPECT_EQ(Find("name eq 'o''hara'"), (Found{"O'Hara"}));
  EXPECT_EQ(Find("contains(name,'a%a')"), (Found{"Alpha", "O'Hara"}));
  EXPECT_EQ(Find("startswith(name,'_lpha')"), (Found{"Alpha"}));
  EXPECT_EQ(Find("startswith(name,'[ab]')"), (Found{"Alpha", "beta 50% off"}));
  EXPECT_EQ(Find("name eq 'A%'"), Found{});
}

TEST_F(DataverseFilterTest, NullsAreSilentlyAbsent) {
  EXPECT_EQ(Find("description ne 'x'"), (Found{"O'Hara"}));
  EXPECT_EQ(Find("not (description eq 'x')"), (Found{"O'Hara"}));
  EXPECT_EQ(Find("description eq null"), (Found{"Alpha", "beta 50% off"}));
  EXPECT_EQ(Find("description ne null"), (Found{"O'Hara"}));
}

TEST_F(DataverseFilterTest, NumbersBooleansAndChoices) {
  EXPECT_EQ(Find("estimatedvalue gt 10.0"), (Found{"beta 50% off"}));
  EXPECT_EQ(Find("estimatedvalue ge 10 and estimatedvalue le 20.50"),
            (Found{"Alpha", "beta 50% off"}));
  EXPECT_EQ(Find("msft_syncwithpartnercenter eq true"), (Found{"Alpha"}));
  EXPECT_EQ(Find("statecode eq 0 and statuscode ne 1"), Found{});
}

TEST_F(DataverseFilterTest, LookupsAndRelatedColumns) {
  EXPECT_EQ(Find("_parentaccountid_value eq " + account_id), (Found{"Alpha"}));
  EXPECT_EQ(Find("_parentaccountid_value eq '" + account_id + "'"), (Found{"Alpha"}));
  EXPECT_EQ(Find("parentaccountid/address1_postalcode eq '41104'"), (Found{"Alpha"}));
  EXPECT_EQ(Find("parentaccountid eq " + account_id), kRefused);
}

TEST_F(DataverseFilterTest, DatesAndInstants) {
  EXPECT_EQ(Find("estimatedclosedate le 2026-09-30"), (Found{"Alpha"}));
  EXPECT_EQ(Find("estimatedclosedate lt 2026-09-30"), Found{});
  EXPECT_EQ(Find("estimatedclosedate eq 2026-09-30T00:00:00Z"), kRefused);
  org.world.switches().dates_as_timestamps = true;
  EXPECT_EQ(Find("estimatedclosedate eq 2026-09-30T00:00:00Z"), (Found{"Alpha"}));
  const std::string now = *org.Cell(first, "modifiedon");
  EXPECT_EQ(Find("modifiedon ge " + now).size(), 3u);
  EXPECT_EQ(Find("modifiedon gt " + now), Found{});
  const std::string within = now.substr(0, 19) + ".5Z";
  EXPECT_EQ(Find("modifiedon ge " + within), Found{});
  EXPECT_EQ(Find("modifiedon lt " + within).size(), 3u);
}

TEST_F(DataverseFilterTest, IdsAndFullyQualifiedIn) {
  EXPECT_EQ(Find("opportunityid eq " + first + " or opportunityid eq " + third),
            (Found{"Alpha", "O'Hara"}));
  EXPECT_EQ(Find("opportunityid eq " + first + " and name eq 'beta'"), Found{});
  EXPECT_EQ(Find("Microsoft.Dynamics.CRM.In(PropertyName='opportunityid',PropertyValues=['" +
                 first + "','" + second + "'])"),
            (Found{"Alpha", "beta 50% off"}));
  EXPECT_EQ(
      Find("Microsoft.Dynamics.CRM.In(PropertyName='statuscode',PropertyValues=['1','2'])").size(),
      3u);
  EXPECT_EQ(Find("In(PropertyName='name',PropertyValues=['Alpha'])"), kRefused);
}

TEST_F(DataverseFilterTest, PrecedenceAndParentheses) {
  EXPECT_EQ(Find("name eq 'Alpha' or name eq 'O''Hara' and estimatedvalue eq 1"), (Found{"Alpha"}));
  EXPECT_EQ(Find("(name eq 'Alpha' or name eq 'O''Hara') and estimatedvalue eq 1"), Found{});
}

TEST_F(DataverseFilterTest, WhatIsNotUnderstoodIsRefused) {
  for (const auto* filter :
       {"nosuch eq 1", "Name eq 'x'", "name eq 5", "estimatedvalue eq '5'", "statecode eq 'Open'",
        "name eq 'open", "name eq", "name", "(name eq 'a'", "name eq 'a')", "tolower(name) eq 'a'",
        "msft_syncwithpartnercenter eq 1", "_parentaccountid_value eq 5", "modifiedon ge '2026'",
        "name like 'a'", "estimatedvalue gt null", "name eq 'a' && name eq 'b'"}) {
    EXPECT_EQ(Find(filter), kRefused) << filter;
  }
}

TEST_F(DataverseFilterTest, CustomersAreMatchedByNameAndPostalCode) {
  const Reply reply = org.Get(
      Filter("accounts",
             "name eq 'm\u00e4lzer ag' and address1_postalcode eq '41104' and statecode eq 0"));
  EXPECT_EQ(Organization::Names(reply).size(), 1u);
}

}  // namespace
}  // namespace cosell::sandbox

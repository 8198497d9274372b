#include <gtest/gtest.h>

#include "plan_fixture.h"

// People of the CRM join the referral and leave it with the CRM; whoever else was added there
// stays.
namespace cosell {
namespace {

class MembersTest : public PlanTest {
 protected:
  MembersTest() {
    for (const char* field : {"team", "contacts"}) {
      PartnerCenterSets(field, Value("oda@contoso.example"));
      CrmSets(field, Value("oda@contoso.example"));
      LastSeen(field, Value("oda@contoso.example"), Value("oda@contoso.example"));
    }
    view_.sharing = CompleteSharing();
  }
};

TEST_F(MembersTest, AnotherOwnerJoinsAndTheFormerLeaves) {
  PartnerCenterSets("team", Value("colleague@contoso.example\noda@contoso.example"));
  CrmSets("team", Value("per@contoso.example"));
  EXPECT_EQ(ToPartnerCenter(Make(), "team"), "colleague@contoso.example\nper@contoso.example");
}

TEST_F(MembersTest, WhoeverWasAddedInPartnerCenterStays) {
  PartnerCenterSets("team", Value("colleague@contoso.example\noda@contoso.example"));
  EXPECT_TRUE(Make().steps.empty());
}

TEST_F(MembersTest, WhoLeftInPartnerCenterIsNotPutBack) {
  PartnerCenterSets("team", Value("colleague@contoso.example"));
  EXPECT_TRUE(Make().steps.empty());
}

TEST_F(MembersTest, AReferralKeepsAtLeastOne) {
  CrmSets("team", Value());
  EXPECT_TRUE(Make().steps.empty());
}

TEST_F(MembersTest, PeopleThatWereNotReadSayNothing) {
  CrmSets("team", Value());
  view_.hidden_in_crm = {*mapping_.Find("team")};
  EXPECT_TRUE(Make().steps.empty());
}

TEST_F(MembersTest, AnotherContactTravelsUntilHelpIsAskedFor) {
  CrmSets("contacts", Value("buyer@northwind.example"));
  EXPECT_EQ(ToPartnerCenter(Make(), "contacts"), "buyer@northwind.example");
  view_.connected_referral = true;
  EXPECT_TRUE(Make().steps.empty());
}

TEST_F(MembersTest, ContactsStayWhereTheCustomersConsentIsMissing) {
  CrmSets("contacts", Value("buyer@northwind.example"));
  view_.referral.consent_to_share = false;
  EXPECT_TRUE(Make().steps.empty());
  CrmSets("team", Value("per@contoso.example"));
  EXPECT_EQ(ToPartnerCenter(Make(), "team"), "per@contoso.example")
      << "our own people are ours to name";
}

TEST_F(MembersTest, NothingTravelsWhileTheGateIsClosed) {
  view_.crm_facts.sync = false;
  CrmSets("team", Value("per@contoso.example"));
  CrmSets("contacts", Value("buyer@northwind.example"));
  EXPECT_TRUE(Make().steps.empty());
}

}  // namespace
}  // namespace cosell

#include "tests/plan/plan_fixture.h"

// Edits that meet a limit: a direction, a switch that cannot be taken back, a closed record, a
// column that is too short or hidden. No edit of a person may get lost there (design section 4,
// I1).
namespace cosell {
namespace {

class DirectionTest : public PlanTest {
 protected:
  void Direct(const std::string& field, Direction direction) {
    mapping_.fields[*mapping_.Find(field)].direction = direction;
  }
  void CloseReferral() {
    Disagree("status", Value("won"), Value("won"));
    view_.referral.open = false;
  }
  void CloseCrm() { Disagree("status", Value("lost"), Value("lost")); }
  void CloseBoth() {
    CloseReferral();
    CloseCrm();
    Disagree("status", Value("lost"), Value("lost"));
  }
};

TEST_F(DirectionTest, WhatTheSellerWroteBehindAShutGateIsSentOnceItOpens) {
  Direct("notes", Direction::to_partner_center);
  PartnerCenterSets("notes", "Four yards.");
  CrmSets("notes", "Five yards.");
  view_.crm_facts.sync = false;
  const Plan shut = Make();
  EXPECT_TRUE(shut.steps.empty());
  EXPECT_TRUE(shut.settled.empty());
  Rest(shut);
  view_.crm_facts.sync = true;
  EXPECT_EQ(ToPartnerCenter(Make(), "notes"), "Five yards.");
}

TEST_F(DirectionTest, AnEditOfAFieldTheCrmKeepsStandsInTheConflictListOnceTheReferralIsClosed) {
  Direct("notes", Direction::to_partner_center);
  CloseReferral();
  PartnerCenterSets("notes", "Four yards.");
  EXPECT_TRUE(Make().conflicts.empty()) << "Partner Center's edit alone is nobody's loss here";
  CrmSets("notes", "Five yards.");
  const Plan plan = Make();
  ASSERT_EQ(plan.conflicts.size(), 1u);
  EXPECT_EQ(plan.conflicts[0].crm, Value("Five yards."));
}

TEST_F(DirectionTest, AValueThatCannotBePutBackInAClosedRecordIsPutBackWhenItIsReopened) {
  CrmSets("microsoft_crm_id", Value("typed-over"));
  CloseBoth();
  const Plan closed = Make();
  EXPECT_TRUE(closed.steps.empty());
  EXPECT_TRUE(closed.settled.empty());
  Rest(closed);
  Disagree("status", Value("active"), Value("active"));
  view_.referral.open = true;
  const Plan reopened = Make();
  EXPECT_EQ(ToCrm(reopened, "microsoft_crm_id"), "(nothing)");
  EXPECT_FALSE(reopened.steps.at(0).audit_success);
}

TEST_F(DirectionTest, MeetingForTheFirstTimePutsNothingBack) {
  NeverMet();
  CrmSets("referral_program", Value("CoSell"));
  PartnerCenterSets("referral_program", Value("Solution Assessment"));
  const Plan plan = Make();
  EXPECT_EQ(ToCrm(plan, "referral_program"), "Solution Assessment");
  EXPECT_TRUE(plan.steps.at(0).audit_success) << "nobody changed anything";
}

TEST_F(DirectionTest, MeetingForTheFirstTimeWritesTheCrmOnlyWhereItMay) {
  NeverMet();
  Direct("visibility", Direction::to_partner_center);
  CrmSets("visibility", Value("false"));
  const Plan plan = Make();
  EXPECT_EQ(ToCrm(plan, "visibility"), "(not written)");
  EXPECT_EQ(ToPartnerCenter(plan, "visibility"), "(not written)");
}

TEST_F(DirectionTest, ATextThatReadsFalseIsAText) {
  NeverMet();
  policy_.conflict = ConflictPolicy::ask;
  PartnerCenterSets("notes", Value("false"));
  const Plan plan = Make();
  ASSERT_EQ(plan.conflicts.size(), 1u);
  EXPECT_EQ(plan.conflicts[0].partner_center, Value("false"));
}

// --- Microsoft's help

class HelpTest : public DirectionTest {
 protected:
  void BothAskFor(const std::string& theirs, const std::string& ours) {
    PartnerCenterSets("help", theirs);
    CrmSets("help", ours);
  }
};

TEST_F(HelpTest, HelpFixedInPartnerCenterPrevailsWhateverThePolicySays) {
  BothAskFor("GeneralOrOther", "QuotesOrLicensing");
  for (const auto policy : {ConflictPolicy::crm_wins, ConflictPolicy::ask,
                            ConflictPolicy::newest_wins, ConflictPolicy::partner_center_wins}) {
    policy_.conflict = policy;
    view_.partner_center_changed_at = kNoon;
    view_.crm_changed_at = kNoon + std::chrono::hours(1);
    const Plan plan = Make();
    EXPECT_EQ(ToCrm(plan, "help"), "GeneralOrOther") << ToString(policy);
    EXPECT_EQ(ToPartnerCenter(plan, "help"), "(not written)") << ToString(policy);
    EXPECT_TRUE(plan.conflicts.empty()) << ToString(policy);
    ASSERT_EQ(plan.losers.size(), 1u) << ToString(policy);
    EXPECT_EQ(plan.losers[0].value, Value("QuotesOrLicensing"));
  }
}

TEST_F(HelpTest, TheSameHelpOnBothSidesIsAgreed) {
  LastSeen("help", Value("QuotesOrLicensing"), Value("QuotesOrLicensing"));
  BothAskFor("GeneralOrOther", "GeneralOrOther");
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_EQ(plan.settled.size(), 1u);
}

TEST_F(HelpTest, WhatPartnerCenterHasIsPutBackAndNotWhatTheCrmHadBefore) {
  LastSeen("help", Value("GeneralOrOther"), Value("QuotesOrLicensing"));
  BothAskFor("GeneralOrOther", "ProofOfConceptOrDemo");
  EXPECT_EQ(ToCrm(Make(), "help"), "GeneralOrOther");
}

TEST_F(HelpTest, MicrosoftIsNotAskedForAFieldPartnerCenterKeeps) {
  Direct("help", Direction::to_crm);
  CrmSets("help", Value("QuotesOrLicensing"));
  const Plan plan = Make();
  EXPECT_EQ(Written(plan, IntentOperation::create_connected_referral, "help"), "(not written)");
  EXPECT_EQ(ToCrm(plan, "help"), "(nothing)");
}

TEST_F(HelpTest, HelpOfPartnerCenterIsNotWrittenWhereTheCrmKeepsTheField) {
  Direct("help", Direction::to_partner_center);
  PartnerCenterSets("help", Value("GeneralOrOther"));
  EXPECT_TRUE(Make().steps.empty());
}

TEST_F(HelpTest, HelpWaitsForAPersonWhereTheMappingLeavesVisibilityToPartnerCenter) {
  Direct("visibility", Direction::to_crm);
  Disagree("visibility", Value("false"), Value("false"));
  CrmSets("help", Value("QuotesOrLicensing"));
  const Plan held = Make();
  EXPECT_TRUE(held.steps.empty());
  ASSERT_EQ(held.conflicts.size(), 1u);
  EXPECT_EQ(held.conflicts[0].crm, Value("QuotesOrLicensing"));
  PartnerCenterSets("visibility", Value("true"));
  EXPECT_EQ(Written(Make(), IntentOperation::create_connected_referral, "help"),
            "QuotesOrLicensing");
}

TEST_F(HelpTest, AdoptingAClosedPairAsksNobodyAboutHelp) {
  NeverMet();
  CloseReferral();
  NeverMet();
  BothAskFor("GeneralOrOther", "QuotesOrLicensing");
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_TRUE(plan.conflicts.empty());
}

// --- values one side keeps otherwise

class KeptTest : public DirectionTest {};

TEST_F(KeptTest, CentsAddedInTheCrmReachPartnerCenter) {
  CrmSets("deal_value", Value("12000.4"));
  EXPECT_EQ(ToPartnerCenter(Make(), "deal_value"), "12000.4");
}

TEST_F(KeptTest, CentsTakenAwayInTheCrmReachPartnerCenter) {
  Disagree("deal_value", Value("12000.4"), Value("12000.4"));
  CrmSets("deal_value", Value("12000"));
  EXPECT_EQ(ToPartnerCenter(Make(), "deal_value"), "12000");
}

TEST_F(KeptTest, AnAmountTheCrmKeepsInWholeUnitsIsNoDrift) {
  policy_.conflict = ConflictPolicy::partner_center_wins;
  Disagree("deal_value", Value("12000.4"), Value("12000"));
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_EQ(plan.reason, "");
}

TEST_F(KeptTest, TheEndOfACutTextDeletedInTheCrmReachesPartnerCenter) {
  const std::string column(2000, 'y');
  Disagree("notes", Value(column + " and a gate"), Value(column));
  EXPECT_TRUE(Make().steps.empty());
  CrmSets("notes", Value(column.substr(50)));
  EXPECT_EQ(ToPartnerCenter(Make(), "notes"), column.substr(50));
}

TEST_F(KeptTest, AFewWordsAddedToANearlyFullTextReachTheCrm) {
  const std::string text(1950, 'y');
  Disagree("notes", Value(text), Value(text));
  PartnerCenterSets("notes", Value(text + " gate"));
  EXPECT_EQ(ToCrm(Make(), "notes"), text + " gate");
}

// The CRM got the merge, Partner Center refused its half; then the seller adds one more.
TEST_F(KeptTest, AHalfLandedMergeLosesNothingWhenTheListIsEditedAgain) {
  LastSeen("solutions", Value("sol-1"), Value("sol-1\nsol-2\nsol-3"));
  PartnerCenterSets("solutions", Value("sol-1\nsol-2"));
  CrmSets("solutions", Value("sol-1\nsol-2\nsol-3\nsol-4"));
  EXPECT_EQ(ToPartnerCenter(Make(), "solutions"), "sol-1\nsol-2\nsol-3\nsol-4");
}

// --- a column the CRM hides while we run

class HiddenTest : public DirectionTest {
 protected:
  void CrmHides(const std::string& field) { view_.hidden_in_crm = {*mapping_.Find(field)}; }
};

TEST_F(HiddenTest, AHiddenColumnThatNeverMetIsLeftOut) {
  NeverMet();
  CrmHides("notes");
  CrmSets("notes", Value());
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  for (const Settled& settled : plan.settled) {
    EXPECT_NE(mapping_.fields[settled.field].name, "notes");
  }
}

TEST_F(HiddenTest, PartnerCentersEditStillReachesAHiddenColumn) {
  CrmHides("notes");
  PartnerCenterSets("notes", Value("Four yards."));
  EXPECT_EQ(ToCrm(Make(), "notes"), "Four yards.");
}

// The answer to that write did not show the column either.
TEST_F(HiddenTest, AHiddenColumnDoesNotDrift) {
  policy_.conflict = ConflictPolicy::partner_center_wins;
  CrmHides("notes");
  Disagree("notes", Value("Four yards."), Value());
  EXPECT_TRUE(Make().steps.empty());
}

}  // namespace
}  // namespace cosell

#include "tests/plan/plan_fixture.h"

// Disagreement without a change, and what is left different on purpose.
namespace cosell {
namespace {

using Fate = PlannedDecision::Fate;

class DriftTest : public PlanTest {
 protected:
  void Policies(ConflictPolicy policy) { policy_.conflict = policy; }
  void WrittenBefore(Side side, const std::string& field, Value value) {
    view_.written.push_back({side, *mapping_.Find(field), std::move(value)});
  }
};

TEST_F(DriftTest, PartnerCentersValueIsWrittenOnce) {
  Policies(ConflictPolicy::partner_center_wins);
  Disagree("notes", Value("Two yards."), Value("Three yards."));
  const Plan plan = Make();
  EXPECT_EQ(ToCrm(plan, "notes"), "Two yards.");
  EXPECT_EQ(plan.steps.at(0).changes.at(0).rule, "drift");
  ASSERT_EQ(plan.losers.size(), 1u);
  EXPECT_EQ(plan.losers[0].value, Value("Three yards."));
}

TEST_F(DriftTest, TheCrmsValueIsWrittenOnce) {
  Policies(ConflictPolicy::crm_wins);
  Disagree("notes", Value("Two yards."), Value("Three yards."));
  EXPECT_EQ(ToPartnerCenter(Make(), "notes"), "Three yards.");
}

TEST_F(DriftTest, WhatDidNotStayIsReportedAndNotWrittenAgain) {
  Policies(ConflictPolicy::partner_center_wins);
  Disagree("notes", Value("Two yards."), Value("Three yards."));
  WrittenBefore(Side::crm, "notes", Value("Two yards."));
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_EQ(plan.state, LinkState::in_sync);
  EXPECT_NE(plan.reason.find("drift of notes"), std::string::npos);
  EXPECT_NE(plan.reason.find("did not stay"), std::string::npos);
}

TEST_F(DriftTest, ANewValueIsTriedAgainAlthoughAnotherDidNotStay) {
  Policies(ConflictPolicy::partner_center_wins);
  Disagree("notes", Value("Two yards."), Value("Three yards."));
  WrittenBefore(Side::crm, "notes", Value("An older text."));
  EXPECT_EQ(ToCrm(Make(), "notes"), "Two yards.");
}

TEST_F(DriftTest, NewestWinsCannotTellAndOnlyReports) {
  Policies(ConflictPolicy::newest_wins);
  view_.partner_center_changed_at = kNoon;
  view_.crm_changed_at = kNoon + std::chrono::hours(3);
  Disagree("notes", Value("Two yards."), Value("Three yards."));
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_TRUE(plan.conflicts.empty());
  EXPECT_NE(plan.reason.find("drift of notes"), std::string::npos);
}

TEST_F(DriftTest, AskRaisesAConflict) {
  Policies(ConflictPolicy::ask);
  Disagree("notes", Value("Two yards."), Value("Three yards."));
  const Plan plan = Make();
  EXPECT_EQ(plan.state, LinkState::conflict);
  ASSERT_EQ(plan.conflicts.size(), 1u);
  EXPECT_EQ(plan.conflicts[0].crm, Value("Three yards."));
}

TEST_F(DriftTest, ASetDriftsLikeAnyOtherField) {
  Policies(ConflictPolicy::crm_wins);
  Disagree("solutions", Value("sol-1-aaa"), Value("sol-1-aaa\nsol-2-bbb"));
  EXPECT_EQ(ToPartnerCenter(Make(), "solutions"), "sol-1-aaa\nsol-2-bbb");
}

TEST_F(DriftTest, AFieldOneSideKeepsIsRepairedByThatSide) {
  Policies(ConflictPolicy::crm_wins);
  Disagree("microsoft_crm_id", Value("msx-1"), Value("msx-2"));
  EXPECT_EQ(ToCrm(Make(), "microsoft_crm_id"), "msx-1");
}

TEST_F(DriftTest, AOneWaySwitchIsNeverRepairedBackwards) {
  Policies(ConflictPolicy::crm_wins);
  Disagree("visibility", Value("true"), Value("false"));
  EXPECT_EQ(ToCrm(Make(), "visibility"), "true");
}

TEST_F(DriftTest, AnAmountWithinTheRoundingIsNoDrift) {
  Policies(ConflictPolicy::partner_center_wins);
  Disagree("deal_value", Value("84500.555"), Value("84500.56"));
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_EQ(plan.reason, "");
}

TEST_F(DriftTest, ADealThatIsKeptInTheCrmOrClosedOrNotAcceptedIsNotCompared) {
  Policies(ConflictPolicy::partner_center_wins);
  Disagree("notes", Value("Two yards."), Value("Three yards."));
  view_.crm_facts.sync = false;
  EXPECT_TRUE(Make().steps.empty());
  view_.crm_facts.sync = true;
  Disagree("status", Value("new"), Value("new"));
  EXPECT_TRUE(Make().steps.empty());
  Disagree("status", Value("won"), Value("won"));
  view_.referral.open = false;
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_EQ(plan.state, LinkState::closed);
  EXPECT_EQ(plan.reason, "");
}

// A rule that lets two values stand marks them, and the mark outlives being stored.
TEST_F(DriftTest, WhatARuleLeftDifferentStaysSoWithoutAReport) {
  Policies(ConflictPolicy::crm_wins);
  policy_.name_is_patchable = false;
  CrmSets("name", Value("Another name"));
  const Plan settled = Make();
  EXPECT_TRUE(settled.steps.empty());
  Rest(settled);
  view_.base = DecodeBase(mapping_, EncodePartnerCenterBase(mapping_, view_.base),
                          EncodeCrmBase(mapping_, view_.base));
  policy_.name_is_patchable = true;
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_TRUE(plan.settled.empty());
  EXPECT_EQ(plan.reason, "");
}

TEST_F(DriftTest, TheMarkEndsWithTheNextAgreement) {
  LastSeen("notes", Value("Two yards."), Value("Three yards."));
  view_.base.SetApart(*mapping_.Find("notes"), true);
  PartnerCenterSets("notes", Value("Four yards."));
  CrmSets("notes", Value("Four yards."));
  Rest(Make());
  EXPECT_FALSE(view_.base.Apart(*mapping_.Find("notes")));
}

TEST_F(DriftTest, SetsLeftDifferentKeepTheirDifferenceThroughLaterMerges) {
  PartnerCenterSets("solutions", Value("sol-1-aaa"));
  CrmSets("solutions", Value("sol-2-bbb"));
  LastSeen("solutions", Value("sol-1-aaa"), Value());
  view_.base.SetApart(*mapping_.Find("solutions"), true);
  const Plan plan = Make();
  EXPECT_EQ(ToPartnerCenter(plan, "solutions"), "sol-1-aaa\nsol-2-bbb");
  EXPECT_EQ(ToCrm(plan, "solutions"), "(not written)");
}

// --- what a person decides

class DecisionTest : public PlanTest {
 protected:
  DecisionTest() {
    policy_.by_field["notes"] = ConflictPolicy::ask;
    PartnerCenterSets("notes", Value("Partner Center's"));
    CrmSets("notes", Value("The CRM's"));
  }
  Fate FateOf(const Plan& plan) const { return plan.decisions.at(0).fate; }
};

TEST_F(DecisionTest, TakingPartnerCentersValueWritesTheCrm) {
  PersonTakes("notes", Take::partner_center);
  const Plan plan = Make();
  EXPECT_EQ(ToCrm(plan, "notes"), "Partner Center's");
  EXPECT_EQ(plan.steps.at(0).changes.at(0).rule, "resolved");
  EXPECT_TRUE(plan.conflicts.empty());
  EXPECT_EQ(FateOf(plan), Fate::acts);
  ASSERT_EQ(plan.losers.size(), 1u);
  EXPECT_EQ(plan.losers[0].value, Value("The CRM's"));
}

TEST_F(DecisionTest, TakingTheCrmsValueWritesPartnerCenter) {
  PersonTakes("notes", Take::crm);
  EXPECT_EQ(ToPartnerCenter(Make(), "notes"), "The CRM's");
}

TEST_F(DecisionTest, LeavingBothIsNoDisagreementAnyMore) {
  PersonTakes("notes", Take::leave);
  const Plan plan = Make();
  EXPECT_EQ(FateOf(plan), Fate::done);
  Rest(plan);
  const Plan later = Make();
  EXPECT_TRUE(later.steps.empty());
  EXPECT_TRUE(later.conflicts.empty());
  EXPECT_EQ(later.reason, "");
}

TEST_F(DecisionTest, ALostValueComesBackToBothSides) {
  PersonTakes("notes", Take::lost_value, "The one before");
  const Plan plan = Make();
  EXPECT_EQ(ToPartnerCenter(plan, "notes"), "The one before");
  EXPECT_EQ(ToCrm(plan, "notes"), "The one before");
  PartnerCenterSets("notes", Value("The one before"));
  const Plan half = Make();
  EXPECT_EQ(ToPartnerCenter(half, "notes"), "(not written)");
  EXPECT_EQ(ToCrm(half, "notes"), "The one before");
}

TEST_F(DecisionTest, ADecisionAboutOtherValuesThanTheseIsVoid) {
  PersonTakes("notes", Take::partner_center);
  CrmSets("notes", Value("Edited meanwhile"));
  const Plan plan = Make();
  EXPECT_EQ(FateOf(plan), Fate::voided);
  EXPECT_TRUE(plan.steps.empty());
  ASSERT_EQ(plan.conflicts.size(), 1u);
  EXPECT_EQ(plan.conflicts[0].crm, Value("Edited meanwhile"));
}

TEST_F(DecisionTest, WhatTheDealsStateForbidsIsNotDecidedAway) {
  PersonTakes("notes", Take::crm);
  view_.crm_facts.sync = false;
  EXPECT_EQ(FateOf(Make()), Fate::impossible);
  view_.crm_facts.sync = true;
  Disagree("status", Value("won"), Value("won"));
  view_.referral.open = false;
  const Plan plan = Make();
  EXPECT_EQ(FateOf(plan), Fate::impossible);
  EXPECT_NE(plan.decisions[0].reason.find("closed"), std::string::npos);
  EXPECT_TRUE(plan.steps.empty());
}

TEST_F(DecisionTest, AFieldIsWrittenOnlyWhereItMayBe) {
  AgreedOn(kDeal);
  PartnerCenterSets("microsoft_crm_id", Value("msx-1"));
  CrmSets("microsoft_crm_id", Value("msx-2"));
  PersonTakes("microsoft_crm_id", Take::crm);
  EXPECT_EQ(FateOf(Make()), Fate::impossible);
  PartnerCenterSets("visibility", Value("true"));
  CrmSets("visibility", Value("false"));
  PersonTakes("visibility", Take::crm);
  EXPECT_EQ(FateOf(Make()), Fate::impossible);
}

class ClosedDifferentlyTest : public PlanTest {
 protected:
  ClosedDifferentlyTest() {
    view_.referral.open = false;
    PartnerCenterSets("status", Value("won"));
    CrmSets("status", Value("lost"));
  }
};

TEST_F(ClosedDifferentlyTest, APersonMayLeaveItSo) {
  EXPECT_EQ(Make().state, LinkState::conflict);
  PersonTakes("status", Take::leave);
  Rest(Make());
  const Plan plan = Make();
  EXPECT_TRUE(plan.conflicts.empty());
  EXPECT_EQ(plan.state, LinkState::closed);
}

TEST_F(ClosedDifferentlyTest, TheCrmIsMovedWhereItsClosingIsAnOrdinaryWrite) {
  for (auto& [state, write] : mapping_.status.write) write.close.clear();
  PersonTakes("status", Take::partner_center);
  EXPECT_EQ(ToCrm(Make(), "status"), "won");
}

TEST_F(ClosedDifferentlyTest, ACrmThatClosesByAnActOfItsOwnHasToBeReopenedFirst) {
  PersonTakes("status", Take::partner_center);
  const Plan plan = Make();
  EXPECT_EQ(plan.decisions.at(0).fate, Fate::impossible);
  EXPECT_NE(plan.decisions[0].reason.find("reopen"), std::string::npos);
  EXPECT_EQ(plan.state, LinkState::conflict);
}

TEST_F(ClosedDifferentlyTest, AClosedReferralIsNeverMoved) {
  PersonTakes("status", Take::crm);
  EXPECT_EQ(Make().decisions.at(0).fate, Fate::impossible);
  PersonTakes("status", Take::lost_value, "active");
  EXPECT_EQ(Make().decisions.at(0).fate, Fate::impossible);
}

// --- which record is meant

TEST_F(PlanTest, AReferralThatNamesAnotherRecordIsHeldAtTheFirstMeeting) {
  NeverMet();
  PartnerCenterSets("crm_id", Value("c2"));
  CrmSets("notes", Value("Only in the CRM."));
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  ASSERT_EQ(plan.conflicts.size(), 1u);
  EXPECT_EQ(mapping_.fields[plan.conflicts[0].field].name, "crm_id");
  EXPECT_NE(plan.reason.find("c2"), std::string::npos);
  EXPECT_NE(plan.reason.find("c1"), std::string::npos);
}

TEST_F(PlanTest, APersonMaySayThatTheRecordWithTheIdentifierIsMeant) {
  NeverMet();
  PartnerCenterSets("crm_id", Value("c2"));
  PersonTakes("crm_id", Take::crm);
  EXPECT_EQ(ToPartnerCenter(Make(), "crm_id"), "c1");
}

TEST_F(PlanTest, ASecondRecordWithTheSameIdentifierIsSetAside) {
  OnlyInCrm();
  CrmSets("referral_id", Value("r1"));
  view_.counterpart = "r1";
  view_.counterpart_holder = "c9";
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_EQ(plan.state, LinkState::left_alone);
  EXPECT_NE(plan.reason.find("r1"), std::string::npos);
  EXPECT_NE(plan.reason.find("c9"), std::string::npos);
}

TEST_F(PlanTest, ARecordAReferralNamesButDoesNotBelongToIsNotSharedAgain) {
  OnlyInCrm();
  view_.counterpart = "r1";
  view_.counterpart_holder = "c9";
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_EQ(plan.state, LinkState::left_alone);
}

TEST_F(PlanTest, ASecondReferralForOneRecordIsSetAside) {
  OnlyInPartnerCenter();
  view_.referral.external_reference_id = "c1";
  view_.counterpart = "c1";
  view_.counterpart_holder = "r9";
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_NE(plan.reason.find("r9"), std::string::npos);
}

// Whatever word a mapping reads a closed deal as, only a legal move is sent (I7).
TEST_F(PlanTest, ADealTheCrmCallsExpiredIsLost) {
  CrmSets("status", Value("expired"));
  EXPECT_EQ(ToPartnerCenter(Make(), "status"), "lost");
}

// The other half was refused: the referral has the merge already, the CRM still has its own list.
TEST_F(PlanTest, AHalfLandedMergeIsFinishedFromEitherSide) {
  const Value merged = "sol-1-aaa\nsol-2-bbb\nsol-3-ccc";
  PartnerCenterSets("solutions", merged);
  CrmSets("solutions", Value("sol-1-aaa\nsol-3-ccc"));
  LastSeen("solutions", merged, Value("sol-1-aaa"));
  EXPECT_EQ(ToCrm(Make(), "solutions"), *merged);
  PartnerCenterSets("solutions", Value("sol-1-aaa\nsol-2-bbb"));
  CrmSets("solutions", merged);
  LastSeen("solutions", Value("sol-1-aaa"), merged);
  EXPECT_EQ(ToPartnerCenter(Make(), "solutions"), *merged);
}

}  // namespace
}  // namespace cosell

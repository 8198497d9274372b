#include <gtest/gtest.h>

#include <algorithm>

#include "tests/plan/plan_fixture.h"

namespace cosell {
namespace {

TEST_F(PlanTest, NothingChangedPlansNothing) {
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_TRUE(plan.settled.empty());
  EXPECT_EQ(plan.state, LinkState::in_sync);
}

TEST_F(PlanTest, ChangesOfEachSideTravelToTheOther) {
  PartnerCenterSets("notes", "Four yards.");
  CrmSets("deal_value", "15000");
  const Plan plan = Make();
  EXPECT_EQ(ToCrm(plan, "notes"), "Four yards.");
  EXPECT_EQ(ToPartnerCenter(plan, "deal_value"), "15000");
  EXPECT_EQ(ToCrm(plan, "deal_value"), "(not written)");
  EXPECT_TRUE(plan.conflicts.empty());
}

TEST_F(PlanTest, TheSameChangeOnBothSidesOnlyMovesTheBase) {
  PartnerCenterSets("notes", "Four yards.");
  CrmSets("notes", "Four yards.");
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  ASSERT_EQ(plan.settled.size(), 1u);
  EXPECT_EQ(plan.settled[0].crm, Value("Four yards."));
}

TEST_F(PlanTest, BothSidesChangedSameField) {
  PartnerCenterSets("notes", "Four yards.");
  CrmSets("notes", "Five yards.");
  policy_.conflict = ConflictPolicy::partner_center_wins;
  Plan plan = Make();
  EXPECT_EQ(ToCrm(plan, "notes"), "Four yards.");
  ASSERT_EQ(plan.losers.size(), 1u);
  EXPECT_EQ(plan.losers[0].value, Value("Five yards."));
  policy_.conflict = ConflictPolicy::crm_wins;
  plan = Make();
  EXPECT_EQ(ToPartnerCenter(plan, "notes"), "Five yards.");
  EXPECT_EQ(plan.losers[0].value, Value("Four yards."));
}

TEST_F(PlanTest, NewestWinsByStampsOnOurOwnClock) {
  PartnerCenterSets("notes", "Four yards.");
  CrmSets("notes", "Five yards.");
  view_.partner_center_changed_at = kNoon;
  view_.crm_changed_at = kNoon + std::chrono::seconds(30);
  EXPECT_EQ(ToPartnerCenter(Make(), "notes"), "Five yards.");
  view_.crm_changed_at = kNoon - std::chrono::seconds(30);
  EXPECT_EQ(ToCrm(Make(), "notes"), "Four yards.");
}

TEST_F(PlanTest, AnOrderThatIsNotCertainIsNotGuessed) {
  PartnerCenterSets("notes", "Four yards.");
  CrmSets("notes", "Five yards.");
  view_.partner_center_changed_at = kNoon;
  view_.crm_changed_at = kNoon + std::chrono::seconds(1);
  Plan plan = Make();
  EXPECT_EQ(ToCrm(plan, "notes"), "Four yards.");
  EXPECT_NE(plan.steps[0].reason.find("not certain"), std::string::npos);
  view_.crm_changed_at.reset();
  EXPECT_EQ(ToCrm(Make(), "notes"), "Four yards.");
}

TEST_F(PlanTest, AskKeepsBothValuesAndWritesNeither) {
  PartnerCenterSets("notes", "Four yards.");
  CrmSets("notes", "Five yards.");
  policy_.by_field["notes"] = ConflictPolicy::ask;
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  ASSERT_EQ(plan.conflicts.size(), 1u);
  EXPECT_EQ(plan.conflicts[0].base, Value("Two yards."));
  EXPECT_EQ(plan.conflicts[0].partner_center, Value("Four yards."));
  EXPECT_EQ(plan.conflicts[0].crm, Value("Five yards."));
  EXPECT_EQ(plan.state, LinkState::conflict);
}

TEST_F(PlanTest, SolutionsMergeElementByElement) {
  AgreedOn([] {
    Fields deal = kDeal;
    deal["solutions"] = "sol-1-aaa\nsol-2-bbb";
    return deal;
  }());
  PartnerCenterSets("solutions", Value("sol-1-aaa\nsol-2-bbb\nsol-3-ccc"));
  CrmSets("solutions", Value("sol-2-bbb\nsol-4-ddd"));
  const Plan plan = Make();
  EXPECT_EQ(ToPartnerCenter(plan, "solutions"), "sol-2-bbb\nsol-3-ccc\nsol-4-ddd");
  EXPECT_EQ(ToCrm(plan, "solutions"), "sol-2-bbb\nsol-3-ccc\nsol-4-ddd");
}

TEST_F(PlanTest, TheLastSolutionCannotBeTakenAway) {
  CrmSets("solutions", Value());
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  ASSERT_EQ(plan.conflicts.size(), 1u);
  EXPECT_NE(plan.conflicts[0].reason.find("does not accept"), std::string::npos);
}

TEST_F(PlanTest, WhatPartnerCenterKeepsIsPutBackInTheCrm) {
  CrmSets("referral_id", Value("somebody-elses"));
  const Plan plan = Make();
  EXPECT_EQ(ToCrm(plan, "referral_id"), "r1");
  EXPECT_FALSE(plan.steps[0].audit_success);
  EXPECT_NE(plan.steps[0].audit_reason.find("put back"), std::string::npos);
}

TEST_F(PlanTest, VisibilityIsNeverWithdrawn) {
  CrmSets("visibility", Value("false"));
  const Plan plan = Make();
  EXPECT_EQ(ToPartnerCenter(plan, "visibility"), "(not written)");
  EXPECT_EQ(ToCrm(plan, "visibility"), "true");
}

TEST_F(PlanTest, SyncSetBackToNoKeepsCrmEditsAndStillTakesPartnerCenters) {
  view_.crm_facts.sync = false;
  CrmSets("deal_value", "15000");
  PartnerCenterSets("notes", "Four yards.");
  const Plan plan = Make();
  ASSERT_EQ(plan.steps.size(), 1u);
  EXPECT_EQ(ToCrm(plan, "notes"), "Four yards.");
}

TEST_F(PlanTest, AClosedReferralTakesNothingAndTheEditIsKeptForAPerson) {
  PartnerCenterSets("status", "won");
  CrmSets("status", "won");
  view_.referral.open = false;
  CrmSets("notes", "Five yards.");
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  ASSERT_EQ(plan.conflicts.size(), 1u);
  EXPECT_EQ(plan.conflicts[0].crm, Value("Five yards."));
}

TEST_F(PlanTest, ADealWonBeforeItsIdentifierCameBackNeedsNoPerson) {
  CrmSets("status", "won");
  for (const char* field : {"referral_id", "referral_link"}) {
    CrmSets(field, Value());
    view_.base.crm[*mapping_.Find(field)].reset();
  }
  const Plan plan = Make();
  EXPECT_TRUE(plan.conflicts.empty());
  EXPECT_EQ(ToPartnerCenter(plan, "status"), "won");
}

TEST_F(PlanTest, FieldsTravelBeforeTheClose) {
  CrmSets("status", "won");
  CrmSets("deal_value", "15000");
  Plan plan = Make();
  ASSERT_EQ(plan.steps.size(), 1u);
  EXPECT_EQ(ToPartnerCenter(plan, "deal_value"), "15000");
  EXPECT_EQ(ToPartnerCenter(plan, "status"), "(not written)");
  PartnerCenterSets("deal_value", "15000");
  plan = Make();
  EXPECT_EQ(ToPartnerCenter(plan, "status"), "won");
}

TEST_F(PlanTest, FieldsReachTheCrmBeforeItIsClosedThere) {
  PartnerCenterSets("status", "lost");
  PartnerCenterSets("notes", "Four yards.");
  view_.referral.open = false;
  Plan plan = Make();
  ASSERT_EQ(plan.steps.size(), 1u);
  EXPECT_EQ(ToCrm(plan, "notes"), "Four yards.");
  CrmSets("notes", "Four yards.");
  plan = Make();
  EXPECT_EQ(Written(plan, IntentOperation::close_crm, "status"), "lost");
}

TEST_F(PlanTest, OnHoldEditsWaitForTheAcceptAndOnlyIdsTravel) {
  Fields deal = kDeal;
  deal["status"] = "new";
  deal.erase("crm_id");
  AgreedOn(deal);
  view_.partner_center = RecordOf(deal);
  view_.crm = RecordOf(deal);
  CrmSets("crm_id", "c1");
  CrmSets("notes", "Five yards.");
  Plan plan = Make();
  EXPECT_EQ(ToPartnerCenter(plan, "crm_id"), "c1");
  EXPECT_EQ(ToPartnerCenter(plan, "notes"), "(not written)");
  PartnerCenterSets("crm_id", "c1");
  CrmSets("status", "active");
  plan = Make();
  EXPECT_EQ(ToPartnerCenter(plan, "status"), "active");
  PartnerCenterSets("status", "active");
  plan = Make();
  EXPECT_EQ(ToPartnerCenter(plan, "notes"), "Five yards.");
}

TEST_F(PlanTest, TheNameTravelsInACallOfItsOwnOrNotAtAll) {
  CrmSets("name", "Yard planning II");
  CrmSets("deal_value", "15000");
  Plan plan = Make();
  EXPECT_EQ(ToPartnerCenter(plan, "name"), "(not written)");
  PartnerCenterSets("deal_value", "15000");
  plan = Make();
  EXPECT_EQ(ToPartnerCenter(plan, "name"), "Yard planning II");
  policy_.name_is_patchable = false;
  plan = Make();
  EXPECT_TRUE(plan.steps.empty());
}

TEST_F(PlanTest, AnAmountRoundedByTheCrmIsNoChange) {
  Fields deal = kDeal;
  deal["deal_value"] = "12000.5";
  view_.partner_center = RecordOf(deal);
  CrmSets("deal_value", "12001");
  view_.base.partner_center[*mapping_.Find("deal_value")] = Value("12000.5");
  view_.base.crm[*mapping_.Find("deal_value")] = Value("12001");
  EXPECT_TRUE(Make().steps.empty());
  EXPECT_EQ(Make().reason, "");
}

// The second referral needs what any new one needs; a refusal of Partner Center would tell the
// seller less.
TEST_F(PlanTest, HelpIsNotAskedForWhileSomethingItNeedsIsMissing) {
  CrmSets("help", Value("GeneralOrOther"));
  view_.sharing = CompleteSharing();
  view_.sharing->contact.phone_number.clear();
  const Plan plan = Make();
  EXPECT_EQ(plan.state, LinkState::pending);
  ASSERT_EQ(plan.steps.size(), 1u);
  EXPECT_EQ(plan.steps[0].operation, IntentOperation::update_crm);
  EXPECT_NE(plan.steps[0].audit_reason.find("customer contact"), std::string::npos);
  view_.last_notice = plan.notice;
  EXPECT_TRUE(Make().steps.empty());
  EXPECT_EQ(Make().state, LinkState::waiting);
  view_.sharing = CompleteSharing();
  EXPECT_EQ(Make().steps.at(0).operation, IntentOperation::create_connected_referral);
}

TEST_F(PlanTest, AskingForHelpMakesTheDealVisibleFirst) {
  PartnerCenterSets("visibility", Value("false"));
  view_.base.partner_center[*mapping_.Find("visibility")] = Value("false");
  view_.base.crm[*mapping_.Find("visibility")] = Value("false");
  CrmSets("visibility", Value("false"));
  CrmSets("help", "QuotesOrLicensing");
  Plan plan = Make();
  ASSERT_FALSE(plan.steps.empty());
  EXPECT_EQ(plan.steps[0].operation, IntentOperation::update_referral);
  EXPECT_EQ(ToPartnerCenter(plan, "visibility"), "true");
  PartnerCenterSets("visibility", "true");
  plan = Make();
  EXPECT_EQ(Written(plan, IntentOperation::create_connected_referral, "help"), "QuotesOrLicensing");
}

TEST_F(PlanTest, HelpOnceAskedForIsPutBackWhenItIsTakenAway) {
  view_.connected_referral = true;
  view_.base.partner_center[*mapping_.Find("help")] = Value();
  view_.base.crm[*mapping_.Find("help")] = Value("QuotesOrLicensing");
  CrmSets("help", Value());
  const Plan plan = Make();
  EXPECT_EQ(ToCrm(plan, "help"), "QuotesOrLicensing");
}

TEST_F(PlanTest, TwoThatMeetForTheFirstTimeAndAgreeWriteNothing) {
  NeverMet();
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_EQ(plan.settled.size(), mapping_.fields.size());
}

TEST_F(PlanTest, AtAFirstMeetingAValueBeatsNothing) {
  NeverMet();
  PartnerCenterSets("notes", Value());
  CrmSets("closing_date", Value());
  CrmSets("referral_id", Value());
  const Plan plan = Make();
  EXPECT_EQ(ToPartnerCenter(plan, "notes"), "Two yards.");
  EXPECT_EQ(ToCrm(plan, "closing_date"), "2026-12-15");
  EXPECT_EQ(ToCrm(plan, "referral_id"), "r1");
}

TEST_F(PlanTest, AdoptingADealWithSolutionRowsDoesNotFillTheObsoleteProducts) {
  NeverMet();
  CrmSets("solutions", Value());
  EXPECT_TRUE(Make().steps.empty());
}

TEST_F(PlanTest, AdoptingAClosedPairRaisesNoConflicts) {
  NeverMet();
  PartnerCenterSets("status", "won");
  CrmSets("status", "won");
  view_.referral.open = false;
  CrmSets("notes", "Five yards.");
  CrmSets("solutions", Value());
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_TRUE(plan.conflicts.empty());
  EXPECT_EQ(plan.state, LinkState::closed);
}

TEST_F(PlanTest, ALinkOfAnotherFormIsNoReasonToWriteAtAFirstMeeting) {
  NeverMet();
  CrmSets("referral_link", Value("https://partner.microsoft.com/referrals/v2/inbox?id=r1"));
  EXPECT_TRUE(Make().steps.empty());
}

TEST_F(PlanTest, ANewReferralBecomesACrmRecord) {
  OnlyInPartnerCenter();
  const Plan plan = Make();
  ASSERT_EQ(plan.steps.size(), 1u);
  EXPECT_EQ(plan.steps[0].operation, IntentOperation::create_crm);
  EXPECT_EQ(Written(plan, IntentOperation::create_crm, "referral_id"), "r1");
  EXPECT_EQ(Written(plan, IntentOperation::create_crm, "crm_id"), "(not written)");
}

TEST_F(PlanTest, LeadsClosedDealsAndForeignCrmIdsAreLeftAlone) {
  OnlyInPartnerCenter();
  view_.not_ours = "a lead: leads are not synced";
  EXPECT_EQ(Make().state, LinkState::left_alone);
  view_.not_ours.clear();
  view_.referral.external_reference_id = "opp-000187";
  EXPECT_EQ(Make().state, LinkState::left_alone);
  view_.referral.external_reference_id.clear();
  view_.referral.open = false;
  EXPECT_EQ(Make().state, LinkState::left_alone);
  EXPECT_TRUE(Make().steps.empty());
}

TEST_F(PlanTest, ADeletedCrmRecordIsNeverRecreated) {
  view_.crm.reset();
  view_.crm_deleted = true;
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_EQ(plan.state, LinkState::unlinked);
}

TEST_F(PlanTest, AFlaggedCompleteDealIsShared) {
  OnlyInCrm();
  const Plan plan = Make();
  ASSERT_EQ(plan.steps.size(), 1u);
  EXPECT_EQ(plan.steps[0].operation, IntentOperation::create_referral);
}

TEST_F(PlanTest, NothingLeavesTheCrmWhileSyncIsNotYes) {
  OnlyInCrm();
  view_.crm_facts.sync = false;
  EXPECT_TRUE(Make().steps.empty());
}

TEST_F(PlanTest, EverythingThatIsMissingIsNamedOnce) {
  OnlyInCrm();
  for (const char* field : {"solutions", "deal_value", "closing_date"}) CrmSets(field, Value());
  view_.sharing->customer["/customerProfile/address/country"] = "Sweden";
  CrmSets("help", "QuotesOrLicensing");
  view_.sharing->contact.phone_number.clear();
  Plan plan = Make();
  EXPECT_EQ(plan.state, LinkState::waiting);
  for (const char* part : {"solution missing", "deal value missing", "close date missing",
                           "two-letter ISO code", "customer contact"}) {
    EXPECT_NE(plan.reason.find(part), std::string::npos) << part;
  }
  ASSERT_EQ(plan.steps.size(), 1u);
  EXPECT_EQ(plan.steps[0].operation, IntentOperation::update_crm);
  EXPECT_FALSE(plan.steps[0].audit_success);
  view_.last_notice = plan.notice;
  EXPECT_TRUE(Make().steps.empty());
}

TEST_F(PlanTest, WithoutAskingForHelpNoContactIsNeeded) {
  OnlyInCrm();
  view_.sharing->contact = Member{};
  EXPECT_EQ(Make().steps[0].operation, IntentOperation::create_referral);
}

TEST_F(PlanTest, AFlaggedDealOnHoldWaitsAndSaysSo) {
  OnlyInCrm();
  CrmSets("status", "new");
  const Plan plan = Make();
  EXPECT_EQ(plan.state, LinkState::waiting);
  EXPECT_NE(plan.notice.find("on hold"), std::string::npos);
}

TEST(BaseTest, ABaseReadsBackAsItWasStored) {
  const Mapping mapping = BoundTestMapping();
  Base base = DecodeBase(mapping, "", "");
  EXPECT_TRUE(base.empty());
  base.partner_center[0] = Value("a \"quoted\" text");
  base.crm[0] = Value();
  base.SetApart(0, true);
  const Base back =
      DecodeBase(mapping, EncodePartnerCenterBase(mapping, base), EncodeCrmBase(mapping, base));
  EXPECT_EQ(back.partner_center, base.partner_center);
  EXPECT_EQ(back.crm, base.crm);
  EXPECT_TRUE(back.Knows(0));
  EXPECT_FALSE(back.Knows(1));
  EXPECT_TRUE(back.Apart(0));
  EXPECT_FALSE(back.Apart(1));
}

}  // namespace
}  // namespace cosell

#include "tests/engine/pair_world.h"
#include "tools/sandbox/dataverse/dataverse_world.h"

// What the simulation found about writes without an answer and clocks that are set back; each test
// is the shortest form of its history.
namespace cosell::test {
namespace {

using sandbox::FaultKind;
using sandbox::FaultRule;

class LookUpTest : public PairWorld {
 protected:
  void Lose(FaultKind kind, const std::string& service, const std::string& path) {
    FaultRule rule;
    rule.kind = kind;
    rule.service = service;
    rule.method = "PATCH";
    rule.path = path;
    ASSERT_TRUE(sync_.world().faults().Add(rule));
  }
  void LookAgain() {
    for (int round = 0; round < 4; ++round) {
      sync_.Pass(std::chrono::seconds(40));
      sync_.Sync();
    }
    sync_.Settle();
  }
  void SetCrmClockBack(std::chrono::seconds by) {
    sync_.world().dataverse().switches().clock_offset = -by;
    sync_.world().salesforce().world().switches().clock_offset = -by;
  }
};

TEST_P(LookUpTest, AnEditMadeOnACrmClockThatWasSetBackIsNotOlderThanWhatWeKnow) {
  SharedPair();
  SetCrmClockBack(std::chrono::seconds(30));
  sync_.SellerSets(opportunity_, {{"deal_value", 91000}});
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(referral_)["details"]["dealValue"], 91000);
  EXPECT_EQ(sync_.Crm(opportunity_, "deal_value"), "91000");
}

TEST_P(LookUpTest, AnEditBetweenALostCreateAndItsLookUpTravels) {
  const std::string referral = sync_.MicrosoftSends("Brewhouse telemetry rollout");
  sync_.PartnerMoves(referral, "Active", "Accepted");
  Lose(FaultKind::drop_after, sync_.crm_service(), "[oO]pportunit");
  sync_.Sync();
  const std::string opportunity = sync_.OpportunityOf(referral);
  ASSERT_FALSE(opportunity.empty());
  sync_.SellerSets(opportunity, {{"deal_value", 91000}});
  LookAgain();
  EXPECT_EQ(sync_.Referral(referral)["details"]["dealValue"], 91000);
  EXPECT_EQ(sync_.Opportunities().size(), 1u);
}

TEST_P(LookUpTest, AWriteThatWasOverwrittenBeforeItWasLookedUpIsNotCalledUndone) {
  SharedPair();
  SellerNotes("The seller's");
  Lose(FaultKind::drop_after, "referrals", referral_);
  sync_.Sync();
  ASSERT_EQ(NotesInPartnerCenter(), "The seller's") << "the write took effect";
  PartnerNotes("Partner Center's, a little later");
  LookAgain();
  EXPECT_EQ(NotesInCrm(), "Partner Center's, a little later");
  EXPECT_TRUE(Audit("outcome", "not_done").empty());
}

TEST_P(LookUpTest, ANoticeThatWasNotWrittenIsNotTakenForDoneBecauseSomebodyElseWrote) {
  auto deal = sync_.NewDeal("Yard planning pilot");
  deal.products.clear();
  deal.sync = true;
  const std::string opportunity = sync_.SellerOpens(deal);
  Lose(FaultKind::drop_before, sync_.crm_service(), "[oO]pportunit");
  sync_.Sync();
  sync_.SellerSets(opportunity, {{"deal_value", 13000}});
  LookAgain();
  EXPECT_NE(sync_.Crm(opportunity, "audit").find("solution missing"), std::string::npos);
}

// Dynamics refuses writes to a closed opportunity; Salesforce takes them.
TEST_P(LookUpTest, ARefusalIsNotWrittenToARecordThatTakesNoMoreWrites) {
  SharedPair();
  FaultRule rule;
  rule.kind = FaultKind::status;
  rule.status = 400;
  rule.service = "referrals";
  rule.method = "PATCH";
  ASSERT_TRUE(sync_.world().faults().Add(rule));
  sync_.SellerWins(opportunity_);
  const auto before = sync_.world().log().last_sequence();
  sync_.Sync();
  for (const auto& entry : sync_.world().log().Find({sync_.crm_service(), "PATCH", "", before, {}}))
    EXPECT_LT(entry.status, 300) << entry.target;
  LookAgain();
  EXPECT_EQ(sync_.Referral(referral_)["substatus"], "Won");
}

INSTANTIATE_TEST_SUITE_P(EveryCrm, LookUpTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

}  // namespace
}  // namespace cosell::test

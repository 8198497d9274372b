#include <gtest/gtest.h>

#include "support/sync_world.h"

// The scenarios of the product's main job, against the emulated remote sides. What happened is read
// from the remote sides themselves.
namespace cosell::test {
namespace {

class ScenarioTest : public testing::TestWithParam<CrmProduct> {
 protected:
  // A referral from Microsoft and its opportunity, accepted and in step.
  void SharedPair() {
    referral_ = sync_.MicrosoftSends("Brewhouse telemetry rollout");
    sync_.Settle();
    sync_.PartnerMoves(referral_, "Active", "Accepted");
    sync_.Settle();
    opportunity_ = sync_.OpportunityOf(referral_);
    ASSERT_FALSE(opportunity_.empty());
  }

  SyncWorld sync_{GetParam()};
  std::string referral_;
  std::string opportunity_;
};

TEST_P(ScenarioTest, ANewReferralAppearsInTheCrmWithEverythingMapped) {
  const std::string id = sync_.MicrosoftSends("Brewhouse telemetry rollout");
  sync_.Settle();
  const std::string crm = sync_.OpportunityOf(id);
  ASSERT_FALSE(crm.empty());
  EXPECT_EQ(sync_.Crm(crm, "name"), "\u2713 Brewhouse telemetry rollout");
  EXPECT_EQ(sync_.Crm(crm, "deal_value"), "84500");
  EXPECT_EQ(sync_.Crm(crm, "closing_date"), "2026-09-30");
  EXPECT_EQ(sync_.Crm(crm, "notes"), "Edge gateways in three plants.");
  EXPECT_EQ(sync_.Crm(crm, "state"), "new");
  EXPECT_EQ(sync_.Crm(crm, "sync"), "true");
  EXPECT_EQ(sync_.Crm(crm, "referral_link"), "https://partner.example/referrals?id=" + id);
  EXPECT_EQ(sync_.Crm(crm, "products"), "SOL-90210-QWK");
  EXPECT_NE(sync_.Crm(crm, "audit").find("Partner Center Referral to CRM sync success."),
            std::string::npos);
  EXPECT_EQ(sync_.desk().Accounts(), 1u);
  EXPECT_EQ(sync_.desk().Contacts(), 1u);
  EXPECT_EQ(sync_.Referral(id)["externalReferenceId"], crm);
  EXPECT_EQ(sync_.LinkOf(crm).state, LinkState::in_sync);
}

TEST_P(ScenarioTest, AFlaggedDealIsSharedWithMicrosoftAndComesBackMarked) {
  auto deal = sync_.NewDeal("Yard planning pilot");
  deal.help_label = "Quotes or Licensing";
  const std::string crm = sync_.SellerOpens(deal);
  sync_.Settle();
  EXPECT_EQ(sync_.ReferralOf(crm), "") << "shared although Sync is No";
  sync_.SellerFlags(crm);
  sync_.Settle();
  const std::string id = sync_.ReferralOf(crm);
  ASSERT_FALSE(id.empty());
  const Json referral = sync_.Referral(id);
  EXPECT_EQ(referral["details"]["dealValue"], 12000);
  EXPECT_EQ(referral["customerProfile"]["address"]["country"], "SE");
  EXPECT_EQ(referral["customerProfile"]["team"][0]["email"],
            "inga.sundqvist@pelikan-freight.example");
  EXPECT_EQ(sync_.world().EngagementIds(referral["engagementId"]).size(), 2u)
      << "Microsoft's referral is missing";
  EXPECT_EQ(sync_.Crm(crm, "referral_id"), id);
  EXPECT_EQ(sync_.Crm(crm, "referral_link"), "https://partner.example/referrals?id=" + id);
  EXPECT_EQ(sync_.Crm(crm, "name"), "\u2713 Yard planning pilot");
  EXPECT_EQ(sync_.Crm(crm, "visibility"), "true");
  EXPECT_NE(sync_.Crm(crm, "audit").find("CRM to Partner Center Referral sync success."),
            std::string::npos);
}

TEST_P(ScenarioTest, ADealThatLacksSomethingStaysAndSaysWhatUntilItIsMended) {
  auto deal = sync_.NewDeal("Yard planning pilot");
  deal.products.clear();
  deal.address.country = "Sweden";
  deal.sync = true;
  const std::string crm = sync_.SellerOpens(deal);
  sync_.Settle();
  EXPECT_EQ(sync_.ReferralOf(crm), "");
  const std::string audit = sync_.Crm(crm, "audit");
  EXPECT_NE(audit.find("solution missing"), std::string::npos) << audit;
  EXPECT_NE(audit.find("two-letter ISO code"), std::string::npos) << audit;
  EXPECT_EQ(sync_.Crm(crm, "name"), "\u2717 Yard planning pilot");
  const auto writes = sync_.Writes();
  sync_.Sync();
  EXPECT_EQ(sync_.Writes(), writes) << "the same complaint was written again";

  sync_.SellerSets(crm, {{"products", "SOL-90210-QWK"}});
  sync_.SellerSetsAccount(crm, {{"country", "SE"}});
  sync_.Settle();
  EXPECT_FALSE(sync_.ReferralOf(crm).empty());
  EXPECT_EQ(sync_.Crm(crm, "name"), "\u2713 Yard planning pilot");
}

TEST_P(ScenarioTest, HelpWithoutACompleteContactIsNotAskedFor) {
  auto deal = sync_.NewDeal("Yard planning pilot");
  deal.help_label = "Quotes or Licensing";
  deal.contact->phone.clear();
  deal.sync = true;
  const std::string crm = sync_.SellerOpens(deal);
  sync_.Settle();
  EXPECT_EQ(sync_.ReferralOf(crm), "");
  EXPECT_NE(sync_.Crm(crm, "audit").find("customer contact"), std::string::npos);
}

TEST_P(ScenarioTest, EditsOfDifferentFieldsMergeAndEqualOnesCostNothing) {
  SharedPair();
  sync_.PartnerSets(referral_, "/details/notes", "Four plants now.");
  sync_.SellerSets(opportunity_, {{"deal_value", 91000}, {"closing_date", "2026-10-31"}});
  sync_.Settle();
  EXPECT_EQ(sync_.Crm(opportunity_, "notes"), "Four plants now.");
  EXPECT_EQ(sync_.Referral(referral_)["details"]["dealValue"], 91000);
  EXPECT_EQ(
      sync_.Referral(referral_)["details"]["closingDateTime"].get<std::string>().substr(0, 10),
      "2026-10-31");
}

TEST_P(ScenarioTest, TheNewerEditOfOneFieldWinsAndTheOtherIsKept) {
  SharedPair();
  sync_.PartnerSets(referral_, "/details/notes", "Partner Center's words.");
  sync_.Pass(std::chrono::seconds(30));
  sync_.SellerSets(opportunity_, {{"notes", "The seller's words."}});
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(referral_)["details"]["notes"], "The seller's words.");
  bool kept = false;
  for (const auto& entry : sync_.store().HistoryOf(sync_.LinkOf(opportunity_).id)) {
    kept |= entry.field == "notes" && entry.value == "Partner Center's words." &&
            entry.superseded_by == "newest_wins";
  }
  EXPECT_TRUE(kept);
}

TEST_P(ScenarioTest, AcceptingInTheCrmAcceptsTheReferralAndThenEditsFlow) {
  const std::string id = sync_.MicrosoftSends("Brewhouse telemetry rollout");
  sync_.Settle();
  const std::string crm = sync_.OpportunityOf(id);
  sync_.SellerSets(crm, {{"deal_value", 90000}});
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(id)["details"]["dealValue"], 84500) << "an edit on hold was sent";
  sync_.SellerMoves(crm, SeedCrmState::in_progress);
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(id)["status"], "Active");
  EXPECT_EQ(sync_.Referral(id)["details"]["dealValue"], 90000);
}

TEST_P(ScenarioTest, AcceptingInPartnerCenterTakesTheCrmOffHold) {
  const std::string id = sync_.MicrosoftSends("Brewhouse telemetry rollout");
  sync_.Settle();
  sync_.PartnerMoves(id, "Active", "Accepted");
  sync_.Settle();
  EXPECT_EQ(sync_.Crm(sync_.OpportunityOf(id), "state"), "active");
}

TEST_P(ScenarioTest, WinningInTheCrmWinsTheReferral) {
  SharedPair();
  sync_.SellerSets(opportunity_, {{"deal_value", 99000}});
  sync_.SellerWins(opportunity_);
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(referral_)["substatus"], "Won");
  EXPECT_EQ(sync_.Referral(referral_)["details"]["dealValue"], 99000);
  EXPECT_EQ(sync_.LinkOf(opportunity_).state, LinkState::closed);
}

TEST_P(ScenarioTest, WinningBeforeAcceptingAcceptsFirst) {
  const std::string id = sync_.MicrosoftSends("Brewhouse telemetry rollout");
  sync_.Settle();
  sync_.SellerWins(sync_.OpportunityOf(id));
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(id)["substatus"], "Won");
}

TEST_P(ScenarioTest, LosingBeforeAcceptingDeclinesWithAReason) {
  const std::string id = sync_.MicrosoftSends("Brewhouse telemetry rollout");
  sync_.Settle();
  sync_.SellerLoses(sync_.OpportunityOf(id));
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(id)["substatus"], "Declined");
  EXPECT_FALSE(sync_.Referral(id)["statusReason"].get<std::string>().empty());
}

TEST_P(ScenarioTest, EveryWayOfClosingInPartnerCenterClosesTheOpportunity) {
  SharedPair();
  sync_.PartnerMoves(referral_, "Closed", "Won");
  const std::string declined = sync_.MicrosoftSends("Declined deal");
  const std::string expired = sync_.MicrosoftSends("Expired deal");
  sync_.Settle();
  EXPECT_EQ(sync_.Crm(opportunity_, "state"), "won");
  sync_.PartnerMoves(declined, "Closed", "Declined");
  ASSERT_TRUE(sync_.world().Expire(expired));
  sync_.Settle();
  EXPECT_EQ(sync_.Crm(sync_.OpportunityOf(declined), "state"), "lost");
  EXPECT_EQ(sync_.Crm(sync_.OpportunityOf(expired), "state"), "lost");
}

TEST_P(ScenarioTest, AReopenedOpportunityIsClosedAgain) {
  SharedPair();
  sync_.PartnerMoves(referral_, "Closed", "Lost");
  sync_.Settle();
  sync_.SellerMoves(opportunity_, SeedCrmState::in_progress);
  sync_.Settle();
  EXPECT_EQ(sync_.Crm(opportunity_, "state"), "lost");
  EXPECT_EQ(sync_.Referral(referral_)["substatus"], "Lost");
}

TEST_P(ScenarioTest, ASecondSweepWritesNothing) {
  SharedPair();
  const auto writes = sync_.Writes();
  EXPECT_EQ(sync_.Sync().run.written, 0);
  EXPECT_EQ(sync_.Poll().run.written, 0);
  EXPECT_EQ(sync_.Writes(), writes);
}

TEST_P(ScenarioTest, AnIdlePollAsksEachSideOnce) {
  SharedPair();
  sync_.Pass(std::chrono::minutes(10));
  sync_.Poll();
  sync_.Pass(std::chrono::minutes(6));  // Salesforce is cross-checked every ten minutes
  const auto before = sync_.world().log().last_sequence();
  sync_.Poll();
  std::size_t calls = 0;
  for (const auto& entry : sync_.world().log().Find({"", "", "", before, false}))
    calls += entry.service != "entra" && entry.service != "salesforce_login" ? 1 : 0;
  EXPECT_EQ(calls, 2u);
}

TEST_P(ScenarioTest, SyncSetBackToNoKeepsTheSellersEdits) {
  SharedPair();
  sync_.SellerSets(opportunity_, {{"sync", false}});
  sync_.Settle();
  sync_.SellerSets(opportunity_, {{"deal_value", 1}});
  sync_.PartnerSets(referral_, "/details/notes", "Still arrives.");
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(referral_)["details"]["dealValue"], 84500);
  EXPECT_EQ(sync_.Crm(opportunity_, "notes"), "Still arrives.");
}

TEST_P(ScenarioTest, LeadsAreLeftAloneAndCounted) {
  Json lead = SyncWorld::NewReferral("A lead");
  lead["type"] = "Independent";
  ASSERT_TRUE(sync_.world().MicrosoftSends(lead.dump()));
  sync_.Settle();
  EXPECT_TRUE(sync_.Opportunities().empty());
  EXPECT_EQ(sync_.store().Status(sync_.clock().Now()).front().links_by_state.at("left_alone"), 1);
}

TEST_P(ScenarioTest, ADeletedOpportunityIsNotRecreated) {
  SharedPair();
  sync_.SellerDeletes(opportunity_);
  sync_.Settle();
  EXPECT_TRUE(sync_.Opportunities().empty());
  EXPECT_EQ(sync_.Referral(referral_)["status"], "Active");
  sync_.PartnerSets(referral_, "/details/notes", "Changed later.");
  sync_.Settle();
  EXPECT_TRUE(sync_.Opportunities().empty());
}

TEST_P(ScenarioTest, ALostDatabaseComesBackFromTheIdentifiersWithoutAWrite) {
  SharedPair();
  auto deal = sync_.NewDeal("Yard planning pilot");
  deal.sync = true;
  sync_.SellerOpens(deal);
  sync_.Settle();
  const auto writes = sync_.Writes();
  sync_.LoseDatabase();
  sync_.Settle();
  EXPECT_EQ(sync_.Writes(), writes);
  EXPECT_EQ(sync_.LinkOf(opportunity_).state, LinkState::in_sync);
  EXPECT_EQ(sync_.Opportunities().size(), 2u);
}

TEST_P(ScenarioTest, ANameThatCannotBePatchedIsTriedOnceAndThenKept) {
  SharedPair();
  sync_.world().switches().name_writable = false;
  sync_.SellerSets(opportunity_, {{"name", "\u2713 Another name"}});
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(referral_)["name"], "Brewhouse telemetry rollout");
  EXPECT_EQ(sync_.Crm(opportunity_, "name"), "\u2713 Another name");
  const auto writes = sync_.Writes();
  sync_.SellerSets(opportunity_, {{"name", "\u2713 A third name"}});
  sync_.Settle();
  EXPECT_EQ(sync_.Writes(), writes);
}

INSTANTIATE_TEST_SUITE_P(EveryCrm, ScenarioTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

}  // namespace
}  // namespace cosell::test

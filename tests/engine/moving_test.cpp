#include <gtest/gtest.h>

#include "tests/engine/pair_world.h"
#include "tools/sandbox/seed.h"

// The day a company moves over from Microsoft's connectors, on both CRMs (docs/MIGRATING.md).
namespace cosell::test {
namespace {

constexpr int kPairs = 1'000;

// Deals that the connectors have paired: identifier and CRM id on both sides, no database of ours.
class MovingTest : public PairWorld {
 protected:
  explicit MovingTest(EngineOptions options = {}) : PairWorld(std::move(options)) {}

  void PairedByTheConnectors(int pairs) {
    sandbox::SeedOptions seed;
    seed.crm = GetParam();
    seed.pairs = pairs;
    seed.referrals_only = 0;
    seed.opportunities_only = 0;
    seed.referral_link_template = "https://partner.example/referrals?id={referral_id}";
    sandbox::SeedWorld(sync_.world(), seed);
  }
  // Somebody edits the notes of every open referral while nothing runs.
  std::size_t PartnerEditsAll(const std::string& notes) {
    const Json patch =
        Json::array({{{"op", "replace"}, {"path", "/details/notes"}, {"value", notes}}});
    std::size_t edited = 0;
    for (const std::string& id : sync_.world().ReferralIds()) {
      edited += sync_.world().PersonEdits(id, patch.dump()) ? 1 : 0;
    }
    return edited;
  }
  std::map<std::string, std::int64_t> States() {
    return sync_.store().Status(sync_.clock().Now()).at(0).links_by_state;
  }
  std::int64_t Count(const std::string& state) {
    const auto states = States();
    const auto found = states.find(state);
    return found == states.end() ? 0 : found->second;
  }
  // A writing call to either remote side, in their own log.
  std::size_t RemoteWrites() {
    std::size_t writes = 0;
    for (const std::string& service :
         {std::string("referrals"), std::string("webhooks"), sync_.crm_service()}) {
      sandbox::RequestLog::Filter filter;
      filter.service = service;
      filter.writes_only = true;
      for (const auto& entry : sync_.world().log().Find(filter)) {
        // Salesforce retrieves many records with a POST.
        const bool retrieves = entry.body.find("\"ids\"") != std::string::npos ||
                               entry.body.find("compositeRequest") != std::string::npos;
        const bool batch = entry.target.find("$batch") != std::string::npos;
        if (!retrieves && !batch) ++writes;
      }
    }
    return writes + sync_.desk().ServiceWrites();
  }
};

TEST_P(MovingTest, AThousandPairsAreAdoptedWithoutAWrite) {
  PairedByTheConnectors(kPairs);
  const std::size_t deals = sync_.Opportunities().size();
  const RoundResult first = sync_.Sync();
  EXPECT_FALSE(first.broken) << first.reason;
  EXPECT_EQ(first.stopped, "") << first.reason;
  EXPECT_EQ(first.run.written, 0);
  EXPECT_EQ(first.run.planned, 0);
  EXPECT_EQ(sync_.Sync().run.written, 0);
  EXPECT_EQ(RemoteWrites(), 0u);
  EXPECT_EQ(sync_.Opportunities().size(), deals);
  EXPECT_EQ(sync_.store().CountPairs(ConnectionName{"contoso"}), kPairs);
  EXPECT_EQ(Count("in_sync") + Count("closed") + Count("left_alone"), kPairs);
  EXPECT_GT(Count("in_sync"), kPairs / 2);
}

TEST_P(MovingTest, WhatThePartnerChangesAfterAdoptionArrives) {
  PairedByTheConnectors(3);
  sync_.Settle();
  ASSERT_GT(PartnerEditsAll("Edited after the move."), 0u);
  sync_.Settle();
  std::size_t edited = 0;
  for (const std::string& id : sync_.Opportunities())
    edited += sync_.Crm(id, "notes") == "Edited after the move." ? 1 : 0;
  EXPECT_GT(edited, 0u);
}

// crm.mark: the connectors leave a mark in front of each name.
TEST_P(MovingTest, AMarkIsNoDifferenceAndStaysUntilThereIsSomethingToWrite) {
  SharedPair();
  const std::string marked = sync_.Crm(opportunity_, "name");
  ASSERT_NE(marked, "Brewhouse telemetry rollout");
  sync_.Mark(false);
  sync_.LoseDatabase();
  const auto before = sync_.Writes();
  sync_.Settle();
  EXPECT_EQ(sync_.Writes(), before);
  EXPECT_EQ(sync_.Crm(opportunity_, "name"), marked);
  PartnerNotes("Scope extended.");
  sync_.Settle();
  EXPECT_EQ(sync_.Crm(opportunity_, "name"), "Brewhouse telemetry rollout");
  EXPECT_EQ(sync_.Referral(referral_)["name"], "Brewhouse telemetry rollout");
}

class ShadowMoveTest : public MovingTest {
 protected:
  static EngineOptions InShadow() {
    EngineOptions options;
    options.shadow = true;
    return options;
  }
  ShadowMoveTest() : MovingTest(InShadow()) {}

  void DealsOfEveryKind() {
    PairedByTheConnectors(5);
    PartnerEditsAll("Edited while nobody synchronised.");
    referral_ = sync_.MicrosoftSends("Brewhouse telemetry rollout");
    opportunity_ = sync_.SellerOpens(sync_.NewDeal("Yard planning pilot"));
    sync_.SellerFlags(opportunity_);
  }
};

TEST_P(ShadowMoveTest, BothSidesAreReadAndNothingIsWritten) {
  DealsOfEveryKind();
  for (const IntakeDepth depth : {IntakeDepth::sweep, IntakeDepth::poll, IntakeDepth::sweep}) {
    const RoundResult round = sync_.Sync(depth);
    EXPECT_FALSE(round.broken) << round.reason;
    EXPECT_EQ(round.stopped, "") << round.reason;
    EXPECT_EQ(round.run.written, 0);
  }
  EXPECT_EQ(RemoteWrites(), 0u);
  EXPECT_NE(sync_.LinkOf(opportunity_).reason.find("shadow: would"), std::string::npos)
      << sync_.LinkOf(opportunity_).reason;
  EXPECT_GE(Count("pending"), 3);
  EXPECT_EQ(sync_.store().Status(sync_.clock().Now()).at(0).mode, "shadow");
}

TEST_P(ShadowMoveTest, GoingLiveDoesWhatWasAnnounced) {
  DealsOfEveryKind();
  sync_.Sync();
  sync_.Sync();
  sync_.Shadow(false);
  sync_.Settle();
  EXPECT_FALSE(sync_.OpportunityOf(referral_).empty());
  EXPECT_FALSE(sync_.ReferralOf(opportunity_).empty());
  EXPECT_EQ(Count("pending"), 0);
  EXPECT_EQ(sync_.store().Status(sync_.clock().Now()).at(0).mode, "live");
}

TEST_P(ShadowMoveTest, TheRailsHoldTheFirstLiveRound) {
  PairedByTheConnectors(30);
  sync_.Sync();
  ASSERT_GT(PartnerEditsAll("An import while nobody synchronised."), 15u);
  sync_.Sync();
  sync_.Shadow(false);
  const RoundResult first = sync_.Sync();
  EXPECT_EQ(first.stopped, "mass-change") << first.reason;
  EXPECT_EQ(RemoteWrites(), 0u);
  Confirmations confirmed;
  confirmed.mass_change = true;
  EXPECT_GT(sync_.Sync(IntakeDepth::sweep, confirmed).run.written, 0);
}

TEST_P(ShadowMoveTest, ASideThatChangesBesideTheConnectorsIsFollowed) {
  PairedByTheConnectors(1);
  sync_.Sync();
  const std::string deal = sync_.Opportunities().front();
  // Microsoft's flows carry the edit over themselves: both sides move to the same value.
  ASSERT_EQ(PartnerEditsAll("Carried over by the flows."), 1u);
  sync_.SellerSets(deal, {{"notes", "Carried over by the flows."}});
  sync_.Sync();
  EXPECT_EQ(sync_.LinkOf(deal).state, LinkState::in_sync) << sync_.LinkOf(deal).reason;
  sync_.Shadow(false);
  sync_.Settle();
  EXPECT_EQ(RemoteWrites(), 0u);
}

#define COSELL_EVERY_CRM(suite)                                                              \
  INSTANTIATE_TEST_SUITE_P(EveryCrm, suite,                                                  \
                           testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce), \
                           NameOfCrm)
COSELL_EVERY_CRM(MovingTest);
COSELL_EVERY_CRM(ShadowMoveTest);

// The sample flow of 2019: the lead's id is the referral's CRM id, and its topic the referral's id.
class OldLeadTest : public testing::Test {
 protected:
  OldLeadTest() { sync_.SyncLeads(); }

  void LeadOfTheOldFlow(bool written_back) {
    Json lead = SyncWorld::NewReferral("Robotics enquiry");
    lead["type"] = "Independent";
    lead["qualification"] = "MarketingQualified";
    lead["inviteContext"].erase("assistanceRequestCode");
    referral_ = sync_.MicrosoftSendsAs(lead);
    lead_ = sync_.desk()
                .OpenLead(Json{
                    {"name", referral_},
                    {"company", "Tannhof Brauereitechnik GmbH"},
                    {"last_name",
                     "Korn"}}.dump())
                .value();
    if (written_back) sync_.PartnerSets(referral_, "/externalReferenceId", lead_);
  }
  void ExpectAdopted() {
    sync_.Settle();
    EXPECT_EQ(sync_.desk().Leads().size(), 1u) << "a second lead was made";
    EXPECT_EQ(sync_.LinkOf(lead_).referral_id.text, referral_);
  }

  SyncWorld sync_{CrmProduct::dynamics365};
  std::string referral_;
  std::string lead_;
};

TEST_F(OldLeadTest, IsAdoptedByTheIdWrittenBackToTheReferral) {
  LeadOfTheOldFlow(true);
  ExpectAdopted();
}

TEST_F(OldLeadTest, IsAdoptedByItsTopicWhereTheWriteBackWasLost) {
  LeadOfTheOldFlow(false);
  ExpectAdopted();
  // Nothing of the lead leaves the CRM before a seller says so; then the lost id is made good.
  EXPECT_TRUE(sync_.Referral(referral_)["externalReferenceId"].is_null());
  ASSERT_TRUE(sync_.desk().SetLead(lead_, R"({"sync": true})").ok());
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(referral_)["externalReferenceId"], lead_);
  EXPECT_EQ(sync_.Lead(lead_, "referral_id"), referral_);
}

}  // namespace
}  // namespace cosell::test

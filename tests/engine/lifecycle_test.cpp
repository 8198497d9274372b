#include <gtest/gtest.h>

#include <set>

#include "pair_world.h"

// What happens to a deal by time and by Microsoft, on both CRMs.
namespace cosell::test {
namespace {

using namespace std::chrono_literals;

class LifecycleTest : public PairWorld {
 protected:
  // A seller's deal that asks for help, shared; Microsoft's own referral waits for its answer.
  void DealThatAsksForHelp() {
    auto deal = sync_.NewDeal("Yard planning pilot");
    deal.help_label = "Quotes or Licensing";
    deal.sync = true;
    opportunity_ = sync_.SellerOpens(deal);
    sync_.Settle();
    referral_ = sync_.ReferralOf(opportunity_);
    ASSERT_FALSE(referral_.empty());
    for (const auto& id : sync_.world().EngagementIds(sync_.Referral(referral_)["engagementId"])) {
      if (id != referral_) microsofts_ = id;
    }
    ASSERT_FALSE(microsofts_.empty());
  }
  void MicrosoftAnswers(const std::string& decision) {
    ASSERT_TRUE(sync_.world().MicrosoftDecides(microsofts_, decision));
    sync_.Pass(1s);
    sync_.Settle();
  }
  std::set<std::string> Team() {
    const Json referral = sync_.Referral(referral_);
    std::set<std::string> emails;
    for (const Json& member : referral["team"]) emails.insert(member["email"].get<std::string>());
    return emails;
  }
  // Lines of the CRM's Audit that hold this text.
  int Lines(const std::string& text) {
    int lines = 0;
    std::istringstream audit(sync_.Crm(opportunity_, "audit"));
    for (std::string line; std::getline(audit, line);) {
      lines += line.find(text) != std::string::npos ? 1 : 0;
    }
    return lines;
  }

  std::string microsofts_;
};

TEST_P(LifecycleTest, MicrosoftsAcceptReachesTheSellerWithItsCrmId) {
  DealThatAsksForHelp();
  sync_.world().switches().msx_id_on = "sibling";
  MicrosoftAnswers("accept");
  EXPECT_EQ(Lines("Microsoft accepted"), 1) << sync_.Crm(opportunity_, "audit");
  EXPECT_EQ(sync_.Crm(opportunity_, "microsoft_crm_id"),
            sync_.Referral(microsofts_)["trackingInfo"]["microsoftMsxId"].get<std::string>());
  const auto writes = sync_.Writes();
  sync_.Settle();
  EXPECT_EQ(sync_.Writes(), writes);
  sync_.SellerSets(opportunity_, {{"notes", "Two yards."}});
  sync_.Settle();
  EXPECT_EQ(Lines("Microsoft accepted"), 1);
}

// Microsoft's side of what it brought itself is active from the start.
TEST_P(LifecycleTest, NobodyIsToldThatMicrosoftAcceptedItsOwnReferral) {
  SharedPair();
  EXPECT_EQ(Lines("Microsoft accepted"), 0) << sync_.Crm(opportunity_, "audit");
}

TEST_P(LifecycleTest, MicrosoftsDeclineReachesTheSellerAndChangesNothingElse) {
  DealThatAsksForHelp();
  MicrosoftAnswers("decline");
  EXPECT_EQ(Lines("Microsoft declined"), 1) << sync_.Crm(opportunity_, "audit");
  EXPECT_EQ(sync_.Referral(referral_)["status"], "Active");
  EXPECT_EQ(sync_.Crm(opportunity_, "state"), "active");
  EXPECT_EQ(LinkNow().state, LinkState::in_sync);
}

TEST_P(LifecycleTest, AnUnansweredOfferIsAnnouncedThreeDaysBeforeItExpires) {
  referral_ = sync_.MicrosoftSends("Brewhouse telemetry rollout");
  sync_.Settle();
  opportunity_ = sync_.OpportunityOf(referral_);
  sync_.Pass(24h * 10);
  sync_.Settle();
  EXPECT_EQ(Lines("expires on"), 0);
  sync_.Pass(26h);
  sync_.Settle();
  EXPECT_EQ(Lines("expires on"), 1) << sync_.Crm(opportunity_, "audit");
  sync_.Pass(3h);
  sync_.Settle();
  EXPECT_EQ(Lines("expires on"), 1);
  EXPECT_FALSE(Audit("field", "news").empty()) << "the audit has no line for that write";
  sync_.Pass(24h * 4);
  sync_.Settle();
  EXPECT_EQ(sync_.Crm(opportunity_, "state"), "lost");
}

TEST_P(LifecycleTest, AnAcceptedOfferIsNotAnnounced) {
  SharedPair();
  sync_.Pass(24h * 12);
  sync_.Settle();
  EXPECT_EQ(Lines("expires on"), 0);
}

// I10: what was told before stands in the CRM; a new database does not tell it again.
TEST_P(LifecycleTest, ARebuildTellsNoOldNews) {
  DealThatAsksForHelp();
  MicrosoftAnswers("accept");
  const auto writes = sync_.Writes();
  sync_.LoseDatabase();
  sync_.Settle();
  EXPECT_EQ(sync_.Writes(), writes);
  EXPECT_EQ(Lines("Microsoft accepted"), 1);
}

TEST_P(LifecycleTest, ADealWonWithinThreeDaysIsAuditedAsPremature) {
  SharedPair();
  sync_.SellerWins(opportunity_);
  sync_.Settle();
  const auto rows = Audit("after", "won");
  ASSERT_FALSE(rows.empty());
  EXPECT_NE(rows.front().at("reason").find("72 hours"), std::string::npos);
}

TEST_P(LifecycleTest, ADealWonLaterIsNot) {
  SharedPair();
  sync_.Pass(73h);
  sync_.SellerWins(opportunity_);
  sync_.Settle();
  const auto rows = Audit("after", "won");
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows.front().at("reason").find("72 hours"), std::string::npos);
}

// The answer was lost, the line stands there: it is found, not written again.
TEST_P(LifecycleTest, ALostAnswerDoesNotTellTheSameNewsTwice) {
  DealThatAsksForHelp();
  ASSERT_TRUE(sync_.world().MicrosoftDecides(microsofts_, "decline"));
  sync_.Pass(1s);
  sandbox::FaultRule lost;
  lost.service = sync_.crm_service();
  lost.kind = sandbox::FaultKind::drop_after;
  lost.method = "PATCH";
  ASSERT_TRUE(sync_.world().faults().Add(lost));
  sync_.Sync();
  sync_.Restart();
  sync_.Pass(20s);
  sync_.Settle();
  EXPECT_EQ(Lines("Microsoft declined"), 1) << sync_.Crm(opportunity_, "audit");
}

// Our people on the referral follow the owner; who else was added there stays.
TEST_P(LifecycleTest, TheSalesTeamFollowsTheOwner) {
  auto deal = sync_.NewDeal("Yard planning pilot");
  deal.sync = true;
  opportunity_ = sync_.SellerOpens(deal);
  auto other = sync_.NewDeal("Somebody else's deal");
  other.owner = {"Ines", "Falk", "ines.falk@contoso.example", "+49 30 000003", ""};
  const std::string others = sync_.SellerOpens(other);
  sync_.Settle();
  referral_ = sync_.ReferralOf(opportunity_);
  EXPECT_EQ(Team(), (std::set<std::string>{"oda.brandt@contoso.example"}));
  Json members = sync_.Referral(referral_)["team"];
  members.push_back({{"firstName", "Per"},
                     {"lastName", "Holm"},
                     {"email", "per.holm@contoso.example"},
                     {"phoneNumber", "+46 31 0000009"}});
  sync_.PartnerSets(referral_, "/team", members);
  sync_.Settle();
  const auto writes = sync_.Writes();
  sync_.Settle();
  EXPECT_EQ(sync_.Writes(), writes) << "whoever was added in Partner Center stays";
  ASSERT_TRUE(sync_.desk().HandOver(opportunity_, others));
  sync_.Settle();
  EXPECT_EQ(Team(),
            (std::set<std::string>{"ines.falk@contoso.example", "per.holm@contoso.example"}));
  EXPECT_EQ(LinkNow().state, LinkState::in_sync) << LinkNow().reason;
}

INSTANTIATE_TEST_SUITE_P(BothCrms, LifecycleTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

}  // namespace
}  // namespace cosell::test

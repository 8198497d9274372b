#include "rest/rest_world.h"

// Whole stories between Partner Center and a described CRM. What happened is read from the two
// sides themselves.
namespace cosell::test {
namespace {

// How the service of a story is made.
struct Form {
  const char* name;
  Json (*describe)();
  void (*make)(RestService::Switches& switches);
};

Json Lagging() {
  Json description = ExampleDescription();
  Json& deal = description["opportunity"];
  deal["list"].erase("records");
  deal["find"]["lag_s"] = 20;
  description["account"]["find"]["lag_s"] = 20;
  description["contact"]["find"]["lag_s"] = 20;
  return description;
}

// PUT with a version in it, no list of changes, no unique referral.
Json Plain() {
  Json description = ExampleDescription();
  Json& deal = description["opportunity"];
  deal["list"].erase("since");
  deal["deleted"] = {{"by", "absence"}};
  deal["create"].erase("once");
  deal["update"] = {{"method", "PUT"}, {"path", "/deals/{id}"}, {"sends", "whole"}};
  deal["precondition"] = {{"by", "version"}, {"member", "/version"}};
  return description;
}

const Form kForms[] = {
    {"Example", ExampleDescription, [](RestService::Switches&) {}},
    {"Lagging", Lagging,
     [](RestService::Switches& switches) { switches.lag = std::chrono::seconds(15); }},
    {"Plain", Plain, [](RestService::Switches& switches) {
       switches.etags = switches.unique = switches.lists_deleted = false;
       switches.versions = true;
     }}};

class RestStoryTest : public testing::TestWithParam<Form> {
 protected:
  RestStoryTest() : sync_(GetParam().describe()) { GetParam().make(sync_.service().switches()); }

  // Long enough for every list to show what was written.
  void Rest() { sync_.Pass(std::chrono::seconds(30)); }
  void Settle() {
    Rest();
    sync_.Settle();
    Rest();
    sync_.Settle();
  }
  // A referral from Microsoft and its deal, accepted and in step.
  void SharedPair() {
    referral_ = sync_.MicrosoftSends("Brewhouse telemetry rollout");
    Settle();
    sync_.PartnerMoves(referral_, "Active", "Accepted");
    Settle();
    deal_ = sync_.DealOf(referral_);
    ASSERT_FALSE(deal_.empty());
  }

  RestWorld sync_;
  std::string referral_;
  std::string deal_;
};

TEST_P(RestStoryTest, AReferralBecomesADealWithItsCustomer) {
  const std::string id = sync_.MicrosoftSends("Brewhouse telemetry rollout");
  Settle();
  const std::string deal = sync_.DealOf(id);
  ASSERT_FALSE(deal.empty());
  EXPECT_EQ(sync_.Crm(deal, "/title"), "\u2713 Brewhouse telemetry rollout");
  EXPECT_EQ(sync_.Crm(deal, "/amount/value"), "84500");
  EXPECT_EQ(sync_.Crm(deal, "/close_on"), "2026-09-30");
  EXPECT_EQ(sync_.Crm(deal, "/stage"), "on_hold");
  EXPECT_EQ(sync_.Crm(deal, "/cosell/sync"), true);
  EXPECT_EQ(sync_.Crm(deal, "/cosell/help"), "proof_of_concept");
  EXPECT_EQ(sync_.service().Count("accounts", "/name", "Tannhof Brauereitechnik GmbH"), 1u);
  EXPECT_EQ(sync_.service().Count("contacts", "/email", "jette.korn@tannhof.example"), 1u);
  EXPECT_EQ(sync_.Referral(id)["externalReferenceId"], deal);
  EXPECT_EQ(sync_.LinkOf(deal).state, LinkState::in_sync);
}

TEST_P(RestStoryTest, AFlaggedDealIsShared) {
  const std::string deal = sync_.SellerOpens("Yard planning pilot");
  Settle();
  EXPECT_EQ(sync_.ReferralOf(deal), "") << "shared although Sync is No";
  sync_.SellerFlags(deal);
  Settle();
  const std::string id = sync_.ReferralOf(deal);
  ASSERT_FALSE(id.empty());
  const Json referral = sync_.Referral(id);
  EXPECT_EQ(referral["details"]["dealValue"], 12000);
  EXPECT_EQ(referral["customerProfile"]["name"], "Pelikan Freight AB");
  EXPECT_EQ(referral["customerProfile"]["address"]["country"], "SE");
  EXPECT_EQ(sync_.Crm(deal, "/cosell/referral_id"), id);
  EXPECT_EQ(sync_.Crm(deal, "/title"), "\u2713 Yard planning pilot");
}

TEST_P(RestStoryTest, EditsOfBothSidesMerge) {
  SharedPair();
  sync_.PartnerSets(referral_, "/details/notes", "Four plants now.");
  sync_.SellerSets(deal_, "/amount/value", "91000.50");
  Settle();
  EXPECT_EQ(sync_.Crm(deal_, "/notes"), "Four plants now.");
  EXPECT_EQ(sync_.Referral(referral_)["details"]["dealValue"], 91000.5);
}

TEST_P(RestStoryTest, TheNewerEditOfOneFieldWinsAndTheOtherIsKept) {
  SharedPair();
  sync_.PartnerSets(referral_, "/details/notes", "Partner Center's words.");
  sync_.Pass(std::chrono::seconds(30));
  sync_.SellerSets(deal_, "/notes", "The seller's words.");
  Settle();
  EXPECT_EQ(sync_.Referral(referral_)["details"]["notes"], "The seller's words.");
  EXPECT_EQ(sync_.Crm(deal_, "/notes"), "The seller's words.");
  bool kept = false;
  for (const auto& entry : sync_.store().HistoryOf(sync_.LinkOf(deal_).id)) {
    kept |= entry.field == "notes" && entry.value == "Partner Center's words." &&
            entry.superseded_by == "newest_wins";
  }
  EXPECT_TRUE(kept);
}

TEST_P(RestStoryTest, WinningInTheCrmWinsTheReferral) {
  SharedPair();
  sync_.SellerSets(deal_, "/amount/value", "99000");
  sync_.SellerSets(deal_, "/stage", "won");
  Settle();
  EXPECT_EQ(sync_.Referral(referral_)["substatus"], "Won");
  EXPECT_EQ(sync_.Referral(referral_)["details"]["dealValue"], 99000);
  EXPECT_EQ(sync_.LinkOf(deal_).state, LinkState::closed);
}

TEST_P(RestStoryTest, LosingInPartnerCenterLosesTheDeal) {
  SharedPair();
  sync_.PartnerMoves(referral_, "Closed", "Lost");
  Settle();
  EXPECT_EQ(sync_.Crm(deal_, "/stage"), "lost");
}

TEST_P(RestStoryTest, ALostCreateAndACrashMakeOneDeal) {
  // Account, contact, deal: the third answer is lost, then the process dies.
  int writes = 0;
  sync_.service().BeforeEveryWrite([&] {
    if (++writes == 3) sync_.service().LoseNextAnswer();
  });
  const std::string id = sync_.MicrosoftSends("Brewhouse telemetry rollout");
  sync_.Sync();
  EXPECT_EQ(writes, 3);
  sync_.service().BeforeEveryWrite(nullptr);
  sync_.Restart();
  Settle();
  ASSERT_FALSE(sync_.DealOf(id).empty());
  EXPECT_EQ(sync_.service().Deals().size(), 1u);
  EXPECT_EQ(sync_.service().Count("accounts", "/name", "Tannhof Brauereitechnik GmbH"), 1u);
  EXPECT_EQ(sync_.service().Count("contacts", "/email", "jette.korn@tannhof.example"), 1u);
}

TEST_P(RestStoryTest, AnUpdateWhoseAnswerIsLostIsAdopted) {
  SharedPair();
  sync_.PartnerSets(referral_, "/details/notes", "Four plants now.");
  sync_.service().LoseNextAnswer();
  sync_.Sync();
  sync_.Restart();
  Settle();
  EXPECT_EQ(sync_.Crm(deal_, "/notes"), "Four plants now.");
  const auto writes = sync_.Writes();
  Settle();
  EXPECT_EQ(sync_.Writes(), writes);
}

TEST_P(RestStoryTest, AnEditRightBeforeOurWriteIsMerged) {
  SharedPair();
  sync_.PartnerSets(referral_, "/details/notes", "Four plants now.");
  sync_.service().BeforeNextWrite(
      [this] { sync_.service().Sets(deal_, "/amount/value", "91000"); });
  Settle();
  EXPECT_EQ(sync_.Crm(deal_, "/notes"), "Four plants now.");
  EXPECT_EQ(sync_.Crm(deal_, "/amount/value"), "91000");
  EXPECT_EQ(sync_.Referral(referral_)["details"]["dealValue"], 91000);
}

TEST_P(RestStoryTest, ADeletedDealIsNotMadeAnew) {
  SharedPair();
  sync_.service().Deletes(deal_);
  Settle();
  EXPECT_EQ(sync_.Referral(referral_)["status"], "Active");
  sync_.PartnerSets(referral_, "/details/notes", "Changed later.");
  Settle();
  EXPECT_TRUE(sync_.service().Deals().empty());
}

TEST_P(RestStoryTest, BadWeatherCostsTimeAndNothingElse) {
  SharedPair();
  for (const int status : {429, 503, 401}) {
    sync_.PartnerSets(referral_, "/details/notes", "Status " + std::to_string(status));
    sync_.service().switches().status = status;
    sync_.Sync();
    sync_.service().switches().status = 0;
    sync_.Pass(std::chrono::minutes(20));
    Settle();
    EXPECT_EQ(sync_.Crm(deal_, "/notes"), "Status " + std::to_string(status));
  }
  EXPECT_EQ(sync_.log().text().find("tannhof.example"), std::string::npos);
  EXPECT_EQ(sync_.log().text().find(RestService::kToken), std::string::npos);
}

TEST_P(RestStoryTest, ASecondRoundWritesNothing) {
  SharedPair();
  const auto writes = sync_.Writes();
  EXPECT_EQ(sync_.Sync().run.written, 0);
  EXPECT_EQ(sync_.Poll().run.written, 0);
  EXPECT_EQ(sync_.Writes(), writes);
}

TEST_P(RestStoryTest, ALostDatabaseComesBackWithoutAWrite) {
  SharedPair();
  const auto writes = sync_.Writes();
  sync_.LoseDatabase();
  Settle();
  EXPECT_EQ(sync_.Writes(), writes);
  EXPECT_EQ(sync_.LinkOf(deal_).referral_id.text, referral_);
}

INSTANTIATE_TEST_SUITE_P(Services, RestStoryTest, testing::ValuesIn(kForms),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace cosell::test

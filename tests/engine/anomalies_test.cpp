#include "base/text.h"
#include "tests/engine/pair_world.h"

// Faults of the connectors that came before, and the anomalies two-way sync products are known for,
// each as the story of one deal. Judged by the remote sides.
namespace cosell::test {
namespace {

class AnomalyTest : public PairWorld {
 protected:
  // Partner Center's webhook, as often as it likes to send it.
  void WebhookSays(const std::string& name) {
    Event event;
    event.connection = ConnectionName{"contoso"};
    event.source = "webhook";
    event.name = name;
    event.record_id = referral_;
    event.dedupe_key = name + std::to_string(++webhooks_);
    event.received_at = sync_.clock().Now();
    sync_.store().AppendEvent(event);
    sync_.Sync(IntakeDepth::events);
  }
  std::size_t WritesOf(const std::string& method) {
    return sync_.world().log().Count({"referrals", method, "", 0, false});
  }
  static Json Without(Json referral, const std::vector<std::string>& members) {
    for (const auto& member : members) referral.erase(member);
    return referral;
  }
  static Json Solution(const std::string& id) {
    return {{"id", id}, {"name", "Quillwerk Sensor Hub"}, {"type", "Name"}};
  }
  void PartnerSolutions(const Json& solutions) {
    sync_.PartnerSets(referral_, "/details/requirements/solutions", solutions);
  }
  std::string Products() { return ToLower(sync_.Crm(opportunity_, "products")); }
  std::size_t SolutionsInPartnerCenter() {
    return sync_.Referral(referral_)["details"]["requirements"]["solutions"].size();
  }

 private:
  int webhooks_ = 0;
};

// --- the flow of 2019 (contracts cosell-field-mapping.md section 13, partner-center.md section 6)

// The flow looped over the customer's team and kept the last one it saw, or the text "0".
TEST_P(AnomalyTest, TheFirstContactIsTheCustomersContactAndNotTheLast) {
  Json referral = SyncWorld::NewReferral("Brewhouse telemetry rollout");
  referral["customerProfile"]["team"].push_back({{"firstName", "Veit"},
                                                 {"lastName", "Ostertag"},
                                                 {"email", "veit.ostertag@tannhof.example"},
                                                 {"phoneNumber", "+49 951 000009"}});
  const auto id = sync_.world().MicrosoftSends(referral.dump());
  ASSERT_TRUE(id);
  sync_.Settle();
  EXPECT_EQ(sync_.Crm(sync_.OpportunityOf(*id), "contact"), "Korn");
}

// The flow's update sent empty label fields only: the CRM never heard of a change.
TEST_P(AnomalyTest, AnUpdateCarriesTheValuesThatChanged) {
  SharedPair();
  sync_.PartnerSets(referral_, "/details/dealValue", 91000);
  sync_.PartnerSets(referral_, "/details/closingDateTime", "2026-11-30T00:00:00Z");
  sync_.Settle();
  EXPECT_EQ(sync_.Crm(opportunity_, "deal_value"), "91000");
  EXPECT_EQ(sync_.Crm(opportunity_, "closing_date"), "2026-11-30");
}

// The flow named the record after the referral's id and lost value, date, notes and address on the
// way.
TEST_P(AnomalyTest, ANewRecordHasTheDealsNameValueDateNotesAndCustomer) {
  SharedPair();
  EXPECT_NE(sync_.Crm(opportunity_, "name").find("Brewhouse telemetry rollout"), std::string::npos);
  EXPECT_EQ(sync_.Crm(opportunity_, "deal_value"), "84500");
  EXPECT_EQ(sync_.Crm(opportunity_, "closing_date"), "2026-09-30");
  EXPECT_EQ(NotesInCrm(), "Edge gateways in three plants.");
  EXPECT_EQ(sync_.Crm(opportunity_, "account"), "Tannhof Brauereitechnik GmbH");
}

// The flow PUT the whole referral back without the members it did not know, which erased them.
TEST_P(AnomalyTest, AWriteToPartnerCenterTouchesNothingButTheFieldThatChanged) {
  SharedPair();
  const std::vector<std::string> own = {"eTag", "updatedDateTime", "details", "lastModifiedVia",
                                        "lastRunId"};
  const Json before = sync_.Referral(referral_);
  SellerNotes("Scope extended to plant four.");
  sync_.Settle();
  const Json after = sync_.Referral(referral_);
  EXPECT_EQ(Without(after, own), Without(before, own));
  EXPECT_EQ(Without(after["details"], {"notes"}), Without(before["details"], {"notes"}));
  EXPECT_EQ(after["details"]["notes"], "Scope extended to plant four.");
  EXPECT_EQ(WritesOf("PUT"), 0u);
}

// The flow's guard compared with the word in quotation marks and so never held: closed referrals
// were written to.
TEST_P(AnomalyTest, AClosedReferralIsNeverWrittenTo) {
  SharedPair();
  sync_.PartnerMoves(referral_, "Closed", "Won");
  const auto patches = WritesOf("PATCH");
  SellerNotes("Edited after the close.");
  sync_.Settle();
  sync_.Settle();
  EXPECT_EQ(WritesOf("PATCH"), patches);
}

// The flow did not keep the id of a record it had created in place of a lost one, and created
// another with the next event.
TEST_P(AnomalyTest, TheNewRecordsIdIsKeptHoweverManyEventsFollow) {
  referral_ = sync_.MicrosoftSends("Brewhouse telemetry rollout");
  for (int event = 0; event < 4; ++event) WebhookSays("referral-updated");
  EXPECT_EQ(sync_.Opportunities().size(), 1u);
  EXPECT_EQ(sync_.Referral(referral_)["externalReferenceId"], sync_.OpportunityOf(referral_));
}

// The flow took a missing id for a lead called "", did not find that, and failed.
TEST_P(AnomalyTest, AnEmptyCrmIdIsNoCrmId) {
  Json referral = SyncWorld::NewReferral("Brewhouse telemetry rollout");
  referral["externalReferenceId"] = "";
  const auto id = sync_.world().MicrosoftSends(referral.dump());
  ASSERT_TRUE(id);
  sync_.Settle();
  EXPECT_FALSE(sync_.OpportunityOf(*id).empty());
}

// The flow's own write raised the event that started it again.
TEST_P(AnomalyTest, OurOwnWriteComingBackAsAnEventWritesNothing) {
  SharedPair();
  SellerNotes("Scope extended to plant four.");
  sync_.Settle();
  const auto writes = sync_.Writes();
  for (int echo = 0; echo < 3; ++echo) WebhookSays("referral-updated");
  sync_.Settle();
  EXPECT_EQ(sync_.Writes(), writes);
}

// --- the connector of 2020 (contract cosell-field-mapping.md sections 5, 10 and 14.6)

// It compared two texts: 84500 and 84500.0000, or another line ending, were a difference.
TEST_P(AnomalyTest, AnotherSpellingOfTheSameValueIsNoChange) {
  SharedPair();
  const auto writes = sync_.Writes();
  sync_.SellerSets(opportunity_, {{"deal_value", 84500.0}, {"closing_date", "2026-09-30"}});
  PartnerNotes("Edge gateways in three plants.\r\n");
  sync_.Settle();
  EXPECT_EQ(sync_.Writes(), writes);
}

// Without a base, the side that spoke last overwrote what the other had changed in another field.
TEST_P(AnomalyTest, EditsOfDifferentFieldsOnBothSidesBothSurvive) {
  SharedPair();
  PartnerNotes("From Partner Center.");
  sync_.SellerSets(opportunity_, {{"deal_value", 91000}});
  sync_.Settle();
  EXPECT_EQ(NotesInCrm(), "From Partner Center.");
  EXPECT_EQ(NotesInPartnerCenter(), "From Partner Center.");
  EXPECT_EQ(sync_.Crm(opportunity_, "deal_value"), "91000");
  EXPECT_EQ(sync_.Referral(referral_)["details"]["dealValue"], 91000);
}

// Saves within one minute started flows that overlapped, and two referrals were made.
TEST_P(AnomalyTest, SavesInQuickSuccessionShareADealOnce) {
  const std::string deal = FlaggedDeal("Yard planning pilot");
  for (int save = 0; save < 5; ++save) {
    sync_.SellerSets(deal, {{"notes", "Save " + std::to_string(save)}});
    sync_.Sync(IntakeDepth::events);
  }
  sync_.Settle();
  const std::string shared = sync_.ReferralOf(deal);
  ASSERT_FALSE(shared.empty());
  EXPECT_EQ(sync_.Referral(shared)["details"]["notes"], "Save 4");
}

// What happened while the sign-in had expired was lost until somebody touched the record.
TEST_P(AnomalyTest, WhatHappenedDuringAnOutageArrivesAfterwards) {
  SharedPair();
  sandbox::FaultRule rule;
  rule.kind = sandbox::FaultKind::status;
  rule.service = "entra";
  rule.status = 400;
  rule.times = 0;
  ASSERT_TRUE(sync_.world().faults().Add(rule));
  sync_.Pass(std::chrono::hours(30));
  PartnerNotes("Edited during the outage.");
  EXPECT_TRUE(sync_.Sync().broken);
  sync_.Pass(std::chrono::hours(40));
  sync_.world().faults().Clear();
  sync_.Settle();
  EXPECT_EQ(NotesInCrm(), "Edited during the outage.");
}

// --- flip-flop: two values chase each other between the sides and neither stays

TEST_P(AnomalyTest, FlipFlopTwoEditsOfOneFieldDoNotSwapPlaces) {
  SharedPair();
  BothEditNotes();
  sync_.Settle();
  const std::string winner = NotesInCrm();
  EXPECT_EQ(NotesInPartnerCenter(), winner);
  const auto writes = sync_.Writes();
  for (int round = 0; round < 6; ++round) {
    round % 2 == 0 ? sync_.Poll() : sync_.Sync();
    EXPECT_EQ(NotesInCrm(), winner);
    EXPECT_EQ(NotesInPartnerCenter(), winner);
  }
  EXPECT_EQ(sync_.Writes(), writes);
}

// A list that still shows the version before our write looks like somebody's edit back.
TEST_P(AnomalyTest, FlipFlopAReadThatLagsBehindOurWriteIsNoEdit) {
  SharedPair();
  sync_.world().switches().stale_get_s = 20;
  sync_.world().switches().stale_list_s = 20;
  SellerNotes("Scope extended to plant four.");
  for (int round = 0; round < 8; ++round) sync_.Poll();
  EXPECT_EQ(NotesInCrm(), "Scope extended to plant four.");
  EXPECT_EQ(NotesInPartnerCenter(), "Scope extended to plant four.");
}

// An edit back to the old value is an edit, not an echo of the old state.
TEST_P(AnomalyTest, FlipFlopAnEditBackToTheOldValueIsKept) {
  SharedPair();
  SellerNotes("A new text");
  sync_.Settle();
  SellerNotes("Edge gateways in three plants.");
  sync_.Settle();
  EXPECT_EQ(NotesInPartnerCenter(), "Edge gateways in three plants.");
  EXPECT_EQ(NotesInCrm(), "Edge gateways in three plants.");
}

// --- revive: what was taken away on one side comes back from the other

TEST_P(AnomalyTest, ReviveASolutionTakenAwayStaysAway) {
  SharedPair();
  PartnerSolutions(Json::array({Solution("SOL-90210-QWK"), Solution("SOL-90211-QWK")}));
  sync_.Settle();
  EXPECT_NE(Products().find("sol-90211-qwk"), std::string::npos);
  sync_.SellerSets(opportunity_, {{"products", "SOL-90210-QWK"}});
  sync_.PartnerSets(referral_, "/details/dealValue", 91000);
  sync_.Settle();
  EXPECT_EQ(SolutionsInPartnerCenter(), 1u);
  EXPECT_EQ(Products().find("sol-90211-qwk"), std::string::npos);
}

TEST_P(AnomalyTest, ReviveClearedNotesStayCleared) {
  SharedPair();
  sync_.SellerSets(opportunity_, {{"notes", nullptr}});
  sync_.Settle();
  EXPECT_EQ(NotesInCrm(), "");
  const Json notes = sync_.Referral(referral_)["details"]["notes"];
  EXPECT_TRUE(notes.is_null() || notes == "") << notes;
}

// A closed deal is not reopened by an edit that was on its way.
TEST_P(AnomalyTest, ReviveAClosedDealStaysClosed) {
  SharedPair();
  sync_.SellerSets(opportunity_, {{"deal_value", 91000}});
  sync_.PartnerMoves(referral_, "Closed", "Lost");
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(referral_)["status"], "Closed");
  EXPECT_EQ(sync_.Crm(opportunity_, "state"), "lost");
}

// --- re-insert: what was deleted, or already made, is made again

TEST_P(AnomalyTest, ReInsertADeletedRecordIsNotMadeAgainByALaterEdit) {
  const std::string other = FlaggedDeal("Yard planning pilot");
  SharedPair();
  sync_.SellerDeletes(opportunity_);
  sync_.Settle();
  PartnerNotes("Edited later.");
  WebhookSays("referral-updated");
  sync_.Settle();
  EXPECT_EQ(sync_.Opportunities(), std::vector<std::string>{other});
}

// The answers to both creates are lost, and then the database: both sides still know of the pairs.
TEST_P(AnomalyTest, ReInsertADatabaseLostInMidCreateMakesNothingTwice) {
  for (const std::string& service : {std::string("referrals"), sync_.crm_service()}) {
    sandbox::FaultRule rule;
    rule.kind = sandbox::FaultKind::drop_after;
    rule.service = service;
    rule.method = "POST";
    ASSERT_TRUE(sync_.world().faults().Add(rule));
  }
  const std::string deal = FlaggedDeal("Yard planning pilot");
  referral_ = sync_.MicrosoftSends("Brewhouse telemetry rollout");
  sync_.Sync();
  sync_.LoseDatabase();
  sync_.world().faults().Clear();
  sync_.Settle();
  EXPECT_EQ(sync_.Opportunities().size(), 2u);
  EXPECT_FALSE(sync_.OpportunityOf(referral_).empty());
  EXPECT_FALSE(sync_.ReferralOf(deal).empty());
}

INSTANTIATE_TEST_SUITE_P(EveryCrm, AnomalyTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

}  // namespace
}  // namespace cosell::test

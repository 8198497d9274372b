#include <SQLiteCpp/SQLiteCpp.h>

#include <set>

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

// Creates that made an account and a contact on their way, and what the audit tells of those.
class LostCustomerTest : public LookUpTest {
 protected:
  using Rows = std::vector<std::map<std::string, std::string>>;

  std::string AcceptedReferral(const std::string& name) {
    const std::string referral = sync_.MicrosoftSends(name);
    sync_.PartnerMoves(referral, "Active", "Accepted");
    return referral;
  }
  // The service writes and dies before it has recorded anything of the answer.
  void DiesAfterWriting() {
    Execute(
        "CREATE TRIGGER death BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'it died'); END");
    EXPECT_ANY_THROW(sync_.Sync());
    Execute("DROP TRIGGER death");
    sync_.Restart();
  }
  void LoseTheAnswerOfTheAccount() {
    const bool salesforce = GetParam() == CrmProduct::salesforce;
    FaultRule rule;
    rule.kind = FaultKind::drop_after;
    rule.service = sync_.crm_service();
    rule.method = salesforce ? "POST" : "PATCH";
    rule.path = salesforce ? "sobjects/Account" : "/accounts\\(";
    ASSERT_TRUE(sync_.world().faults().Add(rule));
  }
  // A deal of the customer whom NewReferral names, as a person types it.
  void SellerKnowsTheCustomer() {
    auto deal = sync_.NewDeal("Malt silo sensors");
    deal.account_name = "Tannhof Brauereitechnik GmbH";
    deal.address = {"Mälzerweg 7", "", "Bamberg", "", "96047", "DE"};
    deal.contact = sandbox::SeedPerson{"Jette", "Korn", "jette.korn@tannhof.example", "", ""};
    sync_.SellerOpens(deal);
  }
  // The entries that tell of a record made.
  Rows Made(const std::string& kind) {
    Rows made = Audit("record_kind", kind);
    std::erase_if(made, [](auto& row) {
      return row["operation"] != "create" ||
             (row["outcome"] != "done" && row["outcome"] != "adopted");
    });
    return made;
  }
  void ExpectMade(std::size_t accounts, std::size_t contacts, std::size_t opportunities) {
    EXPECT_EQ(Made("account").size(), accounts);
    EXPECT_EQ(Made("contact").size(), contacts);
    EXPECT_EQ(Made("opportunity").size(), opportunities);
  }

 private:
  void Execute(const char* sql) {
    SQLite::Database(sync_.database(), SQLite::OPEN_READWRITE).exec(sql);
  }
};

TEST_P(LostCustomerTest, WhatAnAdoptedCreateMadeOnItsWayIsAuditedWithIt) {
  const std::string referral = AcceptedReferral("Brewhouse telemetry rollout");
  DiesAfterWriting();
  ASSERT_FALSE(sync_.OpportunityOf(referral).empty()) << "the write took effect";
  LookAgain();
  ExpectMade(1, 1, 1);
  std::set<std::string> correlations;
  for (const char* kind : {"account", "contact", "opportunity"}) {
    auto entry = Made(kind).at(0);
    EXPECT_EQ(entry["outcome"], "adopted");
    EXPECT_EQ(entry["referral_id"], referral);
    EXPECT_FALSE(entry["record_id"].empty());
    correlations.insert(entry["correlation_id"]);
  }
  EXPECT_EQ(correlations.size(), 1u);
  const std::string reason = Made("opportunity").at(0)["reason"];
  EXPECT_EQ(Made("account").at(0)["reason"], "the opportunity needs it: " + reason);
}

TEST_P(LostCustomerTest, WhatWasAnsweredBeforeTheAnswerThatWasLostIsAuditedOnce) {
  AcceptedReferral("Brewhouse telemetry rollout");
  Lose(FaultKind::drop_after, sync_.crm_service(), "[oO]pportunit");
  sync_.Sync();
  ExpectMade(1, 1, 0);
  LookAgain();
  ExpectMade(1, 1, 1);
  EXPECT_EQ(Made("account").at(0)["outcome"], "done");
  EXPECT_EQ(Made("opportunity").at(0)["outcome"], "adopted");
}

TEST_P(LostCustomerTest, ACreateThatEndedAtTheAccountIsAuditedAsFarAsItGot) {
  const std::string referral = AcceptedReferral("Brewhouse telemetry rollout");
  LoseTheAnswerOfTheAccount();
  sync_.Sync();
  ASSERT_TRUE(sync_.OpportunityOf(referral).empty());
  ExpectMade(0, 0, 0);
  LookAgain();
  EXPECT_FALSE(sync_.OpportunityOf(referral).empty());
  ExpectMade(1, 1, 1);
  EXPECT_EQ(Made("account").at(0)["outcome"], "adopted");
  EXPECT_EQ(Made("contact").at(0)["outcome"], "done");
}

TEST_P(LostCustomerTest, TheCustomerOfTwoLostDealsIsAuditedOnce) {
  AcceptedReferral("Brewhouse telemetry rollout");
  AcceptedReferral("Bottling line telemetry");
  DiesAfterWriting();
  ASSERT_EQ(sync_.Opportunities().size(), 2u);
  LookAgain();
  ExpectMade(1, 1, 2);
}

TEST_P(LostCustomerTest, ACustomerThatIsAuditedAlreadyIsNotAuditedAgain) {
  SharedPair();
  ExpectMade(1, 1, 1);
  AcceptedReferral("Bottling line telemetry");
  DiesAfterWriting();
  ASSERT_EQ(sync_.Opportunities().size(), 2u);
  LookAgain();
  ExpectMade(1, 1, 2);
}

TEST_P(LostCustomerTest, ACustomerThatAPersonMadeIsNotAuditedAsOurs) {
  SellerKnowsTheCustomer();
  AcceptedReferral("Brewhouse telemetry rollout");
  DiesAfterWriting();
  LookAgain();
  ExpectMade(0, 0, 1);
}

INSTANTIATE_TEST_SUITE_P(EveryCrm, LostCustomerTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);
INSTANTIATE_TEST_SUITE_P(EveryCrm, LookUpTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

}  // namespace
}  // namespace cosell::test

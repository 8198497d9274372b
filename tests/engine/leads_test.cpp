#include <gtest/gtest.h>

#include "store/store_tools.h"
#include "support/sync_world.h"

// Leads, from Microsoft's offer to the opportunity, on both CRMs (docs/decisions/0010-leads.md).
namespace cosell::test {
namespace {

EngineOptions WithLeads() {
  EngineOptions options;
  options.leads = true;
  return options;
}

class LeadTest : public testing::TestWithParam<CrmProduct> {
 protected:
  // Microsoft offers a lead, and it is in the CRM.
  void OfferedLead() {
    referral_ = sync_.MicrosoftSendsLead("Robotics enquiry");
    sync_.Settle();
    lead_ = sync_.LeadOf(referral_);
    ASSERT_FALSE(lead_.empty());
  }
  std::string Status() { return sync_.Referral(referral_)["status"].get<std::string>(); }
  std::string Substatus() { return sync_.Referral(referral_)["substatus"].get<std::string>(); }
  bool PeopleConvert() const { return GetParam() == CrmProduct::salesforce; }

  // One referral, one opportunity, in step, whatever way it went (I2, I3, I4).
  void InStepAsOpportunity() {
    const std::string opportunity = sync_.OpportunityOf(referral_);
    ASSERT_FALSE(opportunity.empty());
    EXPECT_EQ(sync_.Opportunities().size(), 1u);
    EXPECT_EQ(sync_.Referral(referral_)["externalReferenceId"], opportunity);
    EXPECT_EQ(sync_.Crm(opportunity, "sync"), "true");
    EXPECT_EQ(sync_.Crm(opportunity, "notes"),
              sync_.Referral(referral_)["details"]["notes"].get<std::string>());
    const Link link = sync_.LinkOf(opportunity);
    EXPECT_EQ(link.kind, RecordKind::opportunity);
    EXPECT_EQ(link.state, LinkState::in_sync) << link.reason;
    const auto writes = sync_.Writes();
    sync_.Poll();
    sync_.Poll();
    EXPECT_EQ(sync_.Writes(), writes) << "an echo";
    opportunity_ = opportunity;
  }

  SyncWorld sync_{GetParam(), WithLeads()};
  std::string referral_;
  std::string lead_;
  std::string opportunity_;
};

TEST_P(LeadTest, AnOfferedLeadAppearsAsALeadWithItsCustomer) {
  OfferedLead();
  EXPECT_TRUE(sync_.Opportunities().empty());
  EXPECT_EQ(sync_.Lead(lead_, "company"), "Tannhof Brauereitechnik GmbH");
  EXPECT_EQ(sync_.Lead(lead_, "last_name"), "Korn");
  EXPECT_EQ(sync_.Lead(lead_, "email"), "jette.korn@tannhof.example");
  EXPECT_EQ(sync_.Lead(lead_, "notes"), "Edge gateways in three plants.");
  EXPECT_EQ(sync_.Lead(lead_, "sync"), "true");
  EXPECT_EQ(sync_.Lead(lead_, "state"), "new");
  EXPECT_EQ(sync_.Lead(lead_, "referral_link"),
            "https://partner.example/referrals?id=" + referral_);
  EXPECT_EQ(sync_.Referral(referral_)["externalReferenceId"], lead_);
  EXPECT_EQ(Status(), "New");
  EXPECT_EQ(sync_.LinkOf(lead_).kind, RecordKind::lead);
  const auto writes = sync_.Writes();
  sync_.Poll();
  EXPECT_EQ(sync_.Writes(), writes);
}

TEST_P(LeadTest, ALeadWithoutAContactIsMadeAllTheSame) {
  Json lead = SyncWorld::NewReferral("Nameless enquiry");
  lead["type"] = "Independent";
  lead["qualification"] = "MarketingQualified";
  lead["inviteContext"].erase("assistanceRequestCode");
  lead["customerProfile"]["team"] = Json::array();
  referral_ = sync_.MicrosoftSendsAs(lead);
  sync_.Settle();
  lead_ = sync_.LeadOf(referral_);
  ASSERT_FALSE(lead_.empty());
  EXPECT_EQ(sync_.Lead(lead_, "last_name"), "Unknown");
}

TEST_P(LeadTest, EditsOfBothSidesTravelBeforeTheAccept) {
  OfferedLead();
  sync_.PartnerSets(referral_, "/details/notes", "Wants a call.");
  sync_.Settle();
  EXPECT_EQ(sync_.Lead(lead_, "notes"), "Wants a call.");
  ASSERT_TRUE(sync_.desk().SetLead(lead_, R"({"notes": "Was called."})"));
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(referral_)["details"]["notes"], "Was called.");
  EXPECT_EQ(Status(), "New");
}

TEST_P(LeadTest, AnAcceptInPartnerCenterMakesItAnOpportunity) {
  OfferedLead();
  sync_.PartnerMoves(referral_, "Active", "Accepted");
  sync_.Settle();
  InStepAsOpportunity();
  EXPECT_EQ(sync_.Crm(opportunity_, "state"), "active");
  if (PeopleConvert()) {
    EXPECT_EQ(sync_.Lead(lead_, "state"), "new") << "a person converts it";
    EXPECT_NE(sync_.Crm(opportunity_, "audit").find(lead_), std::string::npos);
  } else {
    EXPECT_EQ(sync_.Lead(lead_, "state"), "qualified");
    EXPECT_EQ(sync_.Lead(lead_, "became"), opportunity_);
  }
}

TEST_P(LeadTest, AQualifiedLeadAcceptsTheReferralAndGoesOnAsItsOpportunity) {
  OfferedLead();
  const auto made = sync_.desk().QualifyLead(lead_, true);
  ASSERT_TRUE(made) << Describe(made.error());
  sync_.Settle();
  EXPECT_EQ(Status(), "Active");
  InStepAsOpportunity();
  EXPECT_EQ(opportunity_, *made);
  sync_.SellerSets(opportunity_, {{"notes", "Two plants."}});
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(referral_)["details"]["notes"], "Two plants.");
  sync_.SellerWins(opportunity_);
  sync_.Settle();
  EXPECT_EQ(Substatus(), "Won");
}

TEST_P(LeadTest, WhatWasEditedBeforeQualifyingIsNotLost) {
  OfferedLead();
  sync_.PartnerSets(referral_, "/details/notes", "Edited there before anybody looked.");
  ASSERT_TRUE(sync_.desk().QualifyLead(lead_, true));
  sync_.Settle();
  InStepAsOpportunity();
  EXPECT_EQ(sync_.Crm(opportunity_, "notes"), "Edited there before anybody looked.");
}

TEST_P(LeadTest, QualifiedWithoutAnOpportunityAcceptsAllTheSame) {
  OfferedLead();
  ASSERT_TRUE(sync_.desk().QualifyLead(lead_, false));
  sync_.Settle();
  EXPECT_EQ(Status(), "Active");
  EXPECT_TRUE(sync_.Opportunities().empty());
}

TEST_P(LeadTest, ADisqualifiedLeadDeclinesTheReferral) {
  OfferedLead();
  ASSERT_TRUE(sync_.desk().Disqualify(lead_));
  sync_.Settle();
  EXPECT_EQ(Substatus(), "Declined");
  EXPECT_FALSE(sync_.Referral(referral_)["statusReason"].get<std::string>().empty());
}

TEST_P(LeadTest, ADeclinedAndAnExpiredReferralDisqualifyTheLead) {
  OfferedLead();
  sync_.PartnerMoves(referral_, "Closed", "Declined");
  sync_.Settle();
  EXPECT_EQ(sync_.Lead(lead_, "state"), "disqualified");
  referral_ = sync_.MicrosoftSendsLead("Another enquiry");
  sync_.Settle();
  lead_ = sync_.LeadOf(referral_);
  ASSERT_TRUE(sync_.world().Expire(referral_));
  sync_.Settle();
  EXPECT_EQ(sync_.Lead(lead_, "state"), "disqualified");
}

TEST_P(LeadTest, ALeadAcceptedBeforeItWasEverReadIsAnOpportunityFromTheStart) {
  referral_ = sync_.MicrosoftSendsLead("Robotics enquiry");
  sync_.PartnerMoves(referral_, "Active", "Accepted");
  sync_.Settle();
  EXPECT_TRUE(sync_.desk().Leads().empty());
  InStepAsOpportunity();
}

TEST_P(LeadTest, ASellersOwnLeadStaysInTheCrmAndSaysWhy) {
  const auto lead = sync_.desk().OpenLead(
      R"({"name": "Walk-in", "company": "Contoso Mills", "last_name": "Example", "sync": true})");
  ASSERT_TRUE(lead) << Describe(lead.error());
  sync_.Settle();
  EXPECT_TRUE(sync_.world().ReferralIds().empty());
  EXPECT_NE(sync_.Lead(*lead, "audit").find("qualify it"), std::string::npos)
      << sync_.Lead(*lead, "audit");
  const auto writes = sync_.Writes();
  sync_.Settle();
  EXPECT_EQ(sync_.Writes(), writes);
}

TEST_P(LeadTest, ADeletedLeadEndsThePairAndIsNotMadeAgain) {
  OfferedLead();
  sync_.SellerOpens(sync_.NewDeal("Another deal"));  // a CRM that lists nothing at all is a rail
  ASSERT_TRUE(sync_.desk().DeleteLead(lead_));
  sync_.Settle();
  EXPECT_TRUE(sync_.desk().Leads().empty());
  EXPECT_EQ(sync_.LinkOf(lead_).state, LinkState::unlinked);
}

TEST_P(LeadTest, WithoutTheDatabaseEveryLeadAndWhatItBecameIsFoundAgain) {
  OfferedLead();
  const std::string first = referral_;
  const std::string first_lead = lead_;
  referral_ = sync_.MicrosoftSendsLead("Another enquiry");
  sync_.Settle();
  lead_ = sync_.LeadOf(referral_);
  ASSERT_TRUE(sync_.desk().QualifyLead(lead_, true));
  sync_.Settle();
  const auto writes = sync_.Writes();
  sync_.LoseDatabase();
  sync_.Settle();
  EXPECT_EQ(sync_.Writes(), writes) << "both sides agreed, and yet something was written (I10)";
  EXPECT_EQ(sync_.LinkOf(first_lead).referral_id.text, first);
  InStepAsOpportunity();
}

TEST_P(LeadTest, ALeadQualifiedDuringAnOutageAcceptsWhenTheDatabaseIsGoneToo) {
  OfferedLead();
  ASSERT_TRUE(sync_.desk().QualifyLead(lead_, true));
  sync_.LoseDatabase();
  sync_.Settle();
  EXPECT_EQ(Status(), "Active");
  InStepAsOpportunity();
}

TEST_P(LeadTest, ASellersNoToTheOpportunityIsANo) {
  OfferedLead();
  sync_.PartnerMoves(referral_, "Active", "Accepted");
  sync_.Settle();
  InStepAsOpportunity();
  sync_.SellerSets(opportunity_, {{"sync", false}});
  sync_.Settle();
  sync_.SellerSets(opportunity_, {{"notes", "For us alone."}});
  sync_.Settle();
  EXPECT_NE(sync_.Referral(referral_)["details"]["notes"], "For us alone.");
}

// A write without an answer, and then a new start: the lead and its opportunity are looked up, not
// made again; every record written has its line in the audit.
TEST_P(LeadTest, LostAnswersNeitherDoubleALeadNorItsOpportunity) {
  sandbox::FaultRule lost;
  lost.service = sync_.crm_service();
  lost.kind = sandbox::FaultKind::drop_after;
  lost.method = "POST";
  ASSERT_TRUE(sync_.world().faults().Add(lost));
  referral_ = sync_.MicrosoftSendsLead("Robotics enquiry");
  sync_.Sync();
  sync_.Restart();
  sync_.Pass(std::chrono::seconds(20));
  sync_.Settle();
  lead_ = sync_.LeadOf(referral_);
  ASSERT_FALSE(lead_.empty());
  ASSERT_TRUE(sync_.world().faults().Add(lost));
  sync_.PartnerMoves(referral_, "Active", "Accepted");
  sync_.Sync();
  sync_.Restart();
  sync_.Pass(std::chrono::seconds(20));
  sync_.Settle();
  InStepAsOpportunity();
  EXPECT_EQ(sync_.desk().Leads().size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(BothCrms, LeadTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

// Without "lead" in crm.records.
TEST(LeadsOffTest, LeadsAreLeftAloneAndOpportunitiesAreNot) {
  SyncWorld sync;
  sync.MicrosoftSendsLead("Robotics enquiry");
  const std::string deal = sync.MicrosoftSends("Brewhouse telemetry rollout");
  sync.Settle();
  EXPECT_TRUE(sync.desk().Leads().empty());
  EXPECT_FALSE(sync.OpportunityOf(deal).empty());
  EXPECT_EQ(sync.Opportunities().size(), 1u);
}

// What was left alone was held back until its offer was about to expire.
TEST(LeadsOffTest, LeadsThatWereLeftAloneComeOnceLeadsAreSynced) {
  SyncWorld sync;
  const std::string lead = sync.MicrosoftSendsLead("Robotics enquiry");
  sync.Settle();
  sync.SyncLeads();
  Confirmations confirmed;
  confirmed.fingerprint = true;
  sync.Sync(IntakeDepth::sweep, confirmed);
  sync.Settle();
  EXPECT_FALSE(sync.LeadOf(lead).empty());
}

}  // namespace
}  // namespace cosell::test

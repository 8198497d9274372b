// The main job as people see it: the daemon runs, and everything below travels by events alone,
// because poll and sweep are switched off.

#include "system/installation.h"

namespace cosell::system_test {
namespace {

class StoryTest : public SharedInstallation<StoryTest> {
 public:
  static Installation::Options Choice() {
    return {{"--empty"}, [](Json& configuration) {
              Json& connection = configuration["connections"][0];
              connection["schedule"] = {{"poll_interval_s", 0}, {"sweep_interval_s", 0}};
              connection["conflicts"] = {{"deal_value", "ask"}};
            }};
  }

 protected:
  void SetUp() override {
    remote().Switch({{"microsoft_decision", "none"}});
    ASSERT_TRUE(WaitUntil([&] { return here().IsRegistered(); }, "the webhook is registered"));
    ASSERT_TRUE(here().HasLookedAround());
  }
  testing::AssertionResult Linked(const std::string& id, const std::string& state) {
    return WaitUntil([=, this] { return database().LinkState(id) == state; },
                     id + " is " + state + " in the database");
  }
  testing::AssertionResult CrmBecomes(const std::string& id, const std::string& column,
                                      const std::string& value) {
    return WaitUntil([=, this] { return remote().Crm(id, column) == value; },
                     column + " = " + value + " in the CRM");
  }
  testing::AssertionResult ReferralBecomes(const std::string& id, const std::string& pointer,
                                           const Json& value) {
    const Json::json_pointer at(pointer);
    return WaitUntil([=, this] { return remote().Referral(id).value(at, Json()) == value; },
                     pointer + " = " + value.dump() + " in Partner Center");
  }
  // A referral from Microsoft that has arrived in the CRM.
  void Receive(const std::string& name) {
    referral_ = remote().MicrosoftSends(name);
    ASSERT_TRUE(Linked(referral_, "in_sync"));
    opportunity_ = remote().OpportunityOf(referral_);
    ASSERT_FALSE(opportunity_.empty());
  }
  // The same, accepted on both sides.
  void Accept(const std::string& name) {
    Receive(name);
    remote().PartnerMoves(referral_, "accept");
    ASSERT_TRUE(CrmBecomes(opportunity_, "statuscode", "1"));
    ASSERT_TRUE(Linked(referral_, "in_sync"));
  }
  // The referral of a deal that is about to appear.
  std::string Shared(const std::string& opportunity) {
    EXPECT_TRUE(Linked(opportunity, "in_sync"));
    return remote().ReferralOf(opportunity);
  }
  std::string Audit(const std::string& opportunity) {
    return remote().Crm(opportunity, "msft_audit");
  }

  std::string referral_;
  std::string opportunity_;
};

bool Says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(StoryTest, AReferralOfMicrosoftAppearsInDynamicsWithEverything) {
  Receive("Brewhouse telemetry rollout");
  const Json crm = remote().Row("opportunities", opportunity_);
  EXPECT_EQ(crm["name"], "\u2713 Brewhouse telemetry rollout");
  EXPECT_EQ(std::stod(crm["estimatedvalue"].get<std::string>()), 84'500);
  EXPECT_EQ(crm["estimatedclosedate"], "2027-09-30");
  EXPECT_EQ(crm["description"], "Edge gateways in three plants.");
  EXPECT_EQ(crm["statuscode"], "2") << "not on hold";
  EXPECT_EQ(crm["msft_syncwithpartnercenter"], "true");
  EXPECT_EQ(crm["msft_referralvisibility"], "true");
  EXPECT_EQ(crm["msft_products"], "SOL-90210-QWK");
  EXPECT_EQ(crm["msft_referrallink"],
            "https://partner.microsoft.com/dashboard/referrals/v2/referrals/" + referral_);
  EXPECT_TRUE(Says(crm["msft_audit"], "Partner Center Referral to CRM sync success."));
  const Json account = remote().Row("accounts", crm["_parentaccountid_value"]);
  EXPECT_EQ(account["name"], "Fabrikam Brauereitechnik GmbH");
  EXPECT_EQ(account["address1_postalcode"], "96047");
  const Json contact = remote().Row("contacts", crm["_parentcontactid_value"]);
  EXPECT_EQ(contact["emailaddress1"], "jette.korn@fabrikam.example");
  EXPECT_EQ(remote().Referral(referral_)["externalReferenceId"], opportunity_);
  EXPECT_EQ(database()
                .Value("SELECT cause FROM audit_log WHERE operation = 'create' AND "
                       "referral_id = '" +
                       referral_ + "' ORDER BY id LIMIT 1")
                .substr(0, 5),
            "event");
}

TEST_F(StoryTest, AFlaggedDealWithHelpIsSharedWithMicrosoftAndComesBackMarked) {
  Deal deal;
  deal.name = "Yard planning pilot";
  deal.help = true;
  opportunity_ = remote().SellerOpens(deal);
  remote().SellerFlags(opportunity_);
  referral_ = Shared(opportunity_);
  ASSERT_FALSE(referral_.empty());
  const Json referral = remote().Referral(referral_);
  EXPECT_EQ(referral["name"], "Yard planning pilot");
  EXPECT_EQ(referral["details"]["dealValue"], 12'000);
  EXPECT_EQ(referral["details"]["currency"], "EUR");
  EXPECT_EQ(referral["details"]["closingDateTime"].get<std::string>().substr(0, 10), "2027-03-15");
  EXPECT_EQ(referral["details"]["requirements"]["solutions"][0]["id"], "SOL-90210-QWK");
  EXPECT_EQ(referral["customerProfile"]["address"]["country"], "SE");
  EXPECT_EQ(referral["customerProfile"]["team"][0]["email"], "inga.sundqvist@northwind.example");
  const std::string connected = remote().ConnectedReferralOf(referral_);
  ASSERT_FALSE(connected.empty()) << "Microsoft was not asked";
  EXPECT_EQ(remote().Referral(connected)["inviteContext"]["assistanceRequestCode"],
            "QuotesOrLicensing");
  const Json crm = remote().Row("opportunities", opportunity_);
  EXPECT_EQ(crm["msft_referralidentifier"], referral_);
  EXPECT_EQ(crm["msft_referrallink"],
            "https://partner.microsoft.com/dashboard/referrals/v2/referrals/" + referral_);
  EXPECT_EQ(crm["name"], "\u2713 Yard planning pilot");
  EXPECT_EQ(crm["msft_referralvisibility"], "true");
  EXPECT_TRUE(Says(crm["msft_audit"], "CRM to Partner Center Referral sync success."));
}

TEST_F(StoryTest, AnUnflaggedDealStaysInTheCrm) {
  Deal deal;
  deal.name = "Private conversation";
  const std::string kept = remote().SellerOpens(deal);
  remote().SellerSets(kept, {{"estimatedvalue", 77'000}});
  deal.name = "Public conversation";
  deal.sync = true;
  const std::string shared = remote().SellerOpens(deal);
  ASSERT_FALSE(Shared(shared).empty());
  EXPECT_EQ(remote().ReferralOf(kept), "");
  EXPECT_EQ(remote().Crm(kept, "msft_audit"), "");
}

TEST_F(StoryTest, AnIncompleteDealWaitsSaysWhatIsMissingAndGoesOnceMended) {
  Deal deal;
  deal.name = "Harbour crane retrofit";
  deal.account = "Tailspin Hafenlogistik";
  deal.country = "Sweden";
  deal.products = "";
  deal.value = 0;
  deal.closing_date = "2027-05-01";
  deal.sync = true;
  opportunity_ = remote().SellerOpens(deal);
  remote().SellerSets(opportunity_, {{"estimatedclosedate", nullptr}});
  ASSERT_TRUE(WaitUntil([&] { return Says(Audit(opportunity_), "close date missing"); },
                        "the Audit complains"));
  const std::string audit = Audit(opportunity_);
  EXPECT_TRUE(Says(audit, "solution missing")) << audit;
  EXPECT_TRUE(Says(audit, "two-letter ISO code")) << audit;
  EXPECT_TRUE(Says(audit, "deal value missing")) << audit;
  EXPECT_EQ(remote().ReferralOf(opportunity_), "");
  EXPECT_TRUE(Linked(opportunity_, "waiting"));

  remote().SellerSetsAccount(opportunity_, {{"address1_country", "SE"}});
  remote().SellerSets(opportunity_, {{"msft_products", "SOL-90210-QWK"},
                                     {"estimatedvalue", 4'500},
                                     {"estimatedclosedate", "2027-05-01"}});
  EXPECT_FALSE(Shared(opportunity_).empty());
}

TEST_F(StoryTest, HelpIsAskedOnlyWithACompleteContact) {
  Deal deal;
  deal.name = "Cold store automation";
  deal.help = true;
  deal.contact = false;
  deal.sync = true;
  opportunity_ = remote().SellerOpens(deal);
  ASSERT_TRUE(WaitUntil([&] { return Says(Audit(opportunity_), "customer contact"); },
                        "the Audit asks for the contact"));
  EXPECT_EQ(remote().ReferralOf(opportunity_), "");
}

TEST_F(StoryTest, EditsOfDifferentFieldsOnBothSidesMerge) {
  Accept("Dairy line upgrade");
  remote().PartnerSets(referral_, "/details/notes", "Four plants now.");
  remote().SellerSets(opportunity_, {{"estimatedclosedate", "2027-10-31"}});
  EXPECT_TRUE(CrmBecomes(opportunity_, "description", "Four plants now."));
  EXPECT_TRUE(ReferralBecomes(referral_, "/details/closingDateTime", "2027-10-31T00:00:00Z"));
}

TEST_F(StoryTest, TheNewerEditOfOneFieldWinsAndTheOtherIsKept) {
  Accept("Bottling plant survey");
  here().StopDaemon();
  remote().PartnerSets(referral_, "/details/notes", "Partner Center's words.");
  remote().LetTimePass(std::chrono::seconds(4));  // the CRM's stamps are in whole seconds
  remote().SellerSets(opportunity_, {{"description", "The seller's words."}});
  here().StartDaemon();
  EXPECT_TRUE(ReferralBecomes(referral_, "/details/notes", "The seller's words."));
  EXPECT_TRUE(WaitUntil(
      [&] {
        return database().Count(
                   "SELECT count(*) FROM field_history WHERE field = 'notes' AND "
                   "value = 'Partner Center''s words.' AND superseded_by LIKE "
                   "'%newest_wins%' AND referral_id = '" +
                   referral_ + "'") == 1;
      },
      "the losing value stands in field_history"));
}

TEST_F(StoryTest, AConflictLeftToAPersonStandsInOpenConflictsWithBothValues) {
  Accept("Malt silo sensors");
  here().StopDaemon();
  remote().PartnerSets(referral_, "/details/dealValue", 90'000);
  remote().SellerSets(opportunity_, {{"estimatedvalue", 70'000}});
  here().StartDaemon();
  const std::string query =
      "SELECT base, partner_center_value, crm_value FROM open_conflicts "
      "WHERE field = 'deal_value' AND referral_id = '" +
      referral_ + "'";
  ASSERT_TRUE(WaitUntil([&] { return database().Rows(query).size() == 1; }, "an open conflict"));
  EXPECT_EQ(database().Rows(query).front(), (std::vector<std::string>{"84500", "90000", "70000"}));
  EXPECT_EQ(remote().Referral(referral_)["details"]["dealValue"], 90'000);
  EXPECT_EQ(std::stod(remote().Crm(opportunity_, "estimatedvalue")), 70'000);
  EXPECT_EQ(here().Command({"status"}).exit_code, 1) << "something waits for a person";
}

TEST_F(StoryTest, LeavingOnHoldAcceptsTheReferral) {
  Receive("Packaging robot trial");
  remote().SellerSets(opportunity_, {{"statuscode", 1}});
  EXPECT_TRUE(ReferralBecomes(referral_, "/substatus", "Accepted"));
}

TEST_F(StoryTest, WinningInTheCrmWinsTheReferralAndClosedIsFinal) {
  Accept("Grain scanner purchase");
  remote().SellerWins(opportunity_);
  EXPECT_TRUE(ReferralBecomes(referral_, "/substatus", "Won"));
  EXPECT_TRUE(Linked(referral_, "closed"));
}

TEST_F(StoryTest, LosingInTheCrmLosesTheReferralWithAReason) {
  Accept("Yeast lab extension");
  remote().SellerLoses(opportunity_);
  EXPECT_TRUE(ReferralBecomes(referral_, "/substatus", "Lost"));
  EXPECT_FALSE(remote().Referral(referral_)["statusReason"].get<std::string>().empty());
}

TEST_F(StoryTest, WinningInPartnerCenterWinsTheOpportunity) {
  Accept("Hop dryer controls");
  remote().PartnerMoves(referral_, "win");
  EXPECT_TRUE(CrmBecomes(opportunity_, "statecode", "1"));
}

TEST_F(StoryTest, DecliningInPartnerCenterCancelsTheOpportunity) {
  Receive("Cooling tower audit");
  remote().PartnerMoves(referral_, "decline");
  EXPECT_TRUE(CrmBecomes(opportunity_, "statuscode", "4"));
  EXPECT_TRUE(Linked(referral_, "closed"));
}

TEST_F(StoryTest, LosingOnHoldDeclinesTheReferral) {
  Receive("Conveyor refurbishment");
  remote().SellerLoses(opportunity_);
  EXPECT_TRUE(ReferralBecomes(referral_, "/substatus", "Declined"));
}

TEST_F(StoryTest, AnExpiredReferralClosesTheOpportunity) {
  Receive("Weighbridge renewal");
  remote().PartnerMoves(referral_, "expire");
  EXPECT_TRUE(CrmBecomes(opportunity_, "statecode", "2"));
}

TEST_F(StoryTest, AForgedEventIsTurnedAwayAndTheHonestOneArrives) {
  remote().Ask("POST", "/tamper", {{"mode", "wrong_key"}, {"times", 1}});
  Receive("Fermenter insulation");
  int refused = 0;
  for (const Json& delivery : remote().Deliveries())
    for (const Json& attempt : delivery["attempts"]) refused += attempt["status"] == 401 ? 1 : 0;
  EXPECT_GE(refused, 1);
}

TEST_F(StoryTest, OurOwnWritesComeBackAsEventsAndCauseNothing) {
  Accept("Label printer rollout");
  ASSERT_TRUE(here().ComesToRest());
  const int writes = remote().Writes();
  ASSERT_TRUE(here().ComesToRest());
  EXPECT_EQ(remote().Writes(), writes);
}

TEST_F(StoryTest, TheAuditChainIsIntact) {
  Accept("Keg tracking");
  const auto result = RunCommand({"sqlite3", "-readonly", database().file(),
                                  ".read " COSELL_SOURCE_DIR "/schema/verify_audit.sql"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result.output, "") << "the first bad entry";
  EXPECT_GT(database().Count("SELECT count(*) FROM audit_log"), 0);
}

}  // namespace
}  // namespace cosell::system_test

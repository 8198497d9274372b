// Leads, one-way switches and Microsoft's answers as people see them, on both CRMs: the daemon
// runs, and everything travels by events alone, because poll and sweep are switched off.

#include "system/desk.h"
#include "system/installation.h"

namespace cosell::system_test {
namespace {

struct Dynamics {
  static constexpr const char* kArgument = "dynamics365";
  static constexpr bool kPeopleConvert = false;
};
struct Salesforce {
  static constexpr const char* kArgument = "salesforce";
  static constexpr bool kPeopleConvert = true;
};

template <typename Crm>
class WholeDomainTest : public SharedInstallation<WholeDomainTest<Crm>> {
 public:
  static Installation::Options Choice() {
    return {{"--empty", "--crm", Crm::kArgument}, [](Json& configuration) {
              configuration["connections"][0]["schedule"] = {{"poll_interval_s", 0},
                                                             {"sweep_interval_s", 0}};
            }};
  }

 protected:
  void SetUp() override {
    this->remote().Switch({{"microsoft_decision", "none"}});
    ASSERT_TRUE(WaitUntil([&] { return this->here().IsRegistered(); }, "the webhook is there"));
    ASSERT_TRUE(this->here().HasLookedAround());
  }

  testing::AssertionResult Linked(const std::string& id) {
    return WaitUntil([=, this] { return this->database().LinkState(id) == "in_sync"; },
                     id + " is in step");
  }
  testing::AssertionResult ReferralIs(const std::string& id, const std::string& pointer,
                                      const Json& value) {
    const Json::json_pointer at(pointer);
    return WaitUntil([=, this] { return this->remote().Referral(id).value(at, Json()) == value; },
                     pointer + " = " + value.dump() + " in Partner Center");
  }
  testing::AssertionResult CrmSays(const std::string& opportunity, const std::string& word,
                                   const std::string& part) {
    return WaitUntil(
        [=, this] {
          return Desk(this->remote()).Value(opportunity, word).find(part) != std::string::npos;
        },
        word + " has '" + part + "' in the CRM");
  }
  void OfferLead(const std::string& name) {
    referral_ = this->remote().MicrosoftSendsLead(name);
    ASSERT_TRUE(Linked(referral_));
    lead_ = Desk(this->remote()).LeadOf(referral_);
    ASSERT_FALSE(lead_.empty());
    ASSERT_EQ(Desk(this->remote()).OpportunityOf(referral_), "");
  }
  // A deal of our own that is in Partner Center.
  void Share(Json words) {
    words["sync"] = true;
    opportunity_ = Desk(this->remote()).Open(words);
    ASSERT_TRUE(Linked(opportunity_));
    referral_ = this->remote().ReferralOf(opportunity_);
    ASSERT_FALSE(referral_.empty());
  }

  std::string referral_;
  std::string lead_;
  std::string opportunity_;
};

using Crms = testing::Types<Dynamics, Salesforce>;
class NameOfCrm {
 public:
  template <typename Crm>
  static std::string GetName(int) {
    return Crm::kArgument;
  }
};
TYPED_TEST_SUITE(WholeDomainTest, Crms, NameOfCrm);

TYPED_TEST(WholeDomainTest, ALeadQualifiedInTheCrmAcceptsTheReferralAndGoesOnAsItsOpportunity) {
  Desk desk(this->remote());
  this->OfferLead("Robotics enquiry");
  EXPECT_EQ(desk.LeadValue(this->lead_, "company"), "Fabrikam Brauereitechnik GmbH");
  desk.SetLead(this->lead_, {{"notes", "Four plants, not three."}});
  EXPECT_TRUE(this->ReferralIs(this->referral_, "/details/notes", "Four plants, not three."));
  const std::string opportunity = desk.Qualify(this->lead_);
  ASSERT_FALSE(opportunity.empty());
  EXPECT_TRUE(this->ReferralIs(this->referral_, "/status", "Active"));
  EXPECT_TRUE(this->ReferralIs(this->referral_, "/externalReferenceId", opportunity));
  EXPECT_TRUE(this->CrmSays(opportunity, "referral_id", this->referral_));
  desk.Set(opportunity, {{"deal_value", 91000}});
  EXPECT_TRUE(this->ReferralIs(this->referral_, "/details/dealValue", 91000));
  EXPECT_EQ(this->database().Count("SELECT count(*) FROM links WHERE referral_id = '" +
                                   this->referral_ + "'"),
            1);
}

TYPED_TEST(WholeDomainTest, ALeadAcceptedInPartnerCenterBecomesOneOpportunity) {
  Desk desk(this->remote());
  this->OfferLead("Cold store monitoring");
  this->remote().PartnerMoves(this->referral_, "accept");
  EXPECT_TRUE(WaitUntil([&] { return !desk.OpportunityOf(this->referral_).empty(); },
                        "the lead has become an opportunity"));
  ASSERT_TRUE(this->Linked(this->referral_));
  const std::string opportunity = desk.OpportunityOf(this->referral_);
  EXPECT_TRUE(this->ReferralIs(this->referral_, "/externalReferenceId", opportunity));
  if (!TypeParam::kPeopleConvert) {
    EXPECT_EQ(desk.LeadValue(this->lead_, "state"), "qualified");
  }
}

TYPED_TEST(WholeDomainTest, ADisqualifiedLeadDeclinesTheReferral) {
  this->OfferLead("Wrong number");
  Desk(this->remote()).Disqualify(this->lead_);
  EXPECT_TRUE(this->ReferralIs(this->referral_, "/substatus", "Declined"));
}

TYPED_TEST(WholeDomainTest, VisibilityIsNeverWithdrawnAndTheSellerIsTold) {
  Desk desk(this->remote());
  this->Share({{"name", "Yard planning pilot"}});
  desk.Set(this->opportunity_, {{"visibility", true}});
  const std::string consent = "/consent/consentToShareReferralWithMicrosoftSellers";
  EXPECT_TRUE(this->ReferralIs(this->referral_, consent, true));
  desk.Set(this->opportunity_, {{"visibility", false}});
  EXPECT_TRUE(this->CrmSays(this->opportunity_, "visibility", "true"));
  EXPECT_TRUE(this->CrmSays(this->opportunity_, "audit", "visibility"));
  EXPECT_EQ(this->remote().Referral(this->referral_)[Json::json_pointer(consent)], true);
}

TYPED_TEST(WholeDomainTest, MicrosoftsAcceptReachesTheSellerWithItsCrmId) {
  this->Share({{"name", "Harbour crane telemetry"}, {"help", "Quotes or Licensing"}});
  const std::string connected = this->remote().ConnectedReferralOf(this->referral_);
  ASSERT_FALSE(connected.empty()) << "Microsoft was not asked";
  this->remote().PartnerMoves(connected, "microsoft-accept");
  EXPECT_TRUE(this->CrmSays(this->opportunity_, "audit", "Microsoft"));
  EXPECT_TRUE(WaitUntil(
      [&] { return !Desk(this->remote()).Value(this->opportunity_, "microsoft_crm_id").empty(); },
      "Microsoft's CRM identifier is in the CRM"));
}

TYPED_TEST(WholeDomainTest, SolutionsMergeElementByElement) {
  Desk desk(this->remote());
  this->Share({{"name", "Turbine twins"}, {"products", "SOL-90210-QWK"}});
  desk.SetSolutions(this->opportunity_, {"SOL-90210-QWK", "SOL-31415-QWK"});
  this->remote().PartnerSets(this->referral_, "/details/requirements/solutions",
                             Json::array({{{"id", "SOL-90210-QWK"}, {"type", "Name"}},
                                          {{"id", "SOL-27182-QWK"}, {"type", "Name"}}}));
  for (const char* id : {"SOL-31415-QWK", "SOL-27182-QWK"}) {
    EXPECT_TRUE(this->CrmSays(this->opportunity_, "products", id));
    EXPECT_TRUE(WaitUntil(
        [&] {
          return this->remote().Referral(this->referral_).dump().find(id) != std::string::npos;
        },
        std::string(id) + " is in Partner Center"));
  }
}

}  // namespace
}  // namespace cosell::system_test

#include <set>

#include "base/text.h"
#include "support/sync_world.h"

// Salesforce organisations that are set up otherwise (contract salesforce.md sections 17 and 18).
namespace cosell::test {
namespace {

constexpr char kDetails[] = "\"details\": { \"requirements\"";

std::string FlaggedDeal(SyncWorld& sync) {
  auto deal = sync.NewDeal("Yard planning pilot");
  deal.sync = true;
  return sync.SellerOpens(deal);
}

TEST(OrganizationTest, WithOneCurrencyADealIsSharedInTheCurrencyTheMappingNames) {
  sandbox::SalesforceWorldOptions one_currency;
  one_currency.multi_currency = false;
  SyncWorld sync(CrmProduct::salesforce, {}, one_currency);
  const std::string deal = FlaggedDeal(sync);
  sync.Settle();
  EXPECT_EQ(sync.ReferralOf(deal), "");
  EXPECT_NE(sync.Crm(deal, "audit").find("currency missing"), std::string::npos);

  const std::string built_in = *BuiltInMapping("salesforce");
  ASSERT_NE(built_in.find(kDetails), std::string::npos);
  sync.MapWith(
      ReplaceAll(built_in, kDetails, "\"details\": { \"currency\": \"SEK\", \"requirements\""));
  Confirmations confirmed;
  confirmed.fingerprint = true;
  sync.Sync(IntakeDepth::sweep, confirmed);
  sync.Settle();
  const std::string referral = sync.ReferralOf(deal);
  ASSERT_FALSE(referral.empty());
  EXPECT_EQ(sync.Referral(referral)["details"]["currency"], "SEK");
}

TEST(OrganizationTest, WithANamespaceTheFieldsAreFoundAllTheSame) {
  sandbox::SalesforceWorldOptions packaged;
  packaged.name_space = "msftpc";
  SyncWorld sync(CrmProduct::salesforce, {}, packaged);
  const std::string referral = sync.MicrosoftSends("Brewhouse telemetry rollout");
  const std::string deal = FlaggedDeal(sync);
  sync.Settle();
  EXPECT_FALSE(sync.OpportunityOf(referral).empty());
  EXPECT_EQ(sync.Crm(deal, "referral_id"), sync.ReferralOf(deal));
}

TEST(OrganizationTest, WithCountryPicklistsTheCodeIsWrittenAndRead) {
  sandbox::SalesforceWorldOptions picklists;
  picklists.country_picklists = true;
  SyncWorld sync(CrmProduct::salesforce, {}, picklists);
  const std::string referral = sync.MicrosoftSends("Brewhouse telemetry rollout");
  const std::string deal = FlaggedDeal(sync);
  sync.Settle();
  EXPECT_FALSE(sync.OpportunityOf(referral).empty());
  const std::string shared = sync.ReferralOf(deal);
  ASSERT_FALSE(shared.empty());
  EXPECT_EQ(sync.Referral(shared)["customerProfile"]["address"]["country"], "SE");
}

TEST(OrganizationTest, WithTheSolutionsObjectSolutionsAreItsRows) {
  sandbox::SalesforceWorldOptions with_object;
  with_object.solutions_object = true;
  SyncWorld sync(CrmProduct::salesforce, {}, with_object);
  const std::string referral = sync.MicrosoftSends("Brewhouse telemetry rollout");
  auto deal = sync.NewDeal("Yard planning pilot");
  deal.products.clear();
  deal.solutions = {{"SOL-90210-QWK", "Quillwerk Sensor Hub"}};
  deal.sync = true;
  const std::string opportunity = sync.SellerOpens(deal);
  sync.Settle();
  EXPECT_FALSE(sync.OpportunityOf(referral).empty());
  const std::string shared = sync.ReferralOf(opportunity);
  ASSERT_FALSE(shared.empty()) << sync.Crm(opportunity, "audit");
  EXPECT_EQ(sync.Referral(shared)["details"]["requirements"]["solutions"][0]["id"],
            "SOL-90210-QWK");
}

// A deal's Opportunity Team in Salesforce, and its team in Partner Center.
class OpportunityTeamTest : public testing::Test {
 protected:
  static sandbox::SalesforceWorldOptions TeamSelling() {
    sandbox::SalesforceWorldOptions options;
    options.opportunity_teams = true;
    return options;
  }
  sandbox::SalesforceWorld& org() { return sync_.world().salesforce().world(); }
  std::string Colleague(const std::string& first, const std::string& last, const std::string& email,
                        const std::string& phone) {
    return org().AddPerson({"", first, last, email, phone});
  }
  std::string Joins(const std::string& deal, const std::string& person) {
    const auto member = org().Create(org().people().front(), "OpportunityTeamMember",
                                     Json{{"OpportunityId", deal}, {"UserId", person}}.dump());
    EXPECT_TRUE(member.ok()) << (member ? "" : Describe(member.error()));
    return member ? *member : "";
  }
  void Share() {
    deal_ = FlaggedDeal(sync_);
    Joins(deal_, Colleague("Ines", "Falk", "Ines.Falk@contoso.example", "+49 30 000003"));
    Joins(deal_, Colleague("Lone", "Ryter", "lone.ryter@contoso.example", ""));
    sync_.Settle();
    referral_ = sync_.ReferralOf(deal_);
    ASSERT_FALSE(referral_.empty());
  }
  std::set<std::string> Team() {
    const Json referral = sync_.Referral(referral_);
    std::set<std::string> emails;
    for (const Json& member : referral["team"])
      emails.insert(ToLower(member["email"].get<std::string>()));
    return emails;
  }

  SyncWorld sync_{CrmProduct::salesforce, {}, TeamSelling()};
  std::string deal_;
  std::string referral_;
};

TEST_F(OpportunityTeamTest, ANewReferralHasTheOwnerAndWhoeverOfTheTeamIsComplete) {
  Share();
  EXPECT_EQ(Team(),
            (std::set<std::string>{"oda.brandt@contoso.example", "ines.falk@contoso.example"}))
      << "without a phone number Partner Center would refuse the referral";
}

TEST_F(OpportunityTeamTest, WhoJoinsAndLeavesTheTeamJoinsAndLeavesTheReferral) {
  Share();
  const std::string member =
      Joins(deal_, Colleague("Per", "Holm", "per.holm@contoso.example", "+46 31 0000009"));
  sync_.Settle();
  EXPECT_TRUE(Team().contains("per.holm@contoso.example"));
  ASSERT_TRUE(org().Delete(org().people().front(), "OpportunityTeamMember", member));
  sync_.Settle();
  EXPECT_EQ(Team(),
            (std::set<std::string>{"oda.brandt@contoso.example", "ines.falk@contoso.example"}));
}

// A change of the team moves no stamp of its opportunity: without the cross-check only the next
// sweep would find it.
TEST_F(OpportunityTeamTest, BetweenSweepsAChangeOfTheTeamIsFoundWithTheCrossCheck) {
  Share();
  sync_.Poll();
  Joins(deal_, Colleague("Per", "Holm", "per.holm@contoso.example", "+46 31 0000009"));
  sync_.Pass(std::chrono::minutes(11));
  sync_.Poll();
  sync_.Poll();
  EXPECT_TRUE(Team().contains("per.holm@contoso.example"));
}

}  // namespace
}  // namespace cosell::test

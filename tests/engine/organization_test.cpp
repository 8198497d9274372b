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

}  // namespace
}  // namespace cosell::test

#include <fstream>
#include <sstream>

#include "tests/engine/own_columns.h"
#include "tests/engine/pair_world.h"

// Realistic customisations of the contract's troubleshooting table (cosell-field-mapping.md
// section 12), each a mapping file of tests/mapping_files, on both CRMs.
namespace cosell::test {
namespace {

const OwnColumn kCalculated{"new_calculatedvalue", "Calculated_Value__c"};
const OwnColumn kUsd{"new_valueusd", "Value_USD__c"};
const OwnColumn kUsdCurrency{"new_valuecurrency", "Value_Currency__c"};
const OwnColumn kThousands{"new_valuethousands", "Value_Thousands__c"};
const OwnColumn kSummary{"new_summary", "Summary__c"};
const OwnColumn kSource{"new_source", "Source__c"};
const OwnColumn kCampaign{"new_campaign", "Campaign__c"};
const OwnColumn kCloseTime{"new_closetime", "Close_Time__c"};
const OwnColumn kPhase{"new_phase", "Phase__c"};
const OwnColumn kRegion{"new_region", "Region__c"};
const OwnColumn kStage{"statuscode", "StageName"};
const OwnColumn kDuns{"new_duns", "Duns__c"};
const OwnColumn kCountryCode{"new_countrycode", "Country_ISO__c"};
const OwnColumn kCountry{"address1_country", "BillingCountry"};

class CustomisationTest : public testing::TestWithParam<CrmProduct> {
 protected:
  // An organisation with columns of its own, synced with this mapping file.
  void Organisation(const std::string& file) {
    sync_ = std::make_unique<SyncWorld>(GetParam());
    const std::string folder = salesforce() ? "salesforce/" : "dynamics365/";
    std::ifstream in("tests/mapping_files/" + folder + file + ".json", std::ios::binary);
    ASSERT_TRUE(in) << file;
    std::ostringstream text;
    text << in.rdbuf();
    sync_->MapWith(text.str());
  }
  bool salesforce() const { return GetParam() == CrmProduct::salesforce; }
  std::string Either(const std::string& dynamics365, const std::string& salesforce_text) const {
    return salesforce() ? salesforce_text : dynamics365;
  }
  // Microsoft's deal with a change, in the CRM and accepted.
  void AcceptedDeal(const std::string& pointer = "", const Json& value = {}) {
    Json referral = SyncWorld::NewReferral("Brewhouse telemetry rollout");
    if (!pointer.empty()) referral[Json::json_pointer(pointer)] = value;
    referral_ = sync_->MicrosoftSendsAs(referral);
    sync_->Settle();
    sync_->PartnerMoves(referral_, "Active", "Accepted");
    sync_->Settle();
    opportunity_ = sync_->OpportunityOf(referral_);
    ASSERT_FALSE(opportunity_.empty());
  }
  Json Referral(const std::string& pointer) const {
    return sync_->Referral(referral_)[Json::json_pointer(pointer)];
  }
  std::string Own(const OwnColumn& column) { return OwnOf(*sync_, opportunity_, column); }
  double OwnNumber(const OwnColumn& column) { return std::stod("0" + Own(column)); }
  void SellerSets(const OwnColumn& column, const Json& value) {
    SetOwn(*sync_, opportunity_, column, value);
    sync_->Settle();
  }
  void PartnerSets(const std::string& pointer, const Json& value) {
    sync_->PartnerSets(referral_, pointer, value);
    sync_->Settle();
  }
  std::string FlaggedDeal() {
    auto deal = sync_->NewDeal("Yard planning pilot");
    deal.sync = true;
    const std::string id = sync_->SellerOpens(deal);
    sync_->Settle();
    return sync_->ReferralOf(id);
  }

  std::unique_ptr<SyncWorld> sync_;
  std::string referral_;
  std::string opportunity_;
};

TEST_P(CustomisationTest, ACalculatedDealValueIsSentAndNeverWritten) {
  Organisation("calculated_value");
  AcceptedDeal();
  EXPECT_EQ(sync_->Crm(opportunity_, "deal_value"), "84500") << "once, when it was made";
  SellerSets(kCalculated, 91000);
  EXPECT_EQ(Referral("/details/dealValue"), 91000);
  SellerSets(kCalculated, 0);
  EXPECT_EQ(Referral("/details/dealValue"), 91000) << "a calculation that is not done yet";
  EXPECT_EQ(sync_->Crm(opportunity_, "deal_value"), "84500");
}

TEST_P(CustomisationTest, ACountryKeptByNameIsACodeInPartnerCenter) {
  Organisation("country_by_name");
  AcceptedDeal();
  EXPECT_EQ(OfAccounts(*sync_, kCountry), std::vector<std::string>{"Germany"});
  auto deal = sync_->NewDeal("Yard planning pilot");
  deal.address.country = "Sweden";
  deal.sync = true;
  const std::string id = sync_->SellerOpens(deal);
  sync_->Settle();
  const std::string shared = sync_->ReferralOf(id);
  ASSERT_FALSE(shared.empty()) << sync_->Crm(id, "audit");
  EXPECT_EQ(sync_->Referral(shared)["customerProfile"]["address"]["country"], "SE");
}

TEST_P(CustomisationTest, ACountryLookupIsSparedByTheCodeBesideIt) {
  Organisation("country_helper");
  AcceptedDeal();
  EXPECT_EQ(OfAccounts(*sync_, kCountryCode), std::vector<std::string>{"DE"});
  EXPECT_EQ(OfAccounts(*sync_, kCountry), std::vector<std::string>{""});
}

TEST_P(CustomisationTest, StagesOfTheCompanysOwn) {
  Organisation("own_stages");
  referral_ = sync_->MicrosoftSends("Brewhouse telemetry rollout");
  sync_->Settle();
  opportunity_ = sync_->OpportunityOf(referral_);
  ASSERT_FALSE(opportunity_.empty());
  EXPECT_EQ(Own(kStage), Either("2", "Prospecting"));
  sync_->PartnerMoves(referral_, "Active", "Accepted");
  sync_->Settle();
  EXPECT_EQ(Own(kStage), Either("1", "Needs Analysis"));
  sync_->PartnerMoves(referral_, "Closed", "Lost");
  sync_->Settle();
  EXPECT_EQ(Own(kStage), Either("4", "Closed Lost"));
}

TEST_P(CustomisationTest, ALossHasTheReasonTheMappingGivesTheStage) {
  Organisation("own_stages");
  AcceptedDeal();
  sync_->SellerMoves(opportunity_, salesforce() ? SeedCrmState::lost : SeedCrmState::cancelled);
  sync_->Settle();
  EXPECT_EQ(Referral("/statusReason"), "Customer did not respond");
}

TEST_P(CustomisationTest, MandatoryColumnsGetTheirConstants) {
  Organisation("mandatory_columns");
  AcceptedDeal();
  EXPECT_EQ(Own(kRegion), Either("1", "EMEA"));
  EXPECT_EQ(OfAccounts(*sync_, kDuns), std::vector<std::string>{"unknown"});
}

TEST_P(CustomisationTest, AMissingPicklistValueIsAnotherOne) {
  Organisation("missing_picklist_value");
  AcceptedDeal("/salesStage", "Propose");
  EXPECT_EQ(Own(kPhase), Either("3", "Late"));
  PartnerSets("/salesStage", "Qualify");
  EXPECT_EQ(Own(kPhase), Either("1", "Early"));
  SellerSets(kPhase, salesforce() ? Json("Middle") : Json(2));
  EXPECT_EQ(Referral("/salesStage"), "Develop");
  PartnerSets("/salesStage", "Propose");
  EXPECT_EQ(Referral("/salesStage"), "Propose") << "two stages that are one in the CRM stand";
}

TEST_P(CustomisationTest, ASecondCurrencyIsFilledForItsDealsOnly) {
  Organisation("second_currency");
  AcceptedDeal();
  EXPECT_EQ(Own(kUsd), "");
  EXPECT_EQ(Own(kUsdCurrency), "");
  PartnerSets("/details/currency", "USD");
  EXPECT_EQ(OwnNumber(kUsd), 84500);
  EXPECT_EQ(Own(kUsdCurrency), "USD");
  PartnerSets("/details/currency", "EUR");
  PartnerSets("/details/dealValue", 70000);
  EXPECT_EQ(OwnNumber(kUsd), 84500) << "left alone again";
}

TEST_P(CustomisationTest, AValueInThousandsIsExactBothWays) {
  Organisation("thousands");
  AcceptedDeal("/details/dealValue", 84512.34);
  EXPECT_DOUBLE_EQ(OwnNumber(kThousands), 84.51234);
  SellerSets(kThousands, 91.5);
  EXPECT_EQ(Referral("/details/dealValue"), 91500);
  PartnerSets("/details/dealValue", 0.05);
  EXPECT_DOUBLE_EQ(OwnNumber(kThousands), 0.00005);
}

TEST_P(CustomisationTest, SeveralMembersInOneColumnAndAConstant) {
  Organisation("summary");
  AcceptedDeal();
  EXPECT_EQ(Own(kSummary), "Tannhof Brauereitechnik GmbH, Bamberg: Edge gateways in three plants.");
  EXPECT_EQ(Own(kSource), "Microsoft co-sell");
  PartnerSets("/details/notes", "Four plants.");
  EXPECT_EQ(Own(kSummary), "Tannhof Brauereitechnik GmbH, Bamberg: Four plants.");
  SellerSets(kSource, "Trade fair");
  EXPECT_EQ(Own(kSource), "Microsoft co-sell") << "put back";
}

TEST_P(CustomisationTest, ADateInAColumnForDateAndTime) {
  Organisation("closing_time");
  AcceptedDeal();
  EXPECT_EQ(Own(kCloseTime).substr(0, 16), "2026-09-30T08:00");
  SellerSets(kCloseTime, "2026-12-31T23:30:00Z");
  EXPECT_EQ(Referral("/details/closingDateTime").get<std::string>().substr(0, 10), "2027-01-01");
  EXPECT_EQ(Own(kCloseTime).substr(0, 16), "2026-12-31T23:30") << "the seller's hour stays";
}

TEST_P(CustomisationTest, ACustomerIsFoundByItsNumber) {
  Organisation("account_by_duns");
  for (const char* name : {"Tannhof GmbH", "Tannhof Brauereitechnik GmbH"}) {
    Json referral = SyncWorld::NewReferral(name);
    referral["customerProfile"]["name"] = name;
    referral["customerProfile"]["ids"] = {{{"profileType", "External"}, {"id", "x"}},
                                          {{"profileType", "Duns"}, {"id", "12-345-6789"}}};
    sync_->MicrosoftSendsAs(referral);
    sync_->Settle();
  }
  EXPECT_EQ(sync_->Opportunities().size(), 2u);
  EXPECT_EQ(OfAccounts(*sync_, kDuns), std::vector<std::string>{"12-345-6789"});
}

TEST_P(CustomisationTest, WordsAreTrimmedRaisedAndCutAndTheCrmWins) {
  Organisation("campaign_codes");
  AcceptedDeal("/campaignId", "spring  2026 größe und mehr");
  EXPECT_EQ(Own(kCampaign), "SPRING 2026 GRÖßE UN");
  EXPECT_EQ(Referral("/campaignId"), "spring  2026 größe und mehr") << "nobody edited it there";
  sync_->PartnerSets(referral_, "/campaignId", "autumn");
  SetOwn(*sync_, opportunity_, kCampaign, "winter");
  sync_->Settle();
  EXPECT_EQ(Referral("/campaignId"), "WINTER");
}

INSTANTIATE_TEST_SUITE_P(BothCrms, CustomisationTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

}  // namespace
}  // namespace cosell::test

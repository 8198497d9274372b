#include "tools/sandbox/seed.h"

#include <set>

#include "tests/sandbox/world_fixture.h"
#include "tools/sandbox/dataverse/dataverse_world.h"

namespace cosell::sandbox {
namespace {

// The fictitious data.
class SeedTest : public WorldTest {
 protected:
  std::vector<Json> Own() {
    std::vector<Json> own;
    for (const std::string& id : world.ReferralIds()) {
      Json referral = Stored(id);
      if (referral["organizationId"] != "msft") own.push_back(std::move(referral));
    }
    return own;
  }
  SeedSummary summary = SeedWorld(world, SeedOptions{});
};

TEST_F(SeedTest, BothSidesAreFilled) {
  EXPECT_EQ(Own().size(), 360u);
  EXPECT_GT(summary.referrals, 360) << "Microsoft takes part";
  EXPECT_EQ(summary.pairs, 120);
  EXPECT_EQ(world.dataverse().Rows("opportunities").size(), 160u);
  EXPECT_EQ(summary.shareable, 15);
}

TEST_F(SeedTest, EveryStatusTypeQualificationAndDirectionOccurs) {
  std::set<std::string> seen;
  std::set<std::string> currencies;
  for (const Json& referral : Own()) {
    seen.insert(referral["status"].get<std::string>() + "/" +
                referral["substatus"].get<std::string>());
    seen.insert(referral["type"]);
    seen.insert(referral["qualification"]);
    seen.insert(referral["direction"]);
    currencies.insert(referral["details"]["currency"]);
  }
  for (const char* word :
       {"New/Pending", "New/Received", "Active/Accepted", "Closed/Won", "Closed/Lost",
        "Closed/Declined", "Closed/Expired", "Closed/Error", "Independent", "Shared", "Direct",
        "MarketingQualified", "SalesQualified", "Incoming", "Outgoing"})
    EXPECT_TRUE(seen.contains(word)) << word;
  EXPECT_GE(currencies.size(), 10u);
}

TEST_F(SeedTest, TheIrregularitiesOfLiveDataOccur) {
  int null = 0, empty = 0, absent = 0, unknown = 0, long_notes = 0, padded = 0, short_stamp = 0;
  for (const Json& referral : Own()) {
    if (!referral.contains("referralProgram"))
      ++absent;
    else if (referral["referralProgram"].is_null())
      ++null;
    else
      ++empty;
    if (referral.contains("futureMember")) ++unknown;
    const Json notes = referral["details"].value("notes", Json());
    if (notes.is_string() && Utf16Length(notes.get<std::string>()) > 2'000) ++long_notes;
    const std::string created = referral["createdDateTime"];
    if (created.size() == 28 && created.ends_with("0Z")) ++padded;
    if (created.size() == 20) ++short_stamp;
  }
  for (const int count : {null, empty, absent, unknown, long_notes, padded, short_stamp})
    EXPECT_GT(count, 3);
}

TEST_F(SeedTest, PairsKnowEachOtherAndAgree) {
  int pairs = 0;
  for (const Json& referral : Own()) {
    const std::string crm_id =
        referral.contains("externalReferenceId") && referral["externalReferenceId"].is_string()
            ? referral["externalReferenceId"]
            : "";
    if (crm_id.empty()) continue;
    ++pairs;
    const auto row = world.dataverse().Row("opportunities", crm_id);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->Cell("msft_referralidentifier"), referral["id"].get<std::string>());
    EXPECT_EQ(row->Cell("name"), referral["name"].get<std::string>());
    EXPECT_EQ(std::stod(row->Cell("estimatedvalue").value()),
              referral["details"]["dealValue"].get<double>());
    EXPECT_EQ(row->Cell("estimatedclosedate"),
              referral["details"]["closingDateTime"].get<std::string>().substr(0, 10));
    const bool open = referral["status"] != "Closed";
    EXPECT_EQ(row->Cell("statecode") == "0", open) << referral.dump();
  }
  EXPECT_EQ(pairs, summary.pairs);
}

TEST_F(SeedTest, NothingSeededRaisesAnEventOrExpiresAtOnce) {
  EXPECT_TRUE(world.events().deliveries().empty());
  int before = 0, after = 0;
  for (const Json& referral : Own()) before += referral["status"] == "New";
  world.Advance();
  for (const Json& referral : Own()) after += referral["status"] == "New";
  EXPECT_GT(before, 20);
  EXPECT_EQ(before, after);
}

TEST_F(SeedTest, ASeedIsTheSameEverywhere) {
  const auto first = PlanSeed({.seed = 3}, clock.Now());
  const auto second = PlanSeed({.seed = 3}, clock.Now());
  const auto other = PlanSeed({.seed = 4}, clock.Now());
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].referral_id, second[i].referral_id);
    EXPECT_EQ(first[i].notes, second[i].notes);
    EXPECT_EQ(first[i].updated_at, second[i].updated_at);
  }
  EXPECT_NE(first[0].referral_id, other[0].referral_id);
}

}  // namespace
}  // namespace cosell::sandbox

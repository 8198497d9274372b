#include <gtest/gtest.h>

#include <algorithm>

#include "tools/simulation/campaign.h"
#include "tools/simulation/generate.h"
#include "tools/simulation/runner.h"
#include "tools/simulation/service.h"
#include "tools/simulation/shrink.h"

namespace cosell::simulation {
namespace {

constexpr int kHistories = 300;
constexpr int kTwice = 20;

const Workshop& SharedWorkshop() {
  static const Workshop workshop;
  return workshop;
}

sandbox::CrmProduct Dynamics() { return sandbox::CrmProduct::dynamics365; }
sandbox::CrmProduct Salesforce() { return sandbox::CrmProduct::salesforce; }

TEST(HistoriesTest, WhateverHappensEveryPromiseHolds) {
  CampaignOptions options;
  options.seed = 1;
  options.histories = kHistories;
  for (const auto& [name, product] : Products()) options.products.push_back(product);
  std::ostringstream told;
  const Tally tally = RunCampaign(options, told);
  EXPECT_EQ(tally.histories, kHistories);
  EXPECT_EQ(tally.failed, 0) << told.str();
  EXPECT_GT(tally.crashes, 0) << "no history was ever cut off";
  EXPECT_GT(tally.writes, kHistories) << "hardly anything was written";
}

TEST(DeterminismTest, TheSameSeedLeavesTheSameTrace) {
  for (int seed = 1; seed <= kTwice; ++seed) {
    const Script script =
        Generate(static_cast<std::uint64_t>(seed), seed % 2 == 0 ? Dynamics() : Salesforce());
    const Outcome first = RunScript(script, SharedWorkshop());
    const Outcome second = RunScript(script, SharedWorkshop());
    EXPECT_EQ(first.trace, second.trace) << "seed " << seed;
    EXPECT_EQ(first.trace_hash, second.trace_hash);
  }
}

TEST(DeterminismTest, AnotherSeedIsAnotherHistory) {
  const Script one = Generate(1, Dynamics());
  const Script other = Generate(2, Dynamics());
  EXPECT_NE(Describe(one), Describe(other));
  EXPECT_NE(RunScript(one, SharedWorkshop()).trace_hash,
            RunScript(other, SharedWorkshop()).trace_hash);
}

TEST(GenerateTest, TheSameSeedWritesTheSameScript) {
  EXPECT_EQ(Describe(Generate(7, Dynamics())), Describe(Generate(7, Dynamics())));
}

TEST(GenerateTest, AThousandSeedsOfEachCrmUseEveryActAndEverySpot) {
  std::set<Act> acts;
  std::set<Spot> spots;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    const Script script = Generate(seed, seed % 2 == 0 ? Dynamics() : Salesforce());
    for (const Step& step : script.steps) acts.insert(step.act);
    for (const Trouble& trouble : script.troubles) spots.insert(trouble.spot);
  }
  for (int act = 0; act <= static_cast<int>(Act::restore_backup); ++act)
    EXPECT_TRUE(acts.contains(static_cast<Act>(act))) << act;
  for (int spot = 0; spot <= static_cast<int>(Spot::crash_after_store_write); ++spot)
    EXPECT_TRUE(spots.contains(static_cast<Spot>(spot))) << spot;
}

TEST(KeepTest, ATroubleGoesWithItsStep) {
  Script script = Generate(3, Dynamics());
  Trouble trouble;
  trouble.number = 1000;
  trouble.step = script.steps.front().number;
  script.troubles = {trouble};
  std::set<int> numbers = Numbers(script);
  numbers.erase(trouble.step);
  EXPECT_TRUE(Keep(script, numbers).troubles.empty());
  EXPECT_EQ(Keep(script, numbers).steps.size(), script.steps.size() - 1);
  EXPECT_EQ(Keep(script, Numbers(script)).troubles.size(), 1u);
}

// An invented promise that histories do break: the note 'Note that hurts' never reaches Partner
// Center.
bool Hurts(const Script& script) {
  const Outcome outcome = RunScript(script, SharedWorkshop());
  return outcome.end.find("notes: 'Note that hurts'") != std::string::npos;
}

TEST(ShrinkTest, AFailureIsCutDownToWhatItTakes) {
  Script script = Generate(11, Dynamics());
  script.troubles.clear();
  script.steps.clear();
  const auto add = [&](Act act, int deal, const std::string& note = "") {
    Step step;
    step.number = static_cast<int>(script.steps.size()) + 1;
    step.act = act;
    step.deal = deal;
    step.value = note;
    script.steps.push_back(step);
  };
  add(Act::microsoft_sends, 0);
  add(Act::seller_opens, 1);
  add(Act::sweep, 0);
  add(Act::seller_edits, 1, "Harmless");
  add(Act::poll, 0);
  add(Act::partner_accepts, 0);
  add(Act::restart, 0);
  add(Act::seller_edits, 0, "Note that hurts");
  add(Act::poll, 0);
  add(Act::sweep, 0);
  ASSERT_TRUE(Hurts(script));
  const Script small = Shrink(script, Hurts);
  EXPECT_TRUE(Hurts(small));
  // The referral, a round that brings it to the CRM, the accept and the note.
  EXPECT_EQ(small.steps.size(), 4u) << Describe(small);
}

TEST(TallyTest, TheTableShowsEveryPromiseAlsoTheKeptOnes) {
  Tally tally;
  tally.histories = 2;
  tally.failed = 1;
  tally.mean_ms = 6;
  tally.violations = {{"I2 doubled", 1}};
  const std::string table = TableOf(tally);
  EXPECT_NE(table.find("I2 doubled              1"), std::string::npos) << table;
  EXPECT_NE(table.find("I1 lost                 0"), std::string::npos) << table;
  EXPECT_NE(table.find("ms per history, mean    6.00"), std::string::npos) << table;
  EXPECT_NE(JsonOf(tally).find("\"failed\":1"), std::string::npos);
}

TEST(TallyTest, ProcessesAreSummedUp) {
  Tally one;
  one.histories = 1;
  one.mean_ms = 10;
  one.elapsed_s = 3;
  Tally other;
  other.histories = 3;
  other.failed = 1;
  other.mean_ms = 2;
  other.elapsed_s = 1;
  other.violations = {{"I4 echo", 1}};
  const Tally sum = SumOf({JsonOf(one), JsonOf(other)});
  EXPECT_EQ(sum.histories, 4);
  EXPECT_EQ(sum.failed, 1);
  EXPECT_EQ(sum.violations.at("I4 echo"), 1);
  EXPECT_DOUBLE_EQ(sum.mean_ms, 4);
  EXPECT_DOUBLE_EQ(sum.elapsed_s, 3);
  EXPECT_THROW(SumOf({"not a document"}), std::runtime_error);
}

}  // namespace
}  // namespace cosell::simulation

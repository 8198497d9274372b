#include <gtest/gtest.h>

#include <array>

#include "stories.h"
#include "tools/simulation/runner.h"
#include "tools/simulation/service.h"

// Every story is told without a crash, and then with one at every remote write, before it is sent,
// after it took effect, after its answer and after it was recorded. It must end the same.
namespace cosell::simulation {
namespace {

constexpr std::array<Spot, 4> kSpots = {Spot::crash_before_send, Spot::crash_after_effect,
                                        Spot::crash_after_answer, Spot::crash_after_commit};

const Workshop& SharedWorkshop() {
  static const Workshop workshop;
  return workshop;
}

Script WithCrash(Script script, Spot spot, int nth) {
  Trouble crash;
  crash.number = static_cast<int>(script.steps.size()) + 1;
  crash.step = script.steps.back().number;
  crash.spot = spot;
  crash.nth = nth;
  script.troubles = {crash};
  return script;
}

std::string Text(const Violations& violations) {
  std::string text;
  for (const Violation& violation : violations)
    text += violation.invariant + ": " + violation.text + "\n";
  return text;
}

class CrashTest : public testing::TestWithParam<Story> {
 protected:
  static void TellEverywhere(const Story& story, sandbox::CrmProduct product) {
    const Script script = ScriptOf(story, product);
    const Outcome whole = RunScript(script, SharedWorkshop());
    EXPECT_TRUE(whole.violations.empty())
        << Describe(script) << Text(whole.violations) << whole.reasons;
    for (int write = 1; write <= whole.remote_writes_of_last_step; ++write) {
      for (const Spot spot : kSpots) Compare(whole, WithCrash(script, spot, write));
    }
  }

  static void Compare(const Outcome& whole, const Script& script) {
    const Outcome cut = RunScript(script, SharedWorkshop());
    EXPECT_EQ(cut.crashes, 1) << Describe(script);
    EXPECT_TRUE(cut.violations.empty()) << Describe(script) << Text(cut.violations) << cut.reasons;
    EXPECT_EQ(cut.end, whole.end) << Describe(script) << cut.reasons;
  }
};

TEST_P(CrashTest, EndsAsIfNothingHadHappened) {
  for (const auto& [name, product] : Products()) TellEverywhere(GetParam(), product);
}

std::string NameOf(const testing::TestParamInfo<Story>& info) {
  std::string name;
  bool upper = true;
  for (const char c : info.param.name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) name += upper && c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = !letter && c != '\'';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(EveryStory, CrashTest, testing::ValuesIn(Stories()), NameOf);

TEST(CrashCountTest, TheStoriesWriteEnoughToBeWorthIt) {
  EXPECT_GE(Stories().size(), 60u);
  int writes = 0;
  for (const Story& story : Stories()) {
    writes += RunScript(ScriptOf(story, sandbox::CrmProduct::dynamics365), SharedWorkshop())
                  .remote_writes_of_last_step;
  }
  EXPECT_GE(writes, 60);
}

}  // namespace
}  // namespace cosell::simulation

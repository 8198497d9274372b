// A company with a past: hundreds of deals in every state on both sides, in many currencies and
// alphabets.

#include <set>

#include "system/installation.h"

namespace cosell::system_test {
namespace {

constexpr int kPairs = 300;

class VolumeTest : public testing::Test {
 protected:
  VolumeTest()
      : here_({{"--pairs", std::to_string(kPairs)}, [](Json& configuration) {
                 configuration["connections"][0]["schedule"] = {{"poll_interval_s", 1},
                                                                {"sweep_interval_s", 0}};
               }}) {
    here_.remote().Switch({{"microsoft_decision", "none"}});
  }

  // One sweep without a daemon; its exit code is that of its outcome.
  Json Sweep() const {
    const CommandResult result = here_.Command({"--json", "sync"});
    const Json round = Json::parse(result.output).at(0);
    EXPECT_EQ(result.exit_code, round["exit_code"]) << result.errors;
    return round;
  }
  int PairsInStep() const {
    return here_.database().Count(
        "SELECT count(*) FROM links WHERE referral_id IS NOT NULL AND crm_id IS NOT NULL AND "
        "state IN ('in_sync', 'closed')");
  }
  CommandResult Shell(const std::string& query) const {
    return RunCommand({"sqlite3", "-readonly", here_.database().file(), query});
  }

  Installation here_;
};

TEST_F(VolumeTest, OneSweepFromEmptyBringsEverythingInStepAndTheSecondWritesNothing) {
  const Json seeded = here_.remote().settings()["seeded"];
  ASSERT_GE(seeded["pairs"], kPairs);
  const Json first = Sweep();
  EXPECT_EQ(first["outcome"], "done") << first;
  EXPECT_GE(PairsInStep(), seeded["pairs"].get<int>() + seeded["shareable"].get<int>());
  EXPECT_EQ(here_.database().Value("SELECT open_conflicts FROM sync_status"), "0");
  // The seed has a few deals in a currency the organisation does not know; they alone fail.
  const std::string aside = "SELECT count(*) FROM links WHERE state = 'quarantined'";
  EXPECT_EQ(here_.database().Count(aside), first["failed"]) << first;
  EXPECT_EQ(here_.database().Count(aside + " AND reason NOT LIKE '%no currency TRY%'"), 0);
  const int writes = here_.remote().Writes();
  EXPECT_EQ(Sweep()["written"], 0);
  EXPECT_EQ(here_.remote().Writes(), writes);
}

TEST_F(VolumeTest, PairsThatAgreeAreAdoptedWithoutAWrite) {
  ASSERT_EQ(Sweep()["outcome"], "done");
  // The seeded pairs: those that no audit entry mentions.
  const int adopted = here_.database().Count(
      "SELECT count(*) FROM links WHERE referral_id IS NOT NULL AND crm_id IS NOT NULL AND crm_id "
      "NOT IN (SELECT record_id FROM audit_log WHERE record_id IS NOT NULL) AND referral_id NOT IN "
      "(SELECT referral_id FROM audit_log WHERE referral_id IS NOT NULL)");
  EXPECT_EQ(adopted, here_.remote().settings()["seeded"]["pairs"]);
}

TEST_F(VolumeTest, TheShellReadsEveryViewWhileTheDaemonWorks) {
  here_.StartDaemon();
  const std::vector<std::string> views = {"links",          "audit_log",   "field_history",
                                          "open_conflicts", "sync_status", "sync_runs"};
  int round = 0;
  ASSERT_TRUE(WaitUntil(
      [&] {
        const auto answer = Shell("SELECT count(*) FROM " + views[round++ % views.size()]);
        EXPECT_EQ(answer.exit_code, 0) << answer.errors;
        return PairsInStep() >= kPairs;
      },
      "the pairs are in step"));
  for (const std::string& view : views) {
    const auto answer = Shell("SELECT * FROM " + view);
    EXPECT_EQ(answer.exit_code, 0) << view << ": " << answer.errors;
  }
  EXPECT_EQ(Shell("SELECT mode, state FROM sync_status").output, "live|ready\n");
  const auto verified = Shell(".read " COSELL_SOURCE_DIR "/schema/verify_audit.sql");
  EXPECT_EQ(verified.exit_code, 0) << verified.errors;
  EXPECT_EQ(verified.output, "") << "the first bad entry of the audit";
  EXPECT_TRUE(here_.LogIsClean());
}

TEST_F(VolumeTest, NothingThatIsNotMeantToLeaveTheCrmLeavesIt) {
  ASSERT_EQ(Sweep()["outcome"], "done");
  std::set<std::string> named;
  for (const Json& referral : here_.remote().Referrals())
    if (referral["externalReferenceId"].is_string()) named.insert(referral["externalReferenceId"]);
  for (const Json& row : here_.remote().Rows("opportunities")) {
    if (row.value("msft_syncwithpartnercenter", "") == "true") continue;
    EXPECT_FALSE(named.contains(row["opportunityid"])) << row["name"];
  }
}

}  // namespace
}  // namespace cosell::system_test

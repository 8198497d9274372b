// The operator's command line, beside a running daemon and without one.

#include <filesystem>

#include "system/installation.h"

namespace cosell::system_test {
namespace {

bool Says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class CommandTest : public testing::Test {
 protected:
  CommandTest()
      : here_({{"--empty"}, [](Json& configuration) {
                 configuration["connections"][0]["schedule"] = {{"poll_interval_s", 0},
                                                                {"sweep_interval_s", 0}};
               }}) {
    here_.remote().Switch({{"microsoft_decision", "none"}});
    here_.remote().LoseAllEvents();  // nothing happens unless a command makes it happen
  }
  RemoteSides& remote() { return here_.remote(); }

  // What `sync` does, told by the remote sides.
  void ExpectSyncBringsAReferral() {
    const std::string referral = remote().MicrosoftSends("Brewhouse telemetry rollout");
    const CommandResult result = here_.Command({"sync"});
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_TRUE(Says(result.output, "contoso: done")) << result.output;
    EXPECT_FALSE(remote().OpportunityOf(referral).empty());
    EXPECT_EQ(here_.CommandJson({"sync", "contoso"})[0]["written"], 0);
  }
  void ExpectPlanShowsTheReferralAndWritesNothing() {
    const std::string referral = remote().MicrosoftSends("Planned only");
    const int writes = remote().Writes();
    const Json plan = here_.CommandJson({"plan", "--out", here_.File("plan.json")});
    ASSERT_EQ(plan["connections"][0]["links"].size(), 1u) << plan;
    const Json& link = plan["connections"][0]["links"][0];
    EXPECT_EQ(link["referral_id"], referral);
    EXPECT_EQ(link["steps"][0]["operation"], "create_crm");
    EXPECT_EQ(Json::parse(ReadText(here_.File("plan.json")))["connections"], plan["connections"]);
    EXPECT_EQ(remote().Writes(), writes);
    EXPECT_TRUE(remote().OpportunityOf(referral).empty());
    remote().PartnerMoves(referral, "decline");
  }

  Installation here_;
};

TEST_F(CommandTest, WrongUsageIsExplainedWithExitCode2) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {},
           {"dance"},
           {"sync", "--surprise"},
           {"show"},
           {"webhook"},
           {"sync", "fabrikam"},
           {"apply"},
           {"conflicts"},
           {"conflicts", "resolve", "1", "deal_value"},
           {"conflicts", "resolve", "1", "deal_value", "--take", "both"},
           {"quarantine", "retry"}}) {
    const CommandResult result = here_.Command(arguments);
    EXPECT_EQ(result.exit_code, 2) << (arguments.empty() ? "(no command)" : arguments[0]);
    EXPECT_FALSE(result.errors.empty());
    EXPECT_EQ(result.output, "");
  }
}

TEST_F(CommandTest, AWrongConfigurationIsExplainedWithExitCode2) {
  here_.Configure([](Json& configuration) {
    configuration["surprise"] = true;
    configuration["connections"][0]["safety"]["change_ratio_max"] = 7;
  });
  const CommandResult result = here_.Command({"status"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(Says(result.errors, "surprise")) << result.errors;
  EXPECT_TRUE(Says(result.errors, "change_ratio_max")) << result.errors;
}

TEST_F(CommandTest, InitWritesAStartAndNeverOverwritesIt) {
  const std::string folder = here_.File("fresh");
  EXPECT_EQ(here_.Command({"init", folder}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder + "/cosell-sync.json"));
  EXPECT_TRUE(std::filesystem::exists(folder + "/mapping.json"));
  WriteText(folder + "/cosell-sync.json", "mine");
  EXPECT_EQ(here_.Command({"init", folder}).exit_code, 2);
  EXPECT_EQ(here_.Command({"init", "--crm", "salesforce", folder + "-salesforce"}).exit_code, 0);
  EXPECT_NE(ReadText(folder + "-salesforce/mapping.json").find("StageName"), std::string::npos);
  EXPECT_EQ(ReadText(folder + "/cosell-sync.json"), "mine");
}

TEST_F(CommandTest, MigrateMakesTheDatabaseAndRefusesARunningOne) {
  const Json made = here_.CommandJson({"migrate"});
  EXPECT_LT(made["from"], made["to"]);
  EXPECT_EQ(here_.CommandJson({"migrate"})["from"], made["to"]);
  here_.StartDaemon();
  EXPECT_EQ(here_.Command({"migrate"}).exit_code, 4);
}

TEST_F(CommandTest, SyncWorksThroughTheDaemonAndWithoutOne) {
  ExpectSyncBringsAReferral();
  here_.StartDaemon();
  ExpectSyncBringsAReferral();
}

TEST_F(CommandTest, PlanWorksThroughTheDaemonAndWithoutOne) {
  ExpectPlanShowsTheReferralAndWritesNothing();
  EXPECT_EQ(here_.Command({"sync"}).exit_code, 0);
  here_.StartDaemon();
  ASSERT_TRUE(here_.HasLookedAround());
  ExpectPlanShowsTheReferralAndWritesNothing();
}

TEST_F(CommandTest, SyncSaysWhenARemoteSideIsAway) {
  EXPECT_EQ(here_.Command({"sync"}).exit_code, 0);
  here_.StopRemoteSides();
  const CommandResult result = here_.Command({"sync"});
  EXPECT_EQ(result.exit_code, 3) << result.errors;
  EXPECT_FALSE(result.errors.empty());
}

TEST_F(CommandTest, ADatabaseThatCannotBeReadIsExitCode4) {
  WriteText(here_.database().file(), std::string(8'192, 'x'));
  const CommandResult result = here_.Command({"status"});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_TRUE(Says(result.errors, here_.database().file())) << result.errors;
}

TEST_F(CommandTest, CheckFindsEverythingWell) {
  here_.StartDaemon();
  ASSERT_TRUE(WaitUntil([&] { return here_.IsRegistered(); }, "the webhook is registered"));
  for (const Json& finding : here_.CommandJson({"check"})) {
    const std::string result = finding["result"];
    EXPECT_TRUE(result == "ok" || result == "note" || result == "hint") << finding;
  }
  const CommandResult text = here_.Command({"check", "contoso"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_TRUE(Says(text.output, "Partner Center")) << text.output;
}

TEST_F(CommandTest, CheckSaysWhatIsWrongAndHowToMendIt) {
  WriteText(here_.File("secrets/crm-client-secret"), "outdated");
  const CommandResult result = here_.Command({"check"});
  EXPECT_EQ(result.exit_code, 1) << result.output;
  EXPECT_TRUE(Says(result.output, "problem")) << result.output;
  EXPECT_FALSE(Says(result.output + result.errors, "outdated"));
}

TEST_F(CommandTest, StatusTellsHowTheConnectionStands) {
  here_.StartDaemon();
  remote().MicrosoftSends("Brewhouse telemetry rollout");
  EXPECT_EQ(here_.Command({"sync"}).exit_code, 0);
  const Json status = here_.CommandJson({"status"});
  EXPECT_EQ(status["daemon_runs"], true);
  EXPECT_EQ(status["connections"][0]["connection"], "contoso");
  EXPECT_EQ(status["connections"][0]["state"], "ready");
  EXPECT_EQ(status["connections"][0]["links_by_state"]["in_sync"], 1);
  here_.StopDaemon();
  EXPECT_EQ(here_.CommandJson({"status"})["daemon_runs"], false);
  EXPECT_TRUE(Says(here_.Command({"status"}).output, "The daemon is not running"));
}

TEST_F(CommandTest, ShowTellsBothSidesOfADealByEitherId) {
  const std::string referral = remote().MicrosoftSends("Brewhouse telemetry rollout");
  EXPECT_EQ(here_.Command({"sync"}).exit_code, 0);
  const std::string opportunity = remote().OpportunityOf(referral);
  for (const std::string& id : {referral, opportunity}) {
    const Json shown = here_.CommandJson({"show", id});
    EXPECT_EQ(shown["referral_id"], referral);
    EXPECT_EQ(shown["crm_id"], opportunity);
    EXPECT_EQ(shown["base"]["partner_center"]["deal_value"], "84500");
    EXPECT_EQ(shown["partner_center"]["record"]["name"], "Brewhouse telemetry rollout");
  }
  EXPECT_TRUE(Says(here_.Command({"show", referral}).output, "84500"));
  EXPECT_EQ(here_.Command({"show", "00000000-0000-0000-0000-000000000000"}).exit_code, 2);
}

TEST_F(CommandTest, WebhookRegistersShowsAndTests) {
  const std::string ours = remote().service_url() + "/webhooks/contoso/partner-center";
  EXPECT_TRUE(here_.CommandJson({"webhook", "show", "contoso"}).is_null());
  EXPECT_EQ(here_.CommandJson({"webhook", "register", "contoso"})["url"], ours);
  EXPECT_EQ(here_.CommandJson({"webhook", "show", "contoso"})["events"].size(), 5u);
  remote().Switch({{"event_lost_percent", 0}});
  here_.StartDaemon();
  EXPECT_EQ(here_.CommandJson({"webhook", "test", "contoso"})["arrived"], true);
}

TEST_F(CommandTest, AForeignWebhookIsShownAndDisplacedOnlyOnRequest) {
  const std::string ours = remote().service_url();
  here_.Configure([](Json& configuration) {
    configuration["server"]["public_url"] = "https://hooks.tailspin.example";
  });
  EXPECT_EQ(here_.Command({"webhook", "register", "contoso"}).exit_code, 0);
  here_.Configure([&](Json& configuration) { configuration["server"]["public_url"] = ours; });
  const CommandResult refused = here_.Command({"webhook", "register", "contoso"});
  EXPECT_EQ(refused.exit_code, 5);
  EXPECT_TRUE(Says(refused.errors, "hooks.tailspin.example")) << refused.errors;
  EXPECT_EQ(here_.Command({"webhook", "register", "contoso", "--overwrite"}).exit_code, 0);
  EXPECT_TRUE(Says(remote().Overview()["registered_webhook"], ours));
}

}  // namespace
}  // namespace cosell::system_test

// From nothing to a connection: what a person does on the first day, with the real programs.

#include <filesystem>
#include <regex>

#include "net/https_transport.h"
#include "system/installation.h"

namespace cosell::system_test {
namespace {

bool Says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void Quiet(Json& configuration) {
  configuration["connections"][0]["schedule"] = {{"poll_interval_s", 0}, {"sweep_interval_s", 0}};
}

// --- crm prepare

class PrepareTest : public testing::TestWithParam<std::string> {
 protected:
  PrepareTest() : here_({{"--bare", "--crm", GetParam()}, Quiet}) {}

  // Creations the CRM has seen, in its own log.
  std::size_t Creations() {
    const std::string service = GetParam() == "salesforce" ? "salesforce" : "dataverse";
    std::size_t count = 0;
    for (const Json& entry : here_.remote().Log(service, 0, "POST")) {
      const std::string target = entry["target"];
      count += Says(target, "$batch") || Says(target, "composite") ? 0 : 1;
    }
    return count;
  }

  Installation here_;
};

TEST_P(PrepareTest, ABareCrmIsShownThenMadeReadyThenLeftAlone) {
  const CommandResult before = here_.Command({"check"});
  EXPECT_EQ(before.exit_code, 1) << before.errors;
  EXPECT_TRUE(Says(before.output, "cosell-sync crm prepare")) << before.output;

  const CommandResult shown = here_.Command({"crm", "prepare", "contoso"});
  EXPECT_EQ(shown.exit_code, 1) << shown.errors;
  EXPECT_TRUE(Says(shown.output, "Referral Identifier")) << shown.output;
  EXPECT_TRUE(Says(shown.output, "--apply")) << shown.output;
  EXPECT_EQ(Creations(), 0u);

  const CommandResult made = here_.Command({"crm", "prepare", "contoso", "--apply"});
  EXPECT_EQ(made.exit_code, 0) << made.output << made.errors;
  EXPECT_TRUE(Says(made.output, "by hand")) << made.output;
  const std::size_t creations = Creations();
  EXPECT_GT(creations, 10u);

  const Json again = here_.CommandJson({"crm", "prepare", "contoso", "--apply"});
  EXPECT_TRUE(again["steps"].empty()) << again;
  EXPECT_EQ(Creations(), creations);

  for (const Json& finding : here_.CommandJson({"check"}, GetParam() == "salesforce" ? 0 : 1)) {
    const bool empty_catalogue = finding["subject"] == "solutions";
    EXPECT_TRUE(finding["result"] != "problem" || empty_catalogue) << finding;
  }
  const std::string referral = here_.remote().MicrosoftSends("Brewhouse telemetry rollout");
  EXPECT_EQ(here_.Command({"sync"}).exit_code, 0);
  EXPECT_EQ(here_.database().LinkState(referral), "in_sync");
}

INSTANTIATE_TEST_SUITE_P(EveryCrm, PrepareTest, testing::Values("dynamics365", "salesforce"),
                         [](const auto& info) { return info.param; });

TEST(PrepareTroubleTest, AMissingPrivilegeIsNamedAndTheNextRunGoesOn) {
  Installation here({{"--bare"}, Quiet});
  here.remote().SwitchCrm({{"missing_privileges", {"prvCreateAttribute"}}});
  const CommandResult refused = here.Command({"crm", "prepare", "contoso", "--apply"});
  EXPECT_EQ(refused.exit_code, 1) << refused.errors;
  EXPECT_TRUE(Says(refused.output, "System Customizer")) << refused.output;
  EXPECT_TRUE(Says(refused.output, "not tried")) << refused.output;
  here.remote().SwitchCrm({{"missing_privileges", Json::array()}});
  EXPECT_EQ(here.Command({"crm", "prepare", "contoso", "--apply"}).exit_code, 0);
  here.StopRemoteSides();
  EXPECT_EQ(here.Command({"crm", "prepare", "contoso"}).exit_code, 3);
}

// --- auth login

class LoginTest : public testing::Test {
 protected:
  LoginTest() : here_({{"--empty"}, Quiet}) {}

  void Begin(const std::vector<std::string>& arguments) {
    std::vector<std::string> command = {BuiltProgram("cosell-sync"),
                                        "--config",
                                        here_.configuration_file(),
                                        "auth",
                                        "login",
                                        "contoso"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    login_ =
        std::make_unique<ChildProcess>(command, here_.File("login.out"), here_.File("login.err"));
  }
  // The first piece of what the person reads that looks like this.
  std::string Reads(const std::string& pattern) {
    const std::regex wanted(pattern);
    std::smatch found;
    std::string text;
    EXPECT_TRUE(WaitUntil(
        [&] {
          text = ReadText(here_.File("login.err"));
          return std::regex_search(text, found, wanted);
        },
        "the person is shown " + pattern))
        << text;
    return found.str();
  }
  // Follows the sign-in as a browser does; what the page says.
  std::string Browser(const std::string& url) {
    const auto answer = here_.remote().transport().Send({"GET", url, {}, ""});
    if (!answer || answer->status != 302) {
      ADD_FAILURE() << (answer ? answer->body : Describe(answer.error()));
      return "";
    }
    std::string location(net::FindHeader(answer->headers, "Location").value_or(""));
    const std::string name = "http://localhost";
    if (location.starts_with(name)) location.replace(0, name.size(), "http://127.0.0.1");
    const auto plain = net::MakeHttpsTransport({}, /*allow_plain_http=*/true);
    const auto page = plain->Send({"GET", location, {}, ""});
    return page ? page->body : Describe(page.error());
  }
  std::string token_file() const { return here_.File("secrets/partner-refresh-token"); }
  std::string Output() {
    return ReadText(here_.File("login.out")) + ReadText(here_.File("login.err"));
  }

  Installation here_;
  std::unique_ptr<ChildProcess> login_;
};

TEST_F(LoginTest, AtABrowserItLeavesATokenForItsOwnerAlone) {
  WriteText(token_file(), "worn out");
  EXPECT_EQ(here_.Command({"check"}).exit_code, 1);
  Begin({});
  const std::string page = Browser(Reads("https://[^ \n]*/authorize[^ \n]*"));
  EXPECT_TRUE(Says(page, "You may close this window")) << page;
  EXPECT_EQ(login_->WaitForEnd(kPatience), 0) << Output();
  const std::string token = ReadText(token_file());
  EXPECT_NE(token, "worn out");
  EXPECT_FALSE(Says(Output(), token.substr(0, token.size() - 1)));
  EXPECT_EQ(std::filesystem::status(token_file()).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_TRUE(Says(Output(), "lets us in")) << Output();
  EXPECT_EQ(here_.Command({"sync"}).exit_code, 0);
}

TEST_F(LoginTest, OnAnotherDeviceWithACode) {
  WriteText(token_file(), "worn out");
  Begin({"--device-code"});
  const std::string code = Reads("C[0-9]{8}");
  here_.remote().Ask("POST", "/device-codes", {{"user_code", code}});
  EXPECT_EQ(login_->WaitForEnd(kPatience), 0) << Output();
  EXPECT_EQ(here_.Command({"sync"}).exit_code, 0);
}

TEST_F(LoginTest, ASignInWithoutSecondFactorIsStoredAndSaid) {
  Begin({"--device-code"});
  here_.remote().Ask("POST", "/device-codes", {{"user_code", Reads("C[0-9]{8}")}, {"mfa", false}});
  EXPECT_EQ(login_->WaitForEnd(kPatience), 1) << Output();
  EXPECT_TRUE(Says(Output(), "multi-factor")) << Output();
  EXPECT_EQ(here_.Command({"check"}).exit_code, 1);
}

TEST_F(LoginTest, ATokenThatCannotBeStoredIsPrintedOnlyWhenAskedFor) {
  here_.Configure([](Json& configuration) {
    configuration["connections"][0]["partner_center"]["auth"]["refresh_token"] = {
        {"env", "COSELL_TEST_REFRESH_TOKEN"}};
  });
  const CommandResult refused = here_.Command({"auth", "login", "contoso"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(Says(refused.errors, "COSELL_TEST_REFRESH_TOKEN")) << refused.errors;
  Begin({"--device-code", "--print"});
  here_.remote().Ask("POST", "/device-codes", {{"user_code", Reads("C[0-9]{8}")}});
  EXPECT_EQ(login_->WaitForEnd(kPatience), 0) << Output();
  EXPECT_TRUE(Says(ReadText(here_.File("login.out")), "0.AX")) << Output();
}

TEST_F(LoginTest, AGrantThatNeedsNoneSaysSo) {
  const CommandResult refused = here_.Command({"auth", "login", "contoso", "--side", "crm"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(Says(refused.errors, "client_credentials")) << refused.errors;
}

// --- check

class CheckTest : public testing::Test {
 protected:
  CheckTest() : here_({{"--empty", "--simulated-clock"}, Quiet}) {}

  // What stands about a subject, "result: text" each.
  std::string About(const std::string& subject, int exit_code) {
    std::string lines;
    for (const Json& finding : here_.CommandJson({"check"}, exit_code)) {
      if (finding["subject"] != subject) continue;
      lines +=
          finding["result"].get<std::string>() + ": " + finding["text"].get<std::string>() + "\n";
    }
    return lines;
  }
  void Forces(int code) {
    here_.remote().Ask("POST", "/token-errors",
                       {{"who", here_.remote().settings()["accounts"]["user_name"]},
                        {"code", code},
                        {"times", 0}});
  }

  Installation here_;
};

TEST_F(CheckTest, EachRefusedSignInSaysHowToMendIt) {
  const std::pair<int, const char*> refusals[] = {
      {50076, "auth login"}, {65001, "administrator must grant"}, {700082, "auth login"}};
  for (const auto& [code, mend] : refusals) {
    Forces(code);
    const std::string said = About("Partner Center", 1);
    EXPECT_TRUE(Says(said, "AADSTS" + std::to_string(code))) << said;
    EXPECT_TRUE(Says(said, mend)) << said;
  }
}

TEST_F(CheckTest, AnAccountWithoutRoleIsToldWhichOne) {
  here_.remote().Ask(
      "POST", "/roles",
      {{"user", here_.remote().settings()["accounts"]["user_name"]}, {"role", "none"}});
  EXPECT_TRUE(Says(About("Partner Center", 1), "Referrals admin"));
}

TEST_F(CheckTest, ACurrencyTheCrmLacksIsNamed) {
  const std::string referral = here_.remote().MicrosoftSends("Brewhouse telemetry rollout");
  EXPECT_TRUE(Says(About("currencies", 0), "ok"));
  here_.remote().PartnerSets(referral, "/details/currency", "TRY");
  EXPECT_TRUE(Says(About("currencies", 1), "TRY"));
}

TEST_F(CheckTest, AClockThatIsOffIsSaidForBothSides) {
  here_.remote().MicrosoftSends("Brewhouse telemetry rollout");
  EXPECT_TRUE(Says(About("clock", 0), "agrees with Partner Center"));
  here_.remote().Ask("POST", "/clock", {{"advance_s", 900}});
  const std::string said = About("clock", 1);
  EXPECT_TRUE(Says(said, "behind Partner Center")) << said;
  EXPECT_TRUE(Says(said, "behind Dynamics 365")) << said;
}

TEST_F(CheckTest, AForeignWebhookIsShownWithTheWayToTakeOver) {
  EXPECT_EQ(here_.Command({"webhook", "register", "contoso"}).exit_code, 0);
  EXPECT_TRUE(Says(About("webhook", 0), "ok: registered"));
  here_.Configure([](Json& configuration) {
    configuration["server"]["public_url"] = "https://hooks.contoso.example";
  });
  EXPECT_TRUE(Says(About("webhook", 1), "--overwrite"));
}

TEST_F(CheckTest, ARemoteSideThatIsNotThereIsExitCode3) {
  here_.StopRemoteSides();
  EXPECT_TRUE(Says(About("Partner Center", 3), "unreachable: "));
}

// --- init

TEST(InitTest, OptionsMakeAConfigurationThatIsReadWithoutAComplaint) {
  const test::TempFolder folder;
  const std::vector<std::string> init = {BuiltProgram("cosell-sync"),
                                         "init",
                                         folder.path(),
                                         "--crm-url",
                                         "https://contoso.crm.dynamics.com",
                                         "--tenant",
                                         "contoso.example",
                                         "--client-id",
                                         "00000000-0000-4000-8000-000000000001",
                                         "--crm-client-id",
                                         "00000000-0000-4000-8000-000000000002"};
  const CommandResult made = RunCommand(init);
  EXPECT_EQ(made.exit_code, 0) << made.errors;
  EXPECT_TRUE(Says(made.output, "auth login contoso")) << made.output;
  const CommandResult checked = RunCommand(
      {BuiltProgram("cosell-sync"), "--config", folder.File("cosell-sync.json"), "status"});
  EXPECT_EQ(checked.exit_code, 4) << checked.errors;  // there is no database yet; no complaint
  EXPECT_EQ(RunCommand(init).exit_code, 2) << "over an existing file";
}

TEST(InitTest, WithoutATerminalNothingIsAskedAndWhatIsMissingIsNamed) {
  const test::TempFolder folder;
  const CommandResult result = RunCommand({BuiltProgram("cosell-sync"), "init", folder.path(),
                                           "--crm-url", "https://contoso.crm.dynamics.com"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(Says(result.errors, "--tenant")) << result.errors;
  EXPECT_FALSE(std::filesystem::exists(folder.File("cosell-sync.json")));
}

// --- shadow mode

TEST(ShadowTest, ADaemonInShadowModeSaysSoEverywhereAndWritesNothing) {
  Installation here({{"--empty"}, [](Json& configuration) {
                       configuration["connections"][0]["mode"] = "shadow";
                     }});
  here.StartDaemon();
  ASSERT_TRUE(here.HasLookedAround());
  here.remote().MicrosoftSends("Brewhouse telemetry rollout");
  EXPECT_EQ(here.Command({"sync"}).exit_code, 0);
  const Json status = here.CommandJson({"status"});
  EXPECT_EQ(status["connections"][0]["mode"], "shadow");
  EXPECT_EQ(status["connections"][0]["would_change"], 1);
  EXPECT_TRUE(Says(here.Command({"status"}).output, "shadow mode, nothing is written"));
  const CommandResult plan = here.Command({"plan"});
  EXPECT_TRUE(Says(plan.output, "create the CRM record")) << plan.output;
  EXPECT_TRUE(Says(plan.errors, "shadow mode")) << plan.errors;
  EXPECT_TRUE(Says(here.Log(), "shadow mode: both sides are read")) << here.Log();
  EXPECT_FALSE(here.IsRegistered());
  EXPECT_EQ(here.remote().Writes(), 0);
  here.StopDaemon();
}

}  // namespace
}  // namespace cosell::system_test

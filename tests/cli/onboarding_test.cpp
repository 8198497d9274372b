#include <filesystem>

#include "cli/questions.h"
#include "desk.h"
#include "platform/files.h"

// What a person is asked and told before anything is connected.
namespace cosell::cli {
namespace {

class InitTest : public testing::Test {
 protected:
  // Init with a person who types these lines.
  Outcome Types(const std::string& lines, InitChoice choice = {}) {
    std::istringstream in(lines);
    return Run(choice, &in);
  }
  Outcome Run(InitChoice choice, std::istream* person) {
    choice.folder = folder_.path();
    std::ostringstream out;
    std::ostringstream err;
    std::streambuf* const kept_out = std::cout.rdbuf(out.rdbuf());
    std::streambuf* const kept_err = std::cerr.rdbuf(err.rdbuf());
    Outcome outcome;
    try {
      outcome.exit_code = Init(choice, person, false);
    } catch (const Failure& failure) {
      outcome.exit_code = failure.exit_code;
      err << failure.message;
    }
    std::cout.rdbuf(kept_out);
    std::cerr.rdbuf(kept_err);
    outcome.output = out.str();
    outcome.errors = err.str();
    return outcome;
  }
  app::LoadedConfig Written() { return app::LoadConfig(folder_.File("cosell-sync.json")); }
  bool AnyFile() const { return !std::filesystem::is_empty(folder_.path()); }

  static constexpr const char* kTenant = "5d0f6a1c-7e35-4f0b-9d55-0c1e5a7f2b11";
  static constexpr const char* kClient = "9b2f0d64-1c53-4a78-8e0e-6f7a1d2c3b44";
  test::TempFolder folder_;
};

TEST_F(InitTest, AFewAnswersMakeAConfigurationInShadowMode) {
  const Outcome outcome = Types(std::string("\nhttps://contoso.crm.dynamics.com\n\n") + kTenant +
                                "\n" + kClient + "\n\n\nhttps://hooks.contoso.example\nno\n");
  ASSERT_EQ(outcome.exit_code, kDone) << outcome.errors;
  const auto loaded = Written();
  ASSERT_TRUE(loaded.ok()) << Describe(loaded.problems.front());
  EXPECT_TRUE(loaded.warnings.empty());
  const auto& connection = loaded.config.connections.at(0);
  EXPECT_TRUE(connection.shadow);
  EXPECT_EQ(connection.name.text, "contoso");
  EXPECT_EQ(connection.crm.url, "https://contoso.crm.dynamics.com");
  EXPECT_EQ(connection.crm.auth.tenant_id, kTenant);
  EXPECT_EQ(connection.crm.auth.client_id, kClient);
  EXPECT_FALSE(connection.crm.leads());
  EXPECT_EQ(loaded.config.server.public_url, "https://hooks.contoso.example");
  EXPECT_EQ(connection.partner_center.auth.refresh_token.file,
            folder_.File("secrets/partner-refresh-token"));
}

TEST_F(InitTest, AWrongAnswerIsAskedAgainWithTheReason) {
  const Outcome outcome =
      Types(std::string("siebel\nsalesforce\nhttp://plain\nhttps://contoso.my.salesforce.com\n"
                        "two words\nnorthwind\nnowhere\n") +
            kTenant + "\nnot a guid\n" + kClient + "\n\n3MVG9contoso.key\n\n\nmaybe\nyes\n");
  ASSERT_EQ(outcome.exit_code, kDone) << outcome.errors;
  for (const char* reason :
       {"dynamics365, salesforce or rest", "without a path", "letters, digits", "domain names",
        "a GUID is wanted", "an answer is needed", "yes or no"}) {
    EXPECT_TRUE(Says(outcome.errors, reason)) << reason;
  }
  const auto loaded = Written();
  ASSERT_TRUE(loaded.ok()) << Describe(loaded.problems.front());
  EXPECT_EQ(loaded.config.connections.at(0).crm.kind, app::CrmKind::salesforce);
  EXPECT_TRUE(loaded.config.connections.at(0).crm.leads());
}

TEST_F(InitTest, WhatTheCommandLineSaysIsNotAsked) {
  InitChoice choice;
  choice.crm_kind = "dynamics365";
  choice.crm_url = "https://contoso.crm.dynamics.com";
  choice.tenant_id = kTenant;
  choice.client_id = kClient;
  choice.crm_client_id = kClient;
  choice.name = "fabrikam";
  choice.secrets_folder = "keys";
  choice.public_url = "https://hooks.contoso.example";
  choice.without_leads = true;
  const Outcome outcome = Types("", choice);
  EXPECT_EQ(outcome.exit_code, kDone) << outcome.errors;
  EXPECT_TRUE(std::filesystem::is_directory(folder_.File("keys")));
}

TEST_F(InitTest, APersonWhoLeavesGetsNoHalfConfiguration) {
  const Outcome outcome = Types("dynamics365\n");
  EXPECT_EQ(outcome.exit_code, kUsage);
  EXPECT_TRUE(Says(outcome.errors, "nothing was written"));
  EXPECT_FALSE(AnyFile());
}

TEST_F(InitTest, AnExistingConfigurationIsLeftAloneBeforeAnythingIsAsked) {
  std::ofstream(folder_.File("cosell-sync.json")) << "mine";
  const Outcome outcome = Types("dynamics365\n");
  EXPECT_EQ(outcome.exit_code, kUsage);
  EXPECT_FALSE(Says(outcome.errors, "Which CRM"));
  EXPECT_EQ(platform::ReadFile(folder_.File("cosell-sync.json")).value(), "mine");
}

TEST_F(InitTest, WithNothingSaidTheCommentedExampleIsWritten) {
  const Outcome outcome = Run({}, nullptr);
  EXPECT_EQ(outcome.exit_code, kDone) << outcome.errors;
  EXPECT_EQ(platform::ReadFile(folder_.File("cosell-sync.json")).value(), app::StarterConfig());
}

// The machine's part of `check`; both remote sides of this desk are nowhere.
class CheckTest : public Desk {
 protected:
  // "result: text" of every finding about a subject.
  std::vector<std::string> About(const std::string& subject) {
    const Outcome outcome = Run([](Session& session) { return Check(session, "contoso"); }, true);
    exit_code_ = outcome.exit_code;
    std::vector<std::string> lines;
    for (const Json& finding : outcome.document()) {
      if (finding["subject"] != subject) continue;
      lines.push_back(finding["result"].get<std::string>() + ": " +
                      finding["text"].get<std::string>());
    }
    return lines;
  }
  bool Any(const std::vector<std::string>& lines, const std::string& part) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return Says(line, part); });
  }
  int exit_code_ = -1;
};

TEST_F(CheckTest, ASecretThatIsNotSetIsNamedByItsPlaceInTheConfiguration) {
  const auto lines = About("secrets");
  EXPECT_TRUE(Any(lines, "problem: partner_center.auth.client_secret"));
  EXPECT_TRUE(Any(lines, "COSELL_TEST_SECRET"));
}

TEST_F(CheckTest, ASecretOthersCanReadIsAProblem) {
  WriteFile("secret", "s3cret");
  Json config = Json::parse(ReadFile("cosell-sync.json"));
  config["connections"][0]["crm"]["auth"]["client_secret"] = {{"file", "secret"}};
  WriteFile("cosell-sync.json", config.dump());
  std::filesystem::permissions(File("secret"), std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  EXPECT_TRUE(Any(About("secrets"), "can be read by other accounts"));
  std::filesystem::permissions(File("secret"), std::filesystem::perms::owner_read);
  EXPECT_FALSE(Any(About("secrets"), "can be read by other accounts"));
}

TEST_F(CheckTest, ADatabaseThatIsNotThereYetIsNoProblem) {
  EXPECT_TRUE(Any(About("database"), "note: "));
  EXPECT_NE(exit_code_, kDatabase);
}

TEST_F(CheckTest, ADatabaseThatIsNoneIsTheWorst) {
  WriteFile("cosell-sync.db", std::string(8'192, 'x'));
  EXPECT_TRUE(Any(About("database"), "failed: "));
  EXPECT_EQ(exit_code_, kDatabase);
}

TEST_F(CheckTest, AGoodDatabaseAndTheDaemonAreSaid) {
  HoldDatabase();
  EXPECT_TRUE(Any(About("database"), "ok: "));
  EXPECT_TRUE(Any(About("daemon"), "is running"));
}

TEST(ObjectionTest, AddressesAreOrigins) {
  EXPECT_FALSE(HttpsAddress("https://contoso.crm.dynamics.com").has_value());
  for (const char* wrong : {"", "contoso.crm.dynamics.com", "http://contoso.example",
                            "https://contoso.example/path", "https://contoso.example/"}) {
    EXPECT_TRUE(HttpsAddress(wrong).has_value()) << wrong;
  }
  EXPECT_FALSE(HttpsAddressOrNone("").has_value());
}

}  // namespace
}  // namespace cosell::cli

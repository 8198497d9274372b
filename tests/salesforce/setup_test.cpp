#include "crm/salesforce/salesforce_setup.h"

#include <gtest/gtest.h>

#include "scripted_api.h"
#include "support/fake_clock.h"
#include "support/recording_log.h"
#include "tools/sandbox/salesforce/salesforce_world.h"

// Getting an organisation ready, judged by the organisation itself.
namespace cosell::test {
namespace {

// The calls of an adapter, handed to an emulated organisation.
class LiveApi final : public net::ApiClient {
 public:
  explicit LiveApi(sandbox::SalesforceWorld& world) : world_(world) {}
  Result<net::ApiAnswer> Send(const net::ApiCall& call) override {
    net::HttpRequest request = call.request;
    request.headers.emplace_back("Authorization", "Bearer good");
    if (request.method == "POST") posts.push_back(request.url);
    net::ApiAnswer answer;
    answer.response = world_.Handle(request);
    answer.clock_offset = std::chrono::milliseconds(0);
    return answer;
  }
  std::vector<std::string> posts;

 private:
  sandbox::SalesforceWorld& world_;
};

sandbox::SalesforceWorldOptions Bare() {
  sandbox::SalesforceWorldOptions options;
  options.without_fields = {"Sync_with_Partner_Center__c",
                            "Referral_Identifier__c",
                            "Referral_Link__c",
                            "How_can_Microsoft_help__c",
                            "Referral_Visibility__c",
                            "Microsoft_CRM_Identifier__c",
                            "Referral_Program__c",
                            "Products__c",
                            "Audit__c"};
  return options;
}

class SetupTest : public ::testing::Test {
 protected:
  explicit SetupTest(sandbox::SalesforceWorldOptions organization = Bare())
      : world(
            kInstance, clock, random,
            [](std::string_view authorization) -> std::optional<std::string> {
              if (authorization == "Bearer good") return "0055g00000DnYxEAAV";
              return std::nullopt;
            },
            std::move(organization)) {
    options.leads = true;
  }

  CrmSetup& Administrator() {
    if (!setup_) setup_ = MakeSalesforceSetup(api, tokens, options, clock, log);
    return *setup_;
  }
  std::vector<SetupStep> Plan() {
    const auto plan = Administrator().Plan();
    EXPECT_TRUE(plan.ok()) << (plan ? "" : Describe(plan.error()));
    return plan ? *plan : std::vector<SetupStep>{};
  }
  Status Apply() {
    for (const SetupStep& step : Plan()) {
      if (!step.obstacle.empty()) continue;
      if (Status made = Administrator().Make(step); !made) return made;
    }
    return Administrator().Publish();
  }
  CrmSchema Schema() {
    const auto crm = MakeSalesforceClient(api, tokens, options, clock, random, log);
    const auto schema = crm->Describe(false);
    EXPECT_TRUE(schema.ok());
    return schema ? *schema : CrmSchema{};
  }
  std::vector<std::string> Ids() {
    std::vector<std::string> ids;
    for (const SetupStep& step : Plan()) ids.push_back(step.id);
    return ids;
  }
  SetupFinding::Kind Finding(const std::string& subject) {
    const auto inspection = Administrator().Inspect();
    EXPECT_TRUE(inspection.ok());
    for (const SetupFinding& each : inspection ? inspection->findings : std::vector<SetupFinding>{})
      if (each.subject == subject) return each.kind;
    ADD_FAILURE() << "nothing is said about " << subject;
    return SetupFinding::Kind::hint;
  }

  FakeClock clock;
  SeededRandom random{7};
  RecordingLog log;
  sandbox::SalesforceWorld world;
  LiveApi api{world};
  SignedIn tokens;
  SalesforceOptions options;

 private:
  std::unique_ptr<CrmSetup> setup_;
};

TEST_F(SetupTest, LookingChangesNothing) {
  EXPECT_EQ(Plan().size(), 28u);  // permission set, assignment, 9 + 4 fields, access to each
  EXPECT_TRUE(api.posts.empty());
}

TEST_F(SetupTest, ABareOrganisationGetsTheFieldsByTheirUsualNames) {
  const Status applied = Apply();
  ASSERT_TRUE(applied.ok()) << Describe(applied.error());
  const CrmSchema schema = Schema();
  EXPECT_EQ(schema.roles.at("sync"), "Sync_with_Partner_Center__c");
  EXPECT_EQ(schema.columns.at("Referral_Identifier__c").length_max, 100u);
  EXPECT_EQ(schema.columns.at("Audit__c").length_max, 100'000u);
  EXPECT_EQ(schema.columns.at("How_can_Microsoft_help__c").choices.size(), 6u);
  for (const char* role :
       {"referral_link", "visibility", "products", "microsoft_crm_id", "program"})
    EXPECT_TRUE(schema.roles.contains(role)) << role;
  ASSERT_TRUE(schema.lead.has_value());
  for (const char* role : {"sync", "referral_id", "referral_link", "audit"})
    EXPECT_TRUE(schema.lead->roles.contains(role)) << role;
  EXPECT_TRUE(schema.problems.empty()) << schema.problems.front();
}

TEST_F(SetupTest, ASecondRunHasNothingToDo) {
  ASSERT_TRUE(Apply().ok());
  api.posts.clear();
  EXPECT_TRUE(Plan().empty());
  ASSERT_TRUE(Apply().ok());
  EXPECT_TRUE(api.posts.empty());
}

TEST_F(SetupTest, AFailureHalfWayIsTakenUpWhereItEnded) {
  sandbox::SalesforceFault fault;
  fault.status = 400;
  fault.error_code = "FIELD_INTEGRITY_EXCEPTION";
  fault.method = "POST";
  fault.path_contains = "FieldPermissions";
  world.Inject(fault);
  EXPECT_EQ(Apply().error().kind, ErrorKind::refused);
  const auto left = Ids();  // the fields are there, hidden
  EXPECT_EQ(left.size(), 13u);
  EXPECT_EQ(left.front(), "access Opportunity.Sync_with_Partner_Center__c");
  ASSERT_TRUE(Apply().ok());
  EXPECT_TRUE(Plan().empty());
}

TEST_F(SetupTest, AMissingPermissionNamesWhatToGive) {
  world.switches().missing_permissions = {"CustomizeApplication"};
  const Status applied = Apply();
  ASSERT_FALSE(applied.ok());
  EXPECT_EQ(applied.error().kind, ErrorKind::forbidden);
  EXPECT_NE(applied.error().message.find("Customize Application"), std::string::npos);
}

TEST_F(SetupTest, AnOverrideThatLeadsNowhereIsAnObstacle) {
  options.fields["audit"] = "Trail__c";
  const auto steps = Plan();
  const auto audit = std::find_if(steps.begin(), steps.end(), [](const SetupStep& step) {
    return step.id == "field Opportunity.Audit__c";
  });
  ASSERT_NE(audit, steps.end());
  EXPECT_NE(audit->obstacle.find("crm.fields.audit"), std::string::npos);
}

TEST_F(SetupTest, ThePicklistTakesItsOwnValuesAlone) {
  ASSERT_TRUE(Apply().ok());
  const std::string person = world.people().front();
  const auto deal = [](const char* help) {
    return Json{{"Name", "Yard planning pilot"},
                {"StageName", "Qualification"},
                {"CloseDate", "2026-12-15"},
                {"How_can_Microsoft_help__c", help}}
        .dump();
  };
  EXPECT_TRUE(world.Create(person, "Opportunity", deal("Quotes or Licensing")).ok());
  EXPECT_FALSE(world.Create(person, "Opportunity", deal("Anything else")).ok());
}

class HiddenFieldTest : public SetupTest {
 protected:
  static sandbox::SalesforceWorldOptions Hidden() {
    sandbox::SalesforceWorldOptions options;
    options.hidden_fields = {"Audit__c"};
    return options;
  }
  HiddenFieldTest() : SetupTest(Hidden()) { options.leads = false; }
};

TEST_F(HiddenFieldTest, AFieldThatIsThereOnlyNeedsAccess) {
  EXPECT_EQ(Ids(), (std::vector<std::string>{"permission set", "assignment",
                                             "access Opportunity.Audit__c"}));
  ASSERT_TRUE(Apply().ok());
  EXPECT_EQ(Schema().roles.at("audit"), "Audit__c");
  EXPECT_TRUE(Plan().empty());
}

class CompleteOrganisationTest : public SetupTest {
 protected:
  CompleteOrganisationTest() : SetupTest(sandbox::SalesforceWorldOptions{}) {}
};

TEST_F(CompleteOrganisationTest, NeedsNothingAndIsLeftAlone) {
  EXPECT_TRUE(Plan().empty());
  ASSERT_TRUE(Apply().ok());
  EXPECT_TRUE(api.posts.empty());
}

TEST_F(CompleteOrganisationTest, FewCallsLeftAreAProblem) {
  EXPECT_EQ(Finding("daily calls"), SetupFinding::Kind::ok);
  world.switches().api_limit = {850, 1'000};
  EXPECT_EQ(Finding("daily calls"), SetupFinding::Kind::problem);
}

}  // namespace
}  // namespace cosell::test

#include "crm/dataverse/dataverse_setup.h"

#include "live_organization.h"

// Getting an organisation ready, judged by the organisation itself.
namespace cosell::test {
namespace {

sandbox::DataverseWorldOptions Bare() {
  sandbox::DataverseWorldOptions options;
  options.without_columns = {"syncwithpartnercenter",
                             "referralidentifier",
                             "referrallink",
                             "referralprogram",
                             "microsoftcrmidentifier",
                             "referralvisibility",
                             "howcanmicrosofthelp",
                             "products",
                             "audit"};
  options.lead_columns = false;
  return options;
}

class SetupTest : public LiveTest {
 protected:
  SetupTest() : LiveTest(Bare()) { options.leads = true; }
  explicit SetupTest(const sandbox::DataverseWorldOptions& organization) : LiveTest(organization) {}

  CrmSetup& Administrator() {
    if (!setup_) setup_ = MakeDataverseSetup(api, options, clock, random);
    return *setup_;
  }
  std::vector<SetupStep> Plan() {
    const auto plan = Administrator().Plan();
    EXPECT_TRUE(plan.ok()) << (plan ? "" : Describe(plan.error()));
    return plan ? *plan : std::vector<SetupStep>{};
  }
  // Makes all it can; the first error ends it.
  Status Apply() {
    for (const SetupStep& step : Plan()) {
      if (!step.obstacle.empty()) continue;
      if (Status made = Administrator().Make(step); !made) return made;
    }
    return Administrator().Publish();
  }
  static std::vector<std::string> Ids(const std::vector<SetupStep>& steps) {
    std::vector<std::string> ids;
    for (const SetupStep& step : steps) ids.push_back(step.id);
    return ids;
  }
  void Lacks(const std::string& privilege) {
    world.switches().missing_privileges.insert(privilege);
  }
  SetupFinding::Kind Finding(const std::string& subject) {
    const auto inspection = Administrator().Inspect();
    EXPECT_TRUE(inspection.ok());
    for (const SetupFinding& each : inspection ? inspection->findings : std::vector<SetupFinding>{})
      if (each.subject == subject) return each.kind;
    ADD_FAILURE() << "nothing is said about " << subject;
    return SetupFinding::Kind::hint;
  }

 private:
  std::unique_ptr<CrmSetup> setup_;
};

TEST_F(SetupTest, LookingChangesNothing) {
  EXPECT_EQ(Plan().size(), 17u);  // publisher, solution, 8 + 4 columns, 2 tables, 1 lookup
  EXPECT_EQ(api.Count("POST"), 0u);
}

TEST_F(SetupTest, ABareOrganisationGetsEverythingInASolutionOfItsOwn) {
  const Status applied = Apply();
  ASSERT_TRUE(applied.ok()) << Describe(applied.error());
  EXPECT_TRUE(world.unpublished().empty());
  ASSERT_EQ(world.Rows("solutions").size(), 1u);
  EXPECT_EQ(world.Rows("publishers").at(0).Cell("customizationprefix"), "cosell");

  Start({});
  EXPECT_EQ(schema.roles.at("sync"), "cosell_syncwithpartnercenter");
  EXPECT_EQ(schema.roles.at("products"), "cosell_microsoftsolution");
  for (const char* role : {"referral_id", "referral_link", "audit", "help", "visibility",
                           "microsoft_crm_id", "program"}) {
    EXPECT_TRUE(schema.roles.contains(role)) << role;
  }
  EXPECT_EQ(schema.columns.at("cosell_referralidentifier").length_max, 100u);
  EXPECT_EQ(schema.columns.at("cosell_audit").type, "memo");
  EXPECT_EQ(schema.columns.at("cosell_howcanmicrosofthelp").choices.size(), 6u);
  ASSERT_TRUE(schema.lead.has_value());
  for (const char* role : {"sync", "referral_id", "referral_link", "audit"}) {
    EXPECT_TRUE(schema.lead->roles.contains(role)) << role;
  }
}

TEST_F(SetupTest, ASecondRunHasNothingToDo) {
  ASSERT_TRUE(Apply().ok());
  EXPECT_TRUE(Plan().empty());
  api.calls.clear();
  ASSERT_TRUE(Apply().ok());
  EXPECT_EQ(api.Count("POST"), 0u);
}

TEST_F(SetupTest, WhatIsMadeCanBeWrittenAndReadAtOnce) {
  const std::string before = OpensDeal();
  ASSERT_TRUE(Apply().ok());
  Start({"name", "cosell_syncwithpartnercenter", "cosell_howcanmicrosofthelp", "cosell_audit"});
  const CrmRecord deal = ReadOne(kDeal, before);
  const auto written =
      WriteOne(Update(deal, {{"cosell_syncwithpartnercenter", "true"},
                             {"cosell_howcanmicrosofthelp", "\"Quotes or Licensing\""},
                             {"cosell_audit", "\"2026-03-01 09:13 - ready\""}}));
  ASSERT_TRUE(written.record.ok()) << Describe(written.record.error());
  EXPECT_EQ(At(*written.record, "cosell_howcanmicrosofthelp"), "Quotes or Licensing");
  EXPECT_TRUE(written.record->sync);
}

TEST_F(SetupTest, AFailureHalfWayIsTakenUpWhereItEnded) {
  sandbox::DataverseFault fault;
  fault.status = 400;
  fault.code = "0x80040203";
  fault.method = "POST";
  fault.path_contains = "(LogicalName='lead')/Attributes";
  world.Inject(fault);
  EXPECT_EQ(Apply().error().kind, ErrorKind::refused);
  const auto left = Ids(Plan());
  EXPECT_EQ(left.front(), "column lead cosell_syncwithpartnercenter");
  EXPECT_EQ(left.size(), 7u);
  ASSERT_TRUE(Apply().ok());
  EXPECT_TRUE(Plan().empty());
}

TEST_F(SetupTest, AnAnswerThatIsLostIsKnownToTheNextPlan) {
  sandbox::DataverseFault fault;
  fault.status = 500;
  fault.method = "POST";
  fault.path_contains = "(LogicalName='opportunity')/Attributes";
  fault.after_commit = true;
  world.Inject(fault);
  EXPECT_EQ(Apply().error().kind, ErrorKind::unknown_outcome);
  EXPECT_EQ(Ids(Plan()).front(), "column opportunity cosell_referralidentifier");
}

TEST_F(SetupTest, AMissingPrivilegeNamesTheRole) {
  Lacks("prvCreateAttribute");
  const Status applied = Apply();
  ASSERT_FALSE(applied.ok());
  EXPECT_EQ(applied.error().kind, ErrorKind::forbidden);
  EXPECT_NE(applied.error().message.find("System Customizer"), std::string::npos);
}

TEST_F(SetupTest, AnOverrideThatLeadsNowhereIsAnObstacle) {
  options.fields["sync"] = "new_sync";
  const auto steps = Plan();
  const auto sync = std::find_if(steps.begin(), steps.end(), [](const SetupStep& step) {
    return step.id == "column opportunity cosell_syncwithpartnercenter";
  });
  ASSERT_NE(sync, steps.end());
  EXPECT_NE(sync->obstacle.find("crm.fields.sync"), std::string::npos);
  ASSERT_TRUE(Apply().ok());
  EXPECT_EQ(Ids(Plan()), (std::vector<std::string>{sync->id}));
}

TEST_F(SetupTest, APublisherThatExistsKeepsItsPrefix) {
  ASSERT_TRUE(world
                  .Create(world.people().front(), "publishers",
                          Json{{"uniquename", "cosellsync"},
                               {"friendlyname", "cosell-sync"},
                               {"customizationprefix", "csy"}}
                              .dump())
                  .ok());
  ASSERT_TRUE(Apply().ok());
  Start({});
  EXPECT_EQ(schema.roles.at("audit"), "csy_audit");
}

TEST_F(SetupTest, PrivilegesAreNamedOneByOne) {
  ASSERT_TRUE(Apply().ok());
  EXPECT_EQ(Finding("privileges"), SetupFinding::Kind::ok);
  Lacks("prvWriteOpportunity");
  EXPECT_EQ(Finding("privileges"), SetupFinding::Kind::problem);
}

TEST_F(SetupTest, AnEmptyCatalogueIsAProblemAndAFilledOneIsNot) {
  EXPECT_EQ(Finding("solutions"), SetupFinding::Kind::problem);
  ASSERT_TRUE(Apply().ok());
  EXPECT_EQ(Finding("solutions"), SetupFinding::Kind::problem);
  ASSERT_TRUE(world
                  .Create(world.people().front(), "cosell_microsoftsolutiondetails",
                          R"({"cosell_name": "Sensor Hub", "cosell_solutionidentifier": "SOL-1"})")
                  .ok());
  EXPECT_EQ(Finding("solutions"), SetupFinding::Kind::ok);
}

class CompleteOrganisationTest : public SetupTest {
 protected:
  CompleteOrganisationTest() : SetupTest(sandbox::DataverseWorldOptions{}) {}
};

TEST_F(CompleteOrganisationTest, NeedsNothingAndIsLeftAlone) {
  EXPECT_TRUE(Plan().empty());
  ASSERT_TRUE(Apply().ok());
  EXPECT_EQ(api.Count("POST"), 0u);
}

}  // namespace
}  // namespace cosell::test

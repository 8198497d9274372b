// plan --out, apply, and how the daemon's failures become exit codes.

#include "app/results.h"
#include "cli/desk.h"
#include "platform/files.h"

namespace cosell::cli {
namespace {

class PlanDesk : public Desk {
 protected:
  // The daemon would bring two values to the CRM and has one question.
  static std::string PlanOfContoso() {
    Mapping mapping;
    mapping.fingerprint = "mapping-1";
    mapping.fields.resize(1);
    mapping.fields[0].name = "status";
    PlannedLink link;
    link.work.link.id = 12;
    link.work.link.referral_id.text = ReferralOf(1);
    link.work.link.crm_id.text = CrmOf(1);
    Step step;
    step.operation = IntentOperation::update_crm;
    step.reason = "Partner Center has changed";
    step.changes = {{"deal_value", "84500", "90000", "partner_center_changed", "changed there"},
                    {"notes", "", "Two plants.\nThree yards.", "partner_center_changed", "new"}};
    link.plan.steps = {step};
    link.plan.conflicts = {{0, "Active", "Won", "Lost", "closed differently"}};
    link.digest = "digest-12";
    return app::PlanAsJson(ConnectionName{"contoso"}, mapping, {link},
                           *ParseInstant("2026-03-01T09:00:00Z"));
  }
  static std::string Round(const std::string& stopped, const std::string& reason) {
    RoundResult result;
    result.run.kind = "apply";
    result.run.outcome = stopped.empty() ? "done" : "stopped: " + stopped;
    result.run.written = stopped.empty() ? 2 : 0;
    result.stopped = stopped;
    result.reason = reason;
    return app::RoundAsJson(ConnectionName{"contoso"}, result);
  }
  Outcome Plan(const std::string& out_file = "", bool json = false) {
    return Run([&](Session& session) { return MakePlanFile(session, "contoso", out_file); }, json);
  }
  Outcome Apply(const std::string& name, bool json = false) {
    return Run([&](Session& session) { return ApplyPlanFile(session, File(name)); }, json);
  }
  void MakePlan() {
    StartDaemon();
    answers_["plan"] = PlanOfContoso();
    ASSERT_EQ(Plan(File("plan.json")).exit_code, kNeedsPerson);
  }
};

using PlanCommand = PlanDesk;
using ApplyCommand = PlanDesk;

TEST_F(PlanCommand, AReaderSeesEachLinkWithValuesAndReasons) {
  StartDaemon();
  answers_["plan"] = PlanOfContoso();
  const Outcome shown = Plan();
  EXPECT_EQ(shown.exit_code, kNeedsPerson) << "there is a conflict";
  EXPECT_EQ(shown.output,
            "contoso: 1 link would change or need a person\n"
            "  link 12, referral " +
                ReferralOf(1) + ", opportunity " + CrmOf(1) +
                "\n"
                "    change the CRM record: Partner Center has changed\n"
                "      deal_value  84500 -> 90000                        changed there\n"
                "      notes       (none) -> Two plants. | Three yards.  new\n"
                "    conflict in status: closed differently\n"
                "      last agreed     Active\n"
                "      Partner Center  Won\n"
                "      CRM             Lost\n");
}

TEST_F(PlanCommand, TheFileIsForItsOwnerAlone) {
  MakePlan();
  EXPECT_FALSE(platform::IsReadableByOthers(File("plan.json")));
  const Json file = Json::parse(ReadFile("plan.json"));
  EXPECT_TRUE(ParseInstant(file["made_at"].get<std::string>()));
  EXPECT_EQ(file["connections"][0], Json::parse(PlanOfContoso()));
}

TEST_F(PlanCommand, AFolderThatIsNotThereIsSaidSo) {
  StartDaemon();
  answers_["plan"] = PlanOfContoso();
  const Outcome refused = Plan(File("nowhere/plan.json"));
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_TRUE(Says(refused.errors, "nowhere")) << refused.errors;
}

TEST_F(ApplyCommand, ExactlyTheReviewedDigestsAreSent) {
  MakePlan();
  answers_["apply"] = Round("", "");
  const Outcome done = Apply("plan.json");
  EXPECT_EQ(done.exit_code, kDone) << done.errors;
  EXPECT_TRUE(Says(done.output, "contoso: done; read 0, planned 0, written 2")) << done.output;
  EXPECT_EQ(
      last_asked(),
      R"(contoso apply {"fingerprint":"mapping-1","links":[{"digest":"digest-12","link":12}]})");
  EXPECT_EQ(Apply("plan.json", true).document()[0]["written"], 2);
}

TEST_F(ApplyCommand, APlanThatNoLongerFitsIsRefusedWithTheReason) {
  MakePlan();
  answers_["apply"] = Round("plan-changed", "link 12 would be changed in another way now");
  const Outcome refused = Apply("plan.json");
  EXPECT_EQ(refused.exit_code, kRefused);
  EXPECT_TRUE(Says(refused.errors, "link 12 would be changed in another way")) << refused.errors;
}

TEST_F(ApplyCommand, AFileEditedAfterTheReviewNeverReachesTheDaemon) {
  MakePlan();
  Json file = Json::parse(ReadFile("plan.json"));
  file["connections"][0]["links"][0]["steps"][0]["changes"][0]["after"] = "1";
  WriteFile("plan.json", file.dump());
  const Outcome refused = Apply("plan.json");
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_TRUE(Says(refused.errors, "connections[0].links[0]")) << refused.errors;
  EXPECT_EQ(asked(), std::vector<std::string>{"contoso plan"});
}

TEST_F(ApplyCommand, AConnectionThatIsGoneStopsBeforeTheFirstWrite) {
  MakePlan();
  Json file = Json::parse(ReadFile("plan.json"));
  file["connections"].push_back(
      {{"connection", "tailspin"}, {"fingerprint", "mapping-1"}, {"links", Json::array()}});
  WriteFile("plan.json", file.dump());
  const Outcome refused = Apply("plan.json");
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_TRUE(Says(refused.errors, "tailspin")) << refused.errors;
  EXPECT_EQ(asked(), std::vector<std::string>{"contoso plan"});
}

TEST_F(ApplyCommand, AFileThatIsNotThereIsWrongUsage) {
  EXPECT_EQ(Apply("nowhere.json").exit_code, kUsage);
}

TEST_F(ApplyCommand, TheDaemonsFailuresBecomeExitCodes) {
  MakePlan();
  for (const auto& [kind, code] :
       {std::pair{ErrorKind::invalid_input, kUsage}, std::pair{ErrorKind::not_found, kUsage},
        std::pair{ErrorKind::unreachable, kUnreachable},
        std::pair{ErrorKind::forbidden, kUnreachable},
        std::pair{ErrorKind::throttled, kUnreachable}}) {
    failures_["apply"] = Error{kind, "because"};
    const Outcome failed = Apply("plan.json");
    EXPECT_EQ(failed.exit_code, code) << ToString(kind);
    EXPECT_EQ(failed.errors, "because");
  }
}

TEST_F(PlanCommand, ADaemonThatHoldsTheDatabaseAndDoesNotAnswerIsExitCode4) {
  HoldDatabase();
  const Outcome failed = Plan();
  EXPECT_EQ(failed.exit_code, kDatabase);
  EXPECT_TRUE(Says(failed.errors, "does not answer")) << failed.errors;
}

// A command over several connections takes the database once, for the first of them.
TEST_F(PlanCommand, TheLockOfTheCommandItselfIsNotTakenForADaemon) {
  const Outcome looked = Run([](Session& session) {
    session.WritableStore();
    return session.DaemonRuns() ? kDatabase : kDone;
  });
  EXPECT_EQ(looked.exit_code, kDone) << looked.errors;
}

}  // namespace
}  // namespace cosell::cli

// What a person reviews, decides and tries again, on the command line: through the daemon and
// without one. Nothing happens by itself: no schedule, and every event is lost.

#include "system/installation.h"

namespace cosell::system_test {
namespace {

bool Says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class PersonTest : public testing::Test {
 protected:
  PersonTest()
      : here_({{"--empty"}, [](Json& configuration) {
                 Json& connection = configuration["connections"][0];
                 connection["schedule"] = {{"poll_interval_s", 0}, {"sweep_interval_s", 0}};
                 connection["conflicts"] = {{"deal_value", "ask"}};
               }}) {
    remote().Switch({{"microsoft_decision", "none"}});
    remote().LoseAllEvents();
  }
  RemoteSides& remote() { return here_.remote(); }
  void StartDaemon() {
    here_.StartDaemon();
    ASSERT_TRUE(here_.HasLookedAround());
  }
  std::string plan_file() const { return here_.File("plan.json"); }

  // A referral both sides agree on, accepted, with its opportunity.
  void Agree(const std::string& name) {
    referral_ = remote().MicrosoftSends(name);
    remote().PartnerMoves(referral_, "accept");
    ASSERT_TRUE(here_.ComesToRest());
    opportunity_ = remote().OpportunityOf(referral_);
    ASSERT_FALSE(opportunity_.empty());
  }
  // A plan that is out of date writes nothing; one made anew does just what it says.
  void ExpectApplyKeepsToThePlan(const std::string& name) {
    const std::string referral = remote().MicrosoftSends(name);
    EXPECT_EQ(here_.Command({"plan", "--out", plan_file()}).exit_code, 0);
    remote().PartnerSets(referral, "/details/notes", "Changed after the review.");
    const int writes = remote().Writes();
    const CommandResult refused = here_.Command({"apply", plan_file()});
    EXPECT_EQ(refused.exit_code, 5) << refused.errors;
    EXPECT_FALSE(refused.errors.empty());
    EXPECT_EQ(remote().Writes(), writes);
    EXPECT_TRUE(remote().OpportunityOf(referral).empty());

    const Json plan = here_.CommandJson({"plan", "--out", plan_file()});
    ASSERT_EQ(plan["connections"][0]["links"].size(), 1u) << plan;
    const Json applied = here_.CommandJson({"apply", plan_file()});
    EXPECT_GE(applied[0]["written"], 1) << applied;
    const std::string opportunity = remote().OpportunityOf(referral);
    ASSERT_FALSE(opportunity.empty());
    EXPECT_EQ(remote().Crm(opportunity, "description"), "Changed after the review.");
    EXPECT_TRUE(here_.ComesToRest());
  }
  // Both sides change the deal value of an agreed deal; the conflict is listed.
  void Dispute(int in_partner_center, int in_crm) {
    remote().PartnerSets(referral_, "/details/dealValue", in_partner_center);
    remote().SellerSets(opportunity_, {{"estimatedvalue", in_crm}});
    EXPECT_EQ(here_.Command({"sync"}).exit_code, 1);
    const Json listed = here_.CommandJson({"conflicts", "list"}, 1);
    ASSERT_EQ(listed[0]["conflicts"].size(), 1u) << listed;
    const Json& conflict = listed[0]["conflicts"][0];
    EXPECT_EQ(conflict["referral_id"], referral_);
    EXPECT_EQ(conflict["crm_id"], opportunity_);
    EXPECT_EQ(conflict["field"], "deal_value");
    EXPECT_EQ(conflict["partner_center_value"], std::to_string(in_partner_center));
    EXPECT_EQ(conflict["crm_value"], std::to_string(in_crm));
  }
  testing::AssertionResult ValueBecomes(int value) {
    return WaitUntil(
        [&] {
          return remote().Referral(referral_)["details"]["dealValue"] == value &&
                 std::stod(remote().Crm(opportunity_, "estimatedvalue")) == value;
        },
        "both sides have " + std::to_string(value));
  }
  // A change of the seller that Partner Center refuses until it is repaired.
  void SetAside(const std::string& notes) {
    remote().Break({{"service", "referrals"},
                    {"method", "PATCH"},
                    {"kind", "status"},
                    {"status", 400},
                    {"times", 0}});
    remote().SellerSets(opportunity_, {{"description", notes}});
    EXPECT_EQ(here_.Command({"sync"}).exit_code, 1);
    const Json listed = here_.CommandJson({"quarantine", "list"}, 1);
    ASSERT_EQ(listed[0]["quarantined"].size(), 1u) << listed;
    EXPECT_EQ(listed[0]["quarantined"][0]["crm_id"], opportunity_);
    EXPECT_FALSE(listed[0]["quarantined"][0]["reason"].get<std::string>().empty());
    remote().Repair();
  }
  testing::AssertionResult NotesBecome(const std::string& notes) {
    return WaitUntil([&] { return remote().Referral(referral_)["details"]["notes"] == notes; },
                     "the notes arrive");
  }

  Installation here_;
  std::string referral_;
  std::string opportunity_;
};

TEST_F(PersonTest, AReviewedPlanIsCarriedOutExactlyOrNotAtAll) {
  ExpectApplyKeepsToThePlan("Brewhouse telemetry rollout");
  StartDaemon();
  ExpectApplyKeepsToThePlan("Malt silo sensors");
}

TEST_F(PersonTest, ConflictsAreDecidedAndQuarantineIsTriedAgain) {
  Agree("Brewhouse telemetry rollout");
  Dispute(90'000, 70'000);
  const CommandResult decided =
      here_.Command({"conflicts", "resolve", referral_, "deal_value", "--take", "partner-center"});
  EXPECT_EQ(decided.exit_code, 0) << decided.errors;
  EXPECT_TRUE(Says(decided.output, "next `cosell-sync sync`")) << decided.output;
  EXPECT_EQ(here_.CommandJson({"conflicts", "list"})[0]["conflicts"][0]["decided"],
            "partner_center");
  EXPECT_TRUE(here_.ComesToRest());
  EXPECT_TRUE(ValueBecomes(90'000));
  SetAside("Five plants.");
  EXPECT_EQ(here_.CommandJson({"quarantine", "retry", opportunity_})[0]["retried"], 1);
  EXPECT_EQ(here_.Command({"sync"}).exit_code, 0);
  EXPECT_TRUE(NotesBecome("Five plants."));

  StartDaemon();
  Dispute(91'000, 71'000);
  EXPECT_EQ(here_.Command({"conflicts", "resolve", opportunity_, "deal_value", "--take", "crm"})
                .exit_code,
            0);
  EXPECT_TRUE(ValueBecomes(71'000));
  EXPECT_TRUE(WaitUntil(
      [&] {
        return here_.Command({"conflicts", "list"}).exit_code == 0;
      },
      "the conflict is closed"));
  SetAside("Six plants.");
  EXPECT_EQ(here_.CommandJson({"quarantine", "retry", "--all"})[0]["retried"], 1);
  EXPECT_TRUE(NotesBecome("Six plants."));
  EXPECT_EQ(
      here_.Command({"conflicts", "resolve", referral_, "deal_value", "--take", "crm"}).exit_code,
      2)
      << "there is nothing to decide any more";
}

}  // namespace
}  // namespace cosell::system_test

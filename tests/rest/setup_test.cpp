#include <algorithm>

#include "rest/rest_fixture.h"

// What `check` and `crm prepare` hear of a described service.
namespace cosell::test {
namespace {

class RestSetupTest : public RestTest {
 protected:
  // "kind subject: text" of each finding.
  std::string Findings() {
    const auto inspection = setup().Inspect();
    if (!inspection) return Describe(inspection.error());
    std::string all;
    for (const SetupFinding& each : inspection->findings) {
      const bool problem = each.kind == SetupFinding::Kind::problem;
      all += std::string(problem                               ? "problem "
                         : each.kind == SetupFinding::Kind::ok ? "ok "
                                                               : "hint ") +
             each.subject + ": " + each.text + "\n";
    }
    return all;
  }
  static bool Says(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
  }
};

TEST_F(RestSetupTest, AServiceThatKeepsEveryPromiseHasNothingToMend) {
  Opens("Pilot", {{"close_on", "2026-12-15"}, {"notes", "x"}});
  const std::string all = Findings();
  EXPECT_FALSE(Says(all, "problem")) << all;
  EXPECT_FALSE(Says(all, "precondition")) << all;
  EXPECT_TRUE(setup().Plan()->empty());
}

TEST_F(RestSetupTest, AnEtagThatDoesNotComeIsNoticed) {
  switches().etags = false;
  Opens("Pilot");
  EXPECT_TRUE(Says(Findings(), "problem precondition: a deal is read without an ETag"));
}

TEST_F(RestSetupTest, AListThatShowsLessThanTheDealIsNoticed) {
  switches().lag = std::chrono::seconds(600);
  const std::string id = Opens("Pilot");
  clock_.Advance(std::chrono::minutes(20));
  service_.Sets(id, "/title", "Rollout");
  EXPECT_TRUE(Says(Findings(), "leave \"records\": \"whole\" out"));
}

TEST_F(RestSetupTest, AChangedSinceThatIsNotTakenIsNoticed) {
  Opens("Pilot");
  clock_.Advance(std::chrono::hours(1));
  EXPECT_FALSE(Says(Findings(), "problem changes"));
  switches().horizon = std::chrono::hours(0);
  EXPECT_TRUE(Says(Findings(), "problem changes"));
}

TEST_F(RestSetupTest, AMemberThatIsNowhereIsNamed) {
  deal()["attributes"]["notes"]["member"] = "/remarks";
  Opens("Pilot");
  const std::string all = Findings();
  EXPECT_TRUE(Says(all, "hint description")) << all;
  EXPECT_TRUE(Says(all, "notes")) << all;
}

TEST_F(RestSetupTest, WeakerPromisesAreSaidAloud) {
  deal()["precondition"] = {{"by", "none"}};
  deal()["create"].erase("once");
  deal()["list"].erase("since");
  description_.erase("whoami");
  const std::string all = Findings();
  for (const char* subject : {"precondition", "duplicates", "changes", "audit"}) {
    EXPECT_TRUE(Says(all, std::string("hint ") + subject)) << subject << "\n" << all;
  }
}

TEST_F(RestSetupTest, AMissingPartIsAPersonsWork) {
  deal()["roles"].erase("audit");
  const auto plan = setup().Plan();
  ASSERT_TRUE(plan.ok());
  ASSERT_EQ(plan->size(), 1u);
  EXPECT_EQ(plan->front().id, "audit");
  EXPECT_FALSE(plan->front().obstacle.empty());
  const auto schema = crm().Describe(true);
  ASSERT_TRUE(schema.ok());
  ASSERT_EQ(schema->problems.size(), 1u);
  EXPECT_NE(schema->problems.front().find("audit"), std::string::npos);
}

}  // namespace
}  // namespace cosell::test

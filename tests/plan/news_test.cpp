#include <gtest/gtest.h>

#include <algorithm>

#include "plan_fixture.h"

// What the seller is told in the CRM's Audit although no field changes.
namespace cosell {
namespace {

class NewsTest : public PlanTest {
 protected:
  NewsTest() {
    view_.news = {{"microsoft:active", "Microsoft accepted"}, {"expires:2026-03-15", "expires"}};
  }
  static std::vector<std::string> Told(const Step& step) {
    std::vector<std::string> keys;
    for (const FieldChange& change : step.changes) {
      if (change.rule == kRuleNews) keys.push_back(change.after);
    }
    return keys;
  }
  const std::vector<std::string> both_{"microsoft:active", "expires:2026-03-15"};
};

TEST_F(NewsTest, IsToldInALineOfItsOwnAndOnlyOnce) {
  Plan plan = Make();
  ASSERT_EQ(plan.steps.size(), 1u);
  EXPECT_EQ(plan.steps[0].operation, IntentOperation::update_crm);
  EXPECT_TRUE(plan.steps[0].writes.empty());
  EXPECT_EQ(plan.steps[0].audit_reason, "Microsoft accepted; expires");
  EXPECT_TRUE(plan.steps[0].audit_success);
  EXPECT_EQ(Told(plan.steps[0]), both_);
  view_.base.told = {"microsoft:active"};
  EXPECT_EQ(Make().steps.at(0).audit_reason, "expires");
  view_.base.told.insert("expires:2026-03-15");
  EXPECT_TRUE(Make().steps.empty());
}

TEST_F(NewsTest, GoesAlongWithAWriteThatIsDueAnyway) {
  PartnerCenterSets("notes", "Four yards.");
  const Plan plan = Make();
  ASSERT_EQ(plan.steps.size(), 1u);
  EXPECT_EQ(plan.steps[0].writes.size(), 1u);
  EXPECT_EQ(Told(plan.steps[0]), both_);
}

// A rebuilt database knows nothing of what was told, and must not write.
TEST_F(NewsTest, OlderThanOurKnowledgeOfThePairIsNotTold) {
  NeverMet();
  const Plan plan = Make();
  EXPECT_TRUE(plan.steps.empty());
  EXPECT_EQ(plan.told, both_);
}

TEST_F(NewsTest, IsNotForcedIntoAClosedRecord) {
  PartnerCenterSets("status", "won");
  CrmSets("status", "won");
  LastSeen("status", Value("won"), Value("won"));
  view_.referral.open = false;
  EXPECT_TRUE(Make().steps.empty());
}

TEST_F(NewsTest, WaitsWhereTheLineTellsOfAnEditThatWasPutBack) {
  LastSeen("visibility", Value("true"), Value("true"));
  CrmSets("visibility", Value("false"));
  const Plan plan = Make();
  ASSERT_EQ(plan.steps.size(), 1u);
  EXPECT_FALSE(plan.steps[0].audit_success);
  EXPECT_TRUE(Told(plan.steps[0]).empty());
}

TEST_F(NewsTest, IsPartOfTheBaseThatIsStored) {
  Base base = view_.base;
  base.told = {"microsoft:active"};
  base.from_lead = true;
  const Base again =
      DecodeBase(mapping_, EncodePartnerCenterBase(mapping_, base), EncodeCrmBase(mapping_, base));
  EXPECT_EQ(again.told, base.told);
  EXPECT_TRUE(again.from_lead);
  EXPECT_EQ(again.crm, base.crm);
}

TEST_F(NewsTest, ADealWonTooEarlySaysSoInItsReason) {
  view_.news.clear();
  view_.won_early = "won within 72 hours";
  CrmSets("status", "won");
  const Plan plan = Make();
  ASSERT_EQ(plan.steps.size(), 1u);
  EXPECT_NE(plan.steps[0].reason.find("won within 72 hours"), std::string::npos);
  CrmSets("status", "lost");
  EXPECT_EQ(Make().steps.at(0).reason.find("won within 72 hours"), std::string::npos);
}

}  // namespace
}  // namespace cosell

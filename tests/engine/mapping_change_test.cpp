#include <fstream>
#include <sstream>

#include "tests/engine/own_columns.h"
#include "tests/engine/pair_world.h"

// What a changed mapping does to pairs that are in step already: it is shown before, and happens as
// shown.
namespace cosell::test {
namespace {

class MappingChangeTest : public testing::TestWithParam<CrmProduct> {
 protected:
  static constexpr int kLinks = 1000;

  std::string MappingFile(const std::string& name) const {
    const std::string folder = salesforce() ? "salesforce/" : "dynamics365/";
    std::ifstream in("tests/mapping_files/" + folder + name + ".json", std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  bool salesforce() const { return GetParam() == CrmProduct::salesforce; }

  void DealsInStep(int count) {
    for (int i = 0; i < count; ++i)
      sync_.MicrosoftSends("Brewhouse telemetry rollout " + std::to_string(i));
    sync_.Settle();
    ASSERT_EQ(sync_.Opportunities().size(), static_cast<std::size_t>(count));
  }
  // As `mapping preview FILE` shows it, from a copy of the database.
  std::vector<PlannedLink> Preview(const std::string& mapping) {
    sync_.MapCopyWith(mapping);
    const auto planned = sync_.engine().DryRun();
    EXPECT_TRUE(planned.ok());
    reviewed_.fingerprint = sync_.engine().mapping().fingerprint;
    for (const PlannedLink& link : *planned) reviewed_.digests[link.work.link.id] = link.digest;
    sync_.BackToOwnDatabase();
    return *planned;
  }
  static std::size_t WritesIn(const std::vector<PlannedLink>& links) {
    std::size_t writes = 0;
    for (const PlannedLink& link : links) writes += link.plan.steps.size();
    return writes;
  }

  SyncWorld sync_{GetParam()};
  ReviewedPlan reviewed_;
};

TEST_P(MappingChangeTest, PreviewIsRealityOnAThousandLinks) {
  DealsInStep(kLinks);
  const std::string mapping = MappingFile("summary");
  const auto before_preview = sync_.Writes();
  const auto planned = Preview(mapping);
  EXPECT_EQ(WritesIn(planned), static_cast<std::size_t>(kLinks));
  EXPECT_EQ(sync_.Writes(), before_preview) << "a preview writes nothing";

  const RoundResult early = sync_.engine().Apply(reviewed_);
  EXPECT_EQ(early.stopped, "plan-changed") << "the file is not in place";
  EXPECT_NE(early.reason.find("mapping_file names the previewed file"), std::string::npos);

  sync_.MapWith(mapping);
  EXPECT_EQ(sync_.Sync().stopped, "fingerprint");
  EXPECT_EQ(sync_.Writes(), before_preview) << "nothing is written before a person has confirmed";

  const RoundResult applied = sync_.engine().Apply(reviewed_);
  EXPECT_EQ(applied.stopped, "") << applied.reason;
  EXPECT_EQ(applied.run.written, kLinks);
  EXPECT_EQ(sync_.Writes() - before_preview, WritesIn(planned));
  EXPECT_EQ(sync_.Sync().run.written, 0);
}

TEST_P(MappingChangeTest, AFieldWithAnotherColumnIsNobodysEdit) {
  DealsInStep(3);
  const auto planned = Preview(MappingFile("thousands"));
  for (const PlannedLink& link : planned) {
    EXPECT_TRUE(link.plan.conflicts.empty()) << link.plan.conflicts.front().reason;
    ASSERT_EQ(link.plan.steps.size(), 1u);
    EXPECT_EQ(link.plan.steps.front().operation, IntentOperation::update_crm);
  }
  sync_.MapWith(MappingFile("thousands"));
  const RoundResult applied = sync_.engine().Apply(reviewed_);
  EXPECT_EQ(applied.run.written, 3) << applied.reason;
  for (const std::string& id : sync_.Opportunities())
    EXPECT_EQ(std::stod(OwnOf(sync_, id, {"new_valuethousands", "Value_Thousands__c"})), 84.5);
  EXPECT_EQ(sync_.Sync().run.written, 0);
}

INSTANTIATE_TEST_SUITE_P(BothCrms, MappingChangeTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

}  // namespace
}  // namespace cosell::test

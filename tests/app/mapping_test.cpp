#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/mapping_check.h"
#include "app/mapping_preview.h"

namespace cosell::app {
namespace {

using Json = nlohmann::json;

CrmColumn Column(const std::string& name, const std::string& type) {
  CrmColumn column;
  column.name = name;
  column.type = type;
  return column;
}

// A mapping file against a small CRM.
class MappingFitTest : public testing::Test {
 protected:
  MappingFitTest() {
    schema_.roles = {{"sync", "s"}, {"referral_id", "r"}, {"audit", "a"}};
    Have("name", "text").length_max = 300;
    Have("description", "memo").length_max = 2000;
    Have("statecode", "status");
    Have("statuscode", "status");
    Have("r", "text");
  }
  CrmColumn& Have(const std::string& name, const std::string& type) {
    return schema_.columns[name] = Column(name, type);
  }
  // What is a problem, one line each.
  std::string Problems(const std::string& fields) {
    const auto mapping = ParseMapping(R"({ "crm": "dynamics365", )" + fields + " }", "mine.json");
    EXPECT_TRUE(mapping.ok()) << (mapping ? "" : mapping.error().message);
    std::string problems;
    for (const auto& finding : FitToCrm(*mapping, schema_, false)) {
      if (finding.problem) problems += finding.text + "\n";
    }
    return problems;
  }
  static std::string Field(const std::string& members) {
    return R"("fields": { "x": { "partner_center": "/details/notes", "direction": "to_crm", )" +
           members + " } }";
  }

  CrmSchema schema_;
};

TEST_F(MappingFitTest, AMappingThatFitsHasNoProblem) { EXPECT_EQ(Problems(R"("fields": {})"), ""); }

TEST_F(MappingFitTest, AColumnThatIsNotThereIsNamedWithTheNearest) {
  Have("new_summary", "memo");
  EXPECT_NE(Problems(Field(R"("type": "text", "crm": "new_sumary")"))
                .find("fields.x.crm: the CRM has no column new_sumary; did you mean new_summary?"),
            std::string::npos);
}

TEST_F(MappingFitTest, AColumnOfAnotherTypeIsTold) {
  Have("new_flag", "boolean");
  EXPECT_NE(Problems(Field(R"("type": "text", "crm": "new_flag")")).find("is of type boolean"),
            std::string::npos);
}

TEST_F(MappingFitTest, AReadOnlyColumnIsToldWithTheMend) {
  Have("new_summary", "memo").updatable = false;
  EXPECT_NE(Problems(Field(R"("type": "text", "crm": "new_summary")")).find("is read only"),
            std::string::npos);
  EXPECT_EQ(Problems(Field(R"("type": "text", "crm": "new_summary", "on": ["create"])")), "");
}

TEST_F(MappingFitTest, ALengthBeyondTheColumnsIsTold) {
  Have("new_summary", "memo").length_max = 100;
  EXPECT_NE(Problems(Field(R"("type": "text", "crm": "new_summary", "length_max": 200)"))
                .find("say \"length_max\": 100"),
            std::string::npos);
}

TEST_F(MappingFitTest, AWordThePicklistLacksIsToldWithThoseItHas) {
  Have("new_phase", "choice").choices = {{"Early", "1"}, {"Late", "2"}};
  const std::string problems = Problems(
      R"("fields": { "sales_stage": { "crm": "new_phase", "direction": "to_crm",
           "values": { "Qualify": "Early", "Develop": "Middle", "Propose": "Late", "Close": "Late" } } })");
  EXPECT_NE(problems.find("new_phase has no \"Middle\""), std::string::npos) << problems;
  EXPECT_NE(problems.find("Early, Late"), std::string::npos);
  EXPECT_EQ(problems.find("\"Early\""), std::string::npos);
}

TEST_F(MappingFitTest, AColumnANewRecordMustHaveIsFilledOrToldOf) {
  Have("new_region", "choice").required = true;
  schema_.columns["new_region"].choices = {{"EMEA", "1"}};
  EXPECT_NE(Problems(R"("fields": {})").find("create.opportunity: a new record needs new_region"),
            std::string::npos);
  EXPECT_EQ(Problems(R"("create": { "opportunity": { "new_region": "EMEA" } })"), "");
  EXPECT_NE(Problems(R"("create": { "opportunity": { "new_region": "APAC" } })")
                .find("new_region has no \"APAC\""),
            std::string::npos);
}

PlannedLink Planned(std::int64_t id, const std::string& before, const std::string& after) {
  PlannedLink link;
  link.work.link.id = id;
  Step step;
  step.operation = IntentOperation::update_crm;
  step.changes.push_back({"notes", before, after, "crm_changed", "because"});
  link.plan.steps.push_back(step);
  return link;
}

TEST(MappingPreviewTest, ChangesAreCountedByFieldAndValueTheMostFrequentFirst) {
  std::vector<PlannedLink> links = {Planned(1, "a", "A"), Planned(2, "b", "B"),
                                    Planned(3, "b", "B"), Planned(4, "b", "B"),
                                    Planned(5, "b", "B")};
  const Json preview = Json::parse(PreviewAsJson(ConnectionName{"contoso"}, "new.json", links));
  EXPECT_EQ(preview["writes"], 5);
  EXPECT_EQ(preview["links"], 5);
  ASSERT_EQ(preview["fields"].size(), 1u);
  const Json& field = preview["fields"][0];
  EXPECT_EQ(field["writes"], 5);
  EXPECT_EQ(field["changes"][0],
            Json::parse(R"({"before": "b", "after": "B", "count": 4, "examples": [2, 3, 4]})"));
  EXPECT_EQ(field["others"], 0);
}

TEST(MappingPreviewTest, RareChangesAreCountedTogether) {
  std::vector<PlannedLink> links;
  for (int i = 1; i <= 50; ++i) links.push_back(Planned(i, std::to_string(i), "x"));
  const Json preview = Json::parse(PreviewAsJson(ConnectionName{"contoso"}, "new.json", links));
  EXPECT_EQ(preview["fields"][0]["changes"].size(), 20u);
  EXPECT_EQ(preview["fields"][0]["others"], 30);
}

}  // namespace
}  // namespace cosell::app

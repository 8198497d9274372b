#include "app/rest_description.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace cosell::app {
namespace {

using Json = nlohmann::json;

class RestDescriptionTest : public ::testing::Test {
 protected:
  RestDescriptionTest() { config_.auth.grant = Grant::token; }

  std::string Problems() {
    const auto parsed = ParseRestDescription(document_.dump(), "rest-crm.json", config_);
    return parsed ? "" : parsed.error().message;
  }
  void ExpectProblem(const std::string& text) {
    const std::string all = Problems();
    EXPECT_NE(all.find(text), std::string::npos) << all;
  }

  Json document_ = Json::parse(StarterDescription(), nullptr, true, true);
  CrmConfig config_;
};

TEST_F(RestDescriptionTest, TheStarterFileIsGoodAsItIs) {
  const auto parsed = ParseRestDescription(StarterDescription(), "rest-crm.json", config_);
  EXPECT_TRUE(parsed.ok()) << parsed.error().message;
}

TEST_F(RestDescriptionTest, ShapeAndMeaningAreReportedTogether) {
  document_["opportunity"]["list"]["itmes"] = "/data";
  document_["opportunity"]["precondition"]["by"] = "lock";
  document_["opportunity"]["update"].erase("path");
  document_["opportunity"]["roles"]["audit"] = "log";
  document_["opportunity"]["list"]["since"]["overlap_s"] = 0;
  ExpectProblem("rest-crm.json:\n");
  ExpectProblem("opportunity.list.itmes: is not a known key; did you mean \"items\"?");
  ExpectProblem("opportunity.precondition.by: \"lock\" is not one of etag, version, none");
  ExpectProblem("opportunity.update.path: is missing");
  ExpectProblem("opportunity.roles.audit: \"log\" is none of opportunity.attributes");
  ExpectProblem("opportunity.list.since.overlap_s: 0 is too small");
}

TEST_F(RestDescriptionTest, ASyntaxErrorIsPointedAt) {
  const auto parsed = ParseRestDescription("{\n  \"name\": ,\n}", "rest-crm.json", config_);
  ASSERT_FALSE(parsed.ok());
  EXPECT_NE(parsed.error().message.find("line 2"), std::string::npos) << parsed.error().message;
}

TEST_F(RestDescriptionTest, TheSchemeAndTheGrantGoTogether) {
  config_.auth.grant = Grant::password;
  ExpectProblem("auth.scheme: goes with the grant \"token\"");
  document_["auth"]["scheme"] = "basic";
  EXPECT_EQ(Problems(), "");
}

TEST_F(RestDescriptionTest, RolesOfTheConfigurationCount) {
  config_.fields = {{"deal_value", "net_value"}};
  ExpectProblem("opportunity.roles.deal_value: \"net_value\" is none of");
}

TEST_F(RestDescriptionTest, AFileThatIsNotThereIsNamed) {
  config_.description_file = "/nowhere/rest-crm.json";
  const auto loaded = LoadRestDescription(config_);
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(loaded.error().message.find("/nowhere/rest-crm.json"), std::string::npos);
}

}  // namespace
}  // namespace cosell::app

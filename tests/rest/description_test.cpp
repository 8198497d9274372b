#include <gtest/gtest.h>

#include <set>

#include "support/rest_description.h"

namespace cosell::test {
namespace {

using Json = nlohmann::json;

class DescriptionTest : public ::testing::Test {
 protected:
  Json& deal() { return description_["opportunity"]; }

  // "path: message" of every problem.
  std::string Problems(const std::map<std::string, std::string>& fields = {}) {
    std::vector<RestDescription::Problem> problems;
    (void)RestDescription::Parse(description_.dump(), fields, problems);
    std::string all;
    for (const auto& each : problems) all += each.path + ": " + each.message + "\n";
    return all;
  }
  void ExpectProblem(const std::string& path, const std::string& part) {
    const std::string all = Problems();
    const auto at = all.find(path + ": ");
    ASSERT_NE(at, std::string::npos) << all;
    EXPECT_NE(all.substr(at, all.find('\n', at) - at).find(part), std::string::npos) << all;
  }

  Json description_ = ExampleDescription();
};

TEST_F(DescriptionTest, TheExampleIsGood) { EXPECT_EQ(Problems(), ""); }

TEST_F(DescriptionTest, EveryMistakeIsReportedAtOnce) {
  deal()["attributes"]["name"]["member"] = "title";
  deal()["get"]["path"] = "/deals";
  deal()["roles"]["audit"] = "log";
  description_["account"].erase("create");
  description_["auth"] = {{"scheme", "client_credentials"}};
  ExpectProblem("opportunity.attributes.name.member", "JSON pointer");
  ExpectProblem("opportunity.get", "{id}");
  ExpectProblem("opportunity.roles.audit", "\"log\"");
  ExpectProblem("account.create", "is missing");
  ExpectProblem("auth.token_path", "is missing");
}

TEST_F(DescriptionTest, AnUnknownPlaceholderIsNamedWithTheKnownOnes) {
  deal()["find"]["query"] = {{"ref", "{referral}"}};
  const std::string all = Problems();
  EXPECT_NE(all.find("{referral} is not known here; known are {marker}"), std::string::npos) << all;
  EXPECT_NE(all.find("{marker} must stand"), std::string::npos) << all;
}

TEST_F(DescriptionTest, ALookupMustBeAnAttribute) {
  description_["contact"]["lookup"] = "person";
  ExpectProblem("contact.lookup", "opportunity.attributes");
}

TEST_F(DescriptionTest, AFeedOfDeletionsNeedsItsList) {
  deal()["deleted"] = {{"by", "feed"}};
  ExpectProblem("opportunity.deleted.list", "is missing");
  deal()["deleted"] = {{"by", "marker"}};
  ExpectProblem("opportunity.deleted.member", "is missing");
}

TEST_F(DescriptionTest, APagedListNeedsToKnowItsNextPage) {
  deal()["list"]["page"] = {{"by", "link"}};
  ExpectProblem("opportunity.list.page.next", "is missing");
  deal()["list"]["page"] = {{"by", "offset"}};
  ExpectProblem("opportunity.list.page.parameter", "is missing");
}

TEST_F(DescriptionTest, TheConfigurationsRolesGoBeforeTheFilesOwn) {
  deal()["attributes"]["value_usd"] = {{"member", "/usd"}, {"type", "money"}};
  EXPECT_EQ(Problems({{"deal_value", "value_usd"}}), "");
  const std::string all = Problems({{"deal_value", "value_gbp"}});
  EXPECT_NE(all.find("crm.fields.deal_value"), std::string::npos) << all;
}

TEST_F(DescriptionTest, ChoicesMustBeThere) {
  deal()["attributes"]["stage"].erase("choices");
  ExpectProblem("opportunity.attributes.stage.choices", "is missing");
  deal()["attributes"]["sync"]["choices"] = {{"yes", 1}};
  ExpectProblem("opportunity.attributes.sync.choices", "\"true\" and \"false\"");
}

TEST_F(DescriptionTest, ATextThatIsNoJsonIsSaidToBeNone) {
  std::vector<RestDescription::Problem> problems;
  (void)RestDescription::Parse("{", {}, problems);
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(problems.front().message, "is not valid JSON");
}

TEST_F(DescriptionTest, AnyMemberMayBeOfAnyOtherKind) {
  std::set<std::string> places;
  const Json flat = description_.flatten();
  for (const auto& item : flat.items()) {
    for (std::string place = item.key(); !place.empty(); place.resize(place.rfind('/'))) {
      places.insert(place);
    }
  }
  for (const std::string& place : places) {
    for (const Json& other :
         {Json(nullptr), Json(7), Json("x"), Json::array(), Json::object(), Json(true)}) {
      Json bent = description_;
      bent[Json::json_pointer(place)] = other;
      std::vector<RestDescription::Problem> problems;
      EXPECT_NO_THROW((void)RestDescription::Parse(bent.dump(), {}, problems)) << place;
    }
  }
}

}  // namespace
}  // namespace cosell::test

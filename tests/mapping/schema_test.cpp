#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "mapping/mapping.h"

// schema/mapping.schema.json is for editors; what the program reads must agree with it.
namespace cosell {
namespace {

using Json = nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

std::string TextOf(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class MappingSchemaTest : public testing::Test {
 protected:
  MappingSchemaTest() {
    const Json document = Json::parse(TextOf("schema/mapping.schema.json"));
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(Adapter(document), schema_);
  }
  bool Accepts(const Json& file) {
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    return validator.validate(schema_, Adapter(file), nullptr);
  }
  static bool Parses(const Json& file) { return ParseMapping(file.dump(), "mine.json").ok(); }

  valijson::Schema schema_;
};

TEST_F(MappingSchemaTest, AcceptsWhatTheProgramReads) {
  for (const char* crm : {"dynamics365", "salesforce"}) {
    EXPECT_TRUE(Accepts(Json::parse(*BuiltInMapping(crm), nullptr, true, true))) << crm;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string("tests/mapping_files/") + crm)) {
      const Json file = Json::parse(TextOf(entry.path()), nullptr, true, true);
      EXPECT_TRUE(Accepts(file)) << entry.path();
      EXPECT_TRUE(Parses(file)) << entry.path();
    }
  }
}

// Everything the built-in mapping says, once left to a wrong type and once under a wrong name: both
// refuse.
class Mutations {
 public:
  explicit Mutations(const Json& root) : root_(root) { Visit(root, Json::json_pointer()); }
  const std::vector<Json>& files() const { return files_; }

 private:
  void Visit(const Json& value, const Json::json_pointer& at) {
    for (const auto& item : value.items()) {
      const auto here = at / item.key();
      // A new referral's constants are free in form.
      if (here.to_string().starts_with("/create/referral/")) continue;
      Json wrong = root_;
      wrong[here] = Json::array({Json::object({{"wrong", Json::array()}})});
      files_.push_back(std::move(wrong));
      if (item.value().is_object()) Visit(item.value(), here);
    }
  }
  const Json& root_;
  std::vector<Json> files_;
};

TEST_F(MappingSchemaTest, RefusesWhatTheProgramRefuses) {
  const Json built_in = Json::parse(*BuiltInMapping("dynamics365"), nullptr, true, true);
  const Mutations mutations(built_in);
  EXPECT_GT(mutations.files().size(), 200u);
  for (const Json& file : mutations.files()) {
    const bool accepts = Accepts(file);
    EXPECT_EQ(accepts, Parses(file)) << Json::diff(built_in, file).dump();
  }
  for (const char* path : {"", "/fields/notes", "/status", "/account", "/lead", "/create"}) {
    Json file = built_in;
    file[Json::json_pointer(path)]["unheard_of"] = 1;
    EXPECT_FALSE(Accepts(file)) << path;
    EXPECT_FALSE(Parses(file)) << path;
  }
}

TEST_F(MappingSchemaTest, TransformsAreTheSame) {
  const auto with = [](const std::string& transform) {
    return Json::parse(R"({"crm": "dynamics365", "fields": {"x": {"type": "text", "crm": "a",
      "partner_center": "/details/notes", "direction": "to_crm", "transforms": [)" +
                       transform + "]}}}");
  };
  for (const char* good :
       {R"({"map": {"a": "b"}, "default_in_crm": "c"})", R"({"trim": "all"})",
        R"({"case": "lower"})", R"({"limit": 3})", R"({"split": ",", "part": -1})"}) {
    EXPECT_TRUE(Accepts(with(good))) << good;
    EXPECT_TRUE(Parses(with(good))) << good;
  }
  for (const char* bad :
       {R"({"map": ["a"]})", R"({"trim": "middle"})", R"({"case": "UPPER"})", R"({"limit": 0})",
        R"({"split": ",", "part": 0})", R"({"trim": "all", "limit": 3})", R"({"shout": 1})", "3"}) {
    EXPECT_FALSE(Accepts(with(bad))) << bad;
    EXPECT_FALSE(Parses(with(bad))) << bad;
  }
}

}  // namespace
}  // namespace cosell

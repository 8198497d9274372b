#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "mapping/conditions.h"
#include "mapping/effective.h"
#include "mapping/lens.h"
#include "mapping/mapping.h"
#include "mapping/read_record.h"
#include "mapping/render.h"

// A mapping file on top of the built-in one: what it may say, and what is wrong with it.
namespace cosell {
namespace {

using Json = nlohmann::json;

std::string File(const std::string& rest) { return "{ \"crm\": \"dynamics365\", " + rest + " }"; }
std::string Field(const std::string& name, const std::string& members) {
  return File("\"fields\": { \"" + name + "\": { " + members + " } }");
}
std::string ProblemsOf(const std::string& text) {
  const auto mapping = ParseMapping(text, "mine.json");
  return mapping ? "" : mapping.error().message;
}
void ExpectProblem(const std::string& text, const std::string& part) {
  EXPECT_NE(ProblemsOf(text).find(part), std::string::npos) << part << " in " << ProblemsOf(text);
}
FieldRule RuleOf(const Mapping& mapping, const std::string& name) {
  return mapping.fields.at(mapping.Find(name).value());
}
Mapping Parsed(const std::string& text) {
  const auto mapping = ParseMapping(text, "mine.json");
  EXPECT_TRUE(mapping.ok()) << (mapping ? "" : mapping.error().message);
  return mapping ? *mapping : Mapping{};
}

TEST(OverlayTest, AnEmptyFileIsTheBuiltInMapping) {
  const auto built_in = ParseMapping(*BuiltInMapping("dynamics365"), "built in");
  EXPECT_EQ(Parsed(R"({ "crm": "dynamics365" })").fingerprint, built_in->fingerprint);
  EXPECT_EQ(Parsed(R"({ "crm": "dynamics365", "extends": "built-in" })").fingerprint,
            built_in->fingerprint);
}

TEST(OverlayTest, OneMemberOfAFieldIsReplacedAndTheOthersStay) {
  const Mapping mapping = Parsed(Field("notes", R"("length_max": 100)"));
  EXPECT_EQ(RuleOf(mapping, "notes").length_max, 100u);
  EXPECT_EQ(RuleOf(mapping, "notes").crm, "description");
}

TEST(OverlayTest, NullTakesAway) {
  const Mapping mapping = Parsed(File(R"("lead": null, "fields": { "campaign": null })"));
  EXPECT_EQ(mapping.lead, nullptr);
  EXPECT_FALSE(mapping.Find("campaign"));
  ExpectProblem(File(R"("fields": { "status": null })"), "fields.status: is missing");
}

TEST(OverlayTest, ANewSourceTakesTheInheritedOneAway) {
  const Mapping mapping =
      Parsed(Field("referral_program", R"("constant": "Co-sell", "direction": "to_crm")"));
  EXPECT_EQ(RuleOf(mapping, "referral_program").constant, Value("Co-sell"));
  EXPECT_EQ(RuleOf(mapping, "referral_program").pointer, "");
}

TEST(OverlayTest, EveryLineKnowsItsOrigin) {
  const std::string text =
      "{ \"crm\": \"dynamics365\",\n  \"fields\": {\n    \"notes\": {\n"
      "      \"length_max\": 100 } } }";
  const auto lines = EffectiveLines(text, "mine.json");
  ASSERT_TRUE(lines.ok());
  const auto has = [&](const EffectiveLine& line) {
    return std::find(lines->begin(), lines->end(), line) != lines->end();
  };
  EXPECT_TRUE(has({"fields.notes.length_max", "100", "mine.json:4"}));
  EXPECT_TRUE(has({"fields.notes.crm", "\"description\"", "the built-in mapping"}));
  const auto built_in = EffectiveLines(*BuiltInMapping("dynamics365"), "the built-in mapping");
  EXPECT_TRUE(std::all_of(built_in->begin(), built_in->end(), [](const EffectiveLine& line) {
    return line.origin == "the built-in mapping";
  }));
}

TEST(OverlayTest, MomentsAreDirectionsOfTheirOwn) {
  const FieldRule once =
      RuleOf(Parsed(Field("campaign", R"("direction": "both", "on": ["create"])")), "campaign");
  EXPECT_EQ(once.direction, Direction::off);
  EXPECT_EQ(once.on_create, Direction::both);
  const FieldRule mixed =
      RuleOf(Parsed(Field("campaign", R"("direction": "both", "on": { "to_crm": ["create"] })")),
             "campaign");
  EXPECT_EQ(mixed.direction, Direction::to_partner_center);
  EXPECT_EQ(mixed.on_create, Direction::both);
}

TEST(OverlayTest, ConditionsSpeakOfBothSides) {
  const Mapping mapping = Parsed(Field(
      "campaign",
      R"("direction": "both", "when": { "/type": ["Shared"], "new_region": { "not": [2] } })"));
  const auto at = *mapping.Find("campaign");
  EXPECT_TRUE((*AllowedByReferral(mapping, R"({"type": "shared"})"))[at]);
  EXPECT_FALSE((*AllowedByReferral(mapping, R"({"type": "Independent"})"))[at]);
  EXPECT_TRUE((*AllowedByCrm(mapping, R"({"new_region": 1})"))[at]);
  EXPECT_FALSE((*AllowedByCrm(mapping, R"({"new_region": 2})"))[at]);
  const auto columns = ColumnsToRead(mapping);
  EXPECT_NE(std::find(columns.begin(), columns.end(), "new_region"), columns.end());
}

TEST(OverlayTest, AnElementOfAListIsNamedByIndexOrMember) {
  const std::string text = File(
      R"("fields": { "first": { "type": "text", "partner_center": "/details/requirements/solutions/0/name", "crm": "a", "direction": "to_crm" },
                     "duns": { "type": "text", "partner_center": "/customerProfile/ids/[profileType=Duns]/id", "crm": "b", "direction": "to_crm" } })");
  const Mapping mapping = Parsed(text);
  const auto record = RecordFromReferral(mapping, R"({
    "details": {"requirements": {"solutions": [{"name": "Hub"}, {"name": "Gate"}]}},
    "customerProfile": {"ids": [{"profileType": "External", "id": "x"}, {"profileType": "duns", "id": "12"}]}})");
  EXPECT_EQ(record->values[*mapping.Find("first")], Value("Hub"));
  EXPECT_EQ(record->values[*mapping.Find("duns")], Value("12"));
}

TEST(OverlayTest, AddressLinesAreJoinedAndSplit) {
  const Mapping mapping = Parsed(File(
      R"("account": { "columns": { "address1_line2": null, "address1_line1": { "partner_center":
         ["/customerProfile/address/addressLine1", "/customerProfile/address/addressLine2"], "join": "\n" } } })"));
  const auto account = AccountFromReferral(mapping, R"({"customerProfile": {"name": "Contoso",
      "address": {"addressLine1": "Hamngatan 4", "addressLine2": "Floor 2"}}})");
  const auto column = std::find_if(account->columns.begin(), account->columns.end(),
                                   [](const auto& each) { return each.first == "address1_line1"; });
  ASSERT_NE(column, account->columns.end());
  EXPECT_EQ(column->second, "\"Hamngatan 4\\nFloor 2\"");
  const auto sharing = SharingFromCrm(
      mapping, R"({"parentaccountid.address1_line1": "Hamngatan 4\nFloor 2\nDoor 3"})");
  EXPECT_EQ(sharing->At("/customerProfile/address/addressLine1"), "Hamngatan 4");
  EXPECT_EQ(sharing->At("/customerProfile/address/addressLine2"), "Floor 2\nDoor 3");
}

TEST(OverlayTest, MistakesAreToldWithLineAndMend) {
  ExpectProblem("{\n\"crm\": \"dynamics365\",\n\"fieldz\": {} }",
                "line 3: fieldz: is not known here; did you mean 'fields'?");
  ExpectProblem(Field("notes", R"("lenght_max": 3)"), "did you mean 'length_max'?");
  ExpectProblem(
      Field(
          "x",
          R"("type": "text", "crm": "a", "partner_center": "/detials/notes", "direction": "to_crm")"),
      "did you mean /details/notes?");
  ExpectProblem(Field("microsoft_crm_id", R"("direction": "both")"), "is read-only");
  ExpectProblem(
      Field("x", R"("type": "text", "crm": "a", "partner_center": "/mpnId", "direction": "both")"),
      "read-only once the referral is there");
  ExpectProblem(
      Field(
          "x",
          R"("type": "money", "crm": "a", "partner_center": "/details/notes", "direction": "to_crm")"),
      "money does not fit the member /details/notes");
  ExpectProblem(
      Field(
          "x",
          R"("type": "text", "crm": "description", "partner_center": "/details/notes", "direction": "to_crm")"),
      "writes description, which the field notes writes already");
  ExpectProblem(Field("name", R"("when": { "/type": ["Shared"] })"), "has no conditions");
  ExpectProblem(Field("notes", R"("conflict": "crm_win")"), "did you mean 'crm_wins'?");
  ExpectProblem(Field("notes", R"("transforms": [ { "shout": true } ])"),
                "must be an object with one of map");
  ExpectProblem(File(R"("account": { "columns": { "new_duns": "/customerProfil/name" } })"),
                "no referral has a member /customerProfil/name; did you mean");
  ExpectProblem(R"({ "crm": "dynamics" })", "did you mean 'dynamics365'?");
  ExpectProblem("{ \"crm\": \"dynamics365\",\n \"fields\": { }", "line 2");
  ExpectProblem("{ \"crm\": \"dynamics365\", \"crm\": \"dynamics365\" }", "stands there twice");
}

TEST(LensTest, ALossyFieldIsRefusedWithItsCounterExample) {
  ExpectProblem(Field("deal_value", R"("transforms": [ { "unit": "1000", "decimals": 2 } ])"),
                "in Partner Center becomes");
  ExpectProblem(Field("notes", R"("transforms": [ { "case": "upper" } ])"), "is lossy");
  ExpectProblem(Field("help", R"("values": { "QuotesOrLicensing": "General or Other" })"),
                "is lossy");
  EXPECT_EQ(
      ProblemsOf(Field("notes", R"("transforms": [ { "case": "upper" } ], "lossy": "normalise")")),
      "");
  EXPECT_EQ(
      ProblemsOf(Field("notes", R"("transforms": [ { "case": "upper" } ], "direction": "to_crm")")),
      "");
  EXPECT_EQ(
      ProblemsOf(Field("deal_value", R"("transforms": [ { "unit": "1000", "decimals": 5 } ])")),
      "");
}

TEST(LensTest, AFieldThatNeverComesToRestIsRefusedWhateverItSays) {
  const std::string time = R"({ "time": "00:00", "utc_offset": "+14:00" })";
  const auto with = [](const std::string& transforms) {
    return Field("closing_date",
                 "\"transforms\": [ " + transforms + " ], \"lossy\": \"normalise\"");
  };
  EXPECT_EQ(ProblemsOf(with(time)), "");
  ExpectProblem(with(time + ", " + time), "never comes to rest");
}

TEST(LensTest, LabelsAreTheSameWhateverTheirCase) {
  const FieldRule help = RuleOf(Parsed(R"({ "crm": "dynamics365" })"), "help");
  EXPECT_FALSE(FindLoss(help, {{}, {"Proof Of Concept Or Demo"}}));
  EXPECT_FALSE(FindLoss(help, {{}, {"A label of their own"}}));
}

TEST(LensTest, SomebodysTextIsNotRepeated) {
  const LossyExample loss{true, "secret note", "SECRET NOTE", "SECRET NOTE", false};
  EXPECT_EQ(DescribeLoss(loss, false).find("secret"), std::string::npos);
  EXPECT_NE(DescribeLoss(loss, true).find("secret note"), std::string::npos);
}

class MappingFilesTest : public testing::TestWithParam<std::string> {};

TEST_P(MappingFilesTest, IsUnderstood) {
  int files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("tests/mapping_files/" + GetParam())) {
    std::ifstream in(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    const auto mapping = ParseMapping(text.str(), entry.path().filename().string());
    EXPECT_TRUE(mapping.ok()) << (mapping ? "" : mapping.error().message);
    if (mapping) {
      EXPECT_EQ(mapping->crm, GetParam());
    }
    ++files;
  }
  EXPECT_GE(files, 10);
}

INSTANTIATE_TEST_SUITE_P(EveryFile, MappingFilesTest, testing::Values("dynamics365", "salesforce"));

}  // namespace
}  // namespace cosell

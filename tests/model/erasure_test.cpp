#include "model/erasure.h"

#include <gtest/gtest.h>

namespace cosell {
namespace {

const std::vector<std::string> kPhrases = {PhraseOf("jette.korn@tannhof.example"),
                                           PhraseOf("Jette Korn"), PhraseOf("+49 951 000001")};
const std::vector<std::string> kParts = {PhraseOf("Jette"), PhraseOf("Korn"), PhraseOf("Buyer")};

// As it is while a person is erased, and as it is ever after.
class ErasureTest : public testing::TestWithParam<bool> {
 protected:
  ErasureTest() {
    if (!GetParam()) {
      filter_ = PeopleFilter(kPhrases, kParts);
      return;
    }
    std::vector<ErasedPhrase> known;
    for (const auto& phrase : kPhrases)
      known.push_back({PhraseHash("salt", phrase), CountWords(phrase), false});
    for (const auto& part : kParts)
      known.push_back({PhraseHash("salt", part), CountWords(part), true});
    known.push_back({PhraseHash("salt", "plants"), 0, false});
    filter_ = PeopleFilter("salt", known);
  }
  PeopleFilter filter_;
};

TEST_P(ErasureTest, PhrasesGoOutOfTextsInAnySpelling) {
  EXPECT_EQ(filter_.InText("Call JETTE  Korn (Jette.Korn@Tannhof.example, +49-951-000001) today."),
            "Call [erased] ([erased], +[erased]) today.");
  EXPECT_EQ(filter_.InText("Three plants; Jette knows."), "Three plants; Jette knows.");
  EXPECT_EQ(filter_.InText(""), "");
}

TEST_P(ErasureTest, AListOfAddressesLosesTheirs) {
  EXPECT_EQ(filter_.InText("ada@tannhof.example\njette.korn@tannhof.example"),
            "ada@tannhof.example");
  EXPECT_EQ(filter_.InText("jette.korn@tannhof.example"), "");
}

TEST_P(ErasureTest, AMemberOfATeamGoesAsAWhole) {
  EXPECT_EQ(
      filter_.InJson(R"({"team":[{"firstName":"Jette","email":"jette.korn@tannhof.example"},)"
                     R"({"firstName":"Jette","email":"ada@tannhof.example"}],"value":84500.5})"),
      R"({"team":[{"firstName":"Jette","email":"ada@tannhof.example"}],"value":84500.5})");
}

TEST_P(ErasureTest, ColumnsOfAFlatRecordAreEmptied) {
  EXPECT_EQ(filter_.InJson(R"({"emailaddress1":"Jette.Korn@tannhof.example","firstname":"Jette",)"
                           R"("jobtitle":"Buyer","subject":"Brewhouse, asks Jette Korn"})"),
            R"({"emailaddress1":null,"firstname":null,"jobtitle":null,)"
            R"("subject":"Brewhouse, asks [erased]"})");
}

TEST_P(ErasureTest, WhatHoldsNobodyIsTheSameText) {
  const std::string text = R"({ "firstname" : "Jette", "n": 1.50 })";
  EXPECT_EQ(filter_.InJson(text), text);
  EXPECT_EQ(filter_.InJson("no JSON, Jette Korn"), "no JSON, Jette Korn");
}

TEST_P(ErasureTest, OnceIsEnough) {
  const std::string text =
      R"({"contacts":"jette.korn@tannhof.example","notes":"Jette Korn, twice"})";
  const std::string erased = filter_.InJson(text);
  EXPECT_EQ(erased, R"({"contacts":null,"notes":"[erased], twice"})");
  EXPECT_EQ(filter_.InJson(erased), erased);
}

INSTANTIATE_TEST_SUITE_P(, ErasureTest, testing::Bool(), [](const auto& info) {
  return std::string(info.param ? "ByHash" : "ByWords");
});

TEST(NobodyErasedTest, EverythingPasses) {
  EXPECT_TRUE(PeopleFilter().empty());
  EXPECT_EQ(PeopleFilter().InText("Jette Korn"), "Jette Korn");
}

}  // namespace
}  // namespace cosell

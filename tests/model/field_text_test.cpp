#include "model/field_text.h"

#include <gtest/gtest.h>

namespace cosell {
namespace {

TEST(FieldTextTest, ValuesComeBackWhateverTheyHold) {
  const Value quoted("\"a\\b\"\n\tc \xc3\xa4\x01");
  const Value none;
  const Value empty("");
  const std::string text = FieldsAsText({{"quoted", &quoted}, {"none", &none}, {"empty", &empty}});
  EXPECT_EQ(FieldsFromText(text),
            (FieldValues{{"quoted", quoted}, {"none", none}, {"empty", empty}}));
  EXPECT_EQ(FieldsAsText({}), "{}");
  EXPECT_TRUE(FieldsFromText("").empty());
}

TEST(FieldTextTest, ChangesHoldOnlyWhatDiffers) {
  const std::string before = R"({"a":"1","b":null,"c":"3"})";
  EXPECT_EQ(ChangesBetween(before, before, false), "");
  EXPECT_EQ(ChangesBetween(before, R"({"c":"3","b":null,"a":"1"})", false), "");
  EXPECT_EQ(ChangesBetween(before, R"({"a":"2","b":null,"c":null})", false),
            R"({"a":"2","c":null})");
  EXPECT_EQ(ChangesBetween("", before, false), before);
}

TEST(FieldTextTest, WhatIsGoneIsGoneAgainOrKept) {
  const std::string before = R"({"a":"1","~apart":["a"]})";
  const std::string after = R"({"a":"2"})";
  const std::string changes = ChangesBetween(before, after, false);
  EXPECT_EQ(changes, R"({"a":"2","~gone":["~apart"]})");
  EXPECT_EQ(ApplyChanges(before, changes), after);
  EXPECT_EQ(ChangesBetween(before, after, true), R"({"a":"2"})");
  EXPECT_EQ(ChangesBetween(before, "{}", true), "");
}

TEST(FieldTextTest, ApplyingChangesGivesTheLaterText) {
  const std::string texts[] = {R"({"a":"1"})", R"({"a":"1","b":"2"})", R"({"a":null,"b":"2"})",
                               R"({"a":null,"b":"2","~told":["x","y"]})", R"({"a":null})"};
  std::string folded;
  std::string before;
  for (const std::string& text : texts) {
    folded = ApplyChanges(folded, ChangesBetween(before, text, false));
    EXPECT_EQ(folded, text);
    before = text;
  }
}

}  // namespace
}  // namespace cosell

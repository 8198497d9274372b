#include <gtest/gtest.h>

#include "crm/rest/cursor.h"
#include "crm/rest/exact_json.h"
#include "crm/rest/stamps.h"
#include "crm/rest/template.h"
#include "crm/rest/values.h"

namespace cosell::rest {
namespace {

TEST(ExactJsonTest, DecimalsKeepTheirDigits) {
  const std::string text =
      R"({"a":[84500.10,-0.5,1e3,{"b":12345678901234567890.123}],"c":18446744073709551616,"d":null})";
  EXPECT_EQ(PrintExact(*ParseExact(text)), text);
}

TEST(ExactJsonTest, WhatIsNoJsonIsNothing) {
  for (const char* text : {"", "<html>", "{\"a\":}", "[1,]", "{\"a\":1} x", "\"\xff\""}) {
    EXPECT_FALSE(ParseExact(text).has_value()) << text;
  }
  EXPECT_FALSE(ParseExact("{} // why").has_value());
  EXPECT_TRUE(ParseExact("{} // why", true).has_value());
}

TEST(ExactJsonTest, NumbersAreToldFromOtherTexts) {
  for (const char* text : {"0", "-12", "84500.10", "1e3", "2E-7"}) EXPECT_TRUE(IsNumberText(text));
  for (const char* text : {"", "-", "01", "1.", ".5", "1,5", "1e", "NaN", "12 EUR"})
    EXPECT_FALSE(IsNumberText(text)) << text;
}

TEST(ExactJsonTest, PointersFindAndPut) {
  Json json = *ParseExact(R"({"a": {"b": [1, 2]}, "t": "x"})");
  EXPECT_EQ(*Find(json, "/a/b/1"), 2);
  EXPECT_EQ(Find(json, "/a/c"), nullptr);
  EXPECT_EQ(Find(json, "a"), nullptr);
  EXPECT_TRUE(Put(json, "/n/m", 7));
  EXPECT_EQ(json["n"]["m"], 7);
  EXPECT_FALSE(Put(json, "/t/deep", 7));
}

TEST(StampsTest, EveryFormIsReadAndPrinted) {
  const Instant at = *ParseInstant("2026-03-01T09:12:44.5Z");
  const std::pair<Stamp, Json> forms[] = {{Stamp::rfc3339, "2026-03-01T09:12:44.5Z"},
                                          {Stamp::unix_ms, 1772356364500}};
  for (const auto& [format, member] : forms) {
    EXPECT_EQ(ReadInstant(&member, format), at);
    EXPECT_EQ(PrintExact(StampMemberOf(at, format)), member.dump());
  }
  EXPECT_EQ(PrintStamp(at, Stamp::rfc3339_seconds), "2026-03-01T09:12:44Z");
  EXPECT_EQ(PrintStamp(at, Stamp::unix_s), "1772356364");
  EXPECT_EQ(PrintStamp(at, Stamp::date), "2026-03-01");
  const Json text = "1772356364";
  EXPECT_EQ(ReadInstant(&text, Stamp::unix_s), *ParseInstant("2026-03-01T09:12:44Z"));
  for (const Json& odd : {Json("soon"), Json(nullptr), Json::array(), Json(1e300)}) {
    for (const Stamp format : {Stamp::rfc3339, Stamp::unix_s, Stamp::unix_ms, Stamp::date}) {
      EXPECT_FALSE(ReadInstant(&odd, format).has_value()) << odd;
    }
  }
}

TEST(TemplateTest, PlaceholdersAreFilledInAndEncoded) {
  const Call call{"GET", "/deals/{id}", {{"q", "name:{name}"}, {"all", "yes"}}};
  EXPECT_EQ(*Fill(call, {{"id", "a/b?c"}, {"name", "O'Leary & Sons"}}, {{"page", "2"}}),
            "/deals/a%2Fb%3Fc?q=name%3AO%27Leary%20%26%20Sons&all=yes&page=2");
  EXPECT_EQ(PlaceholdersOf(call), (std::vector<std::string>{"id", "name"}));
  const auto missing = Fill(call, {{"id", "7"}});
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("{name}"), std::string::npos);
}

Attribute Described(const std::string& type) {
  Attribute attribute;
  attribute.name = "it";
  attribute.member = "/it";
  attribute.type = type;
  attribute.format = type == "date" ? Stamp::date : Stamp::rfc3339;
  return attribute;
}

TEST(ValuesTest, EveryTypeGoesThereAndBack) {
  Attribute flag = Described("boolean");
  flag.choices = {{"true", "\"Y\""}, {"false", "\"N\""}};
  Attribute stage = Described("choice");
  stage.choices = {{"Won", "4"}};
  Attribute price = Described("money");
  price.as = Attribute::As::text;
  Attribute born = Described("date");
  born.format = Stamp::unix_ms;
  struct Case {
    Attribute attribute;
    std::string flat;
    std::string member;
  };
  const Case cases[] = {{Described("text"), "\"x\"", "\"x\""},
                        {Described("text"), "null", "null"},
                        {Described("money"), "84500.10", "84500.10"},
                        {price, "84500.10", "\"84500.10\""},
                        {Described("date"), "\"2026-09-30\"", "\"2026-09-30\""},
                        {born, "\"2026-03-01\"", "1772323200000"},
                        {flag, "true", "\"Y\""},
                        {stage, "\"Won\"", "4"},
                        {Described("list"), "\"a; b\"", "[\"a\",\"b\"]"},
                        {Described("lookup"), "\"42\"", "\"42\""}};
  for (const Case& each : cases) {
    const auto member = MemberOf(each.attribute, each.flat, {});
    ASSERT_TRUE(member.ok()) << each.flat;
    EXPECT_EQ(PrintExact(*member), each.member) << each.attribute.type;
    EXPECT_EQ(FlatOf(each.attribute, &*member), each.flat) << each.attribute.type;
  }
}

TEST(ValuesTest, WhatAnAttributeDoesNotTakeIsRefusedByName) {
  Attribute text = Described("text");
  text.length_max = 3;
  const std::pair<Attribute, std::string> cases[] = {{text, "\"four\""},
                                                     {Described("money"), "\"much\""},
                                                     {Described("boolean"), "\"yes\""},
                                                     {Described("date"), "\"soon\""},
                                                     {Described("currency"), "\"XTS\""}};
  for (const auto& [attribute, flat] : cases) {
    const auto member = MemberOf(attribute, flat, {"EUR"});
    ASSERT_FALSE(member.ok()) << flat;
    EXPECT_EQ(member.error().kind, ErrorKind::refused);
    EXPECT_NE(member.error().message.find("Attribute it"), std::string::npos);
  }
}

TEST(ValuesTest, AValueOfAnotherTypeIsHandedOnAsItIs) {
  const Json odd = "twelve thousand";
  EXPECT_EQ(FlatOf(Described("money"), &odd), "\"twelve thousand\"");
  EXPECT_EQ(FlatOf(Described("date"), &odd), "\"twelve thousand\"");
}

TEST(CursorTest, WhatIsPrintedIsReadAgain) {
  Cursor cursor;
  cursor.since = *ParseInstant("2026-03-01T09:12:44Z");
  cursor.newest = *ParseInstant("2026-03-01T09:12:45Z");
  cursor.page = "next";
  cursor.told = {{"d-1", "2026-03-01T09:12:44Z#abc"}};
  const auto again = ParseCursor(PrintCursor(cursor));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->since, cursor.since);
  EXPECT_EQ(again->newest, cursor.newest);
  EXPECT_EQ(again->page, cursor.page);
  EXPECT_EQ(again->told, cursor.told);
  for (const char* odd : {"x", "[]", "{}", R"({"full":1,"page":"","told":{}})",
                          R"({"full":false,"page":"","told":{}})"}) {
    EXPECT_EQ(ParseCursor(odd).error().kind, ErrorKind::cursor_expired) << odd;
  }
}

}  // namespace
}  // namespace cosell::rest

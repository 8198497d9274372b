#include "mapping/normalize.h"

#include <gtest/gtest.h>

#include "mapping/deal_state.h"
#include "mapping/mark.h"

namespace cosell {
namespace {

FieldRule Rule(FieldType type, std::size_t length_max = 0) {
  FieldRule rule;
  rule.name = "field";
  rule.type = type;
  rule.length_max = length_max;
  return rule;
}

TEST(NormalizeTest, NumbersThatMeanTheSameLookTheSame) {
  EXPECT_EQ(NormalizeDecimal("84500.5000"), Value("84500.5"));
  EXPECT_EQ(NormalizeDecimal("\"10000\""), Value());
  EXPECT_EQ(NormalizeDecimal("10000"), Value("10000"));
  EXPECT_EQ(NormalizeDecimal("8.45005e4"), Value("84500.5"));
  EXPECT_EQ(NormalizeDecimal("1E+3"), Value("1000"));
  EXPECT_EQ(NormalizeDecimal("25e-3"), Value("0.025"));
  EXPECT_EQ(NormalizeDecimal("-0.00"), Value("0"));
  EXPECT_EQ(NormalizeDecimal("007"), Value("7"));
  EXPECT_EQ(NormalizeDecimal("12,5"), Value());
  EXPECT_EQ(NormalizeDecimal(""), Value());
}

TEST(NormalizeTest, RoundingIsDecimal) {
  EXPECT_EQ(RoundDecimal("84000.5", 0), "84001");
  EXPECT_EQ(RoundDecimal("1.005", 2), "1.01");
  EXPECT_EQ(RoundDecimal("999.99", 1), "1000");
  EXPECT_EQ(RoundDecimal("0.4", 0), "0");
  EXPECT_EQ(RoundDecimal("-2.5", 0), "-3");
}

TEST(NormalizeTest, AmountsAgreeToTheCent) {
  const FieldRule money = Rule(FieldType::money);
  EXPECT_TRUE(Agree(money, Value("84000.4567"), Value("84000.46")));
  EXPECT_TRUE(Agree(money, Value("84000.004"), Value("84000")));
  EXPECT_FALSE(Agree(money, Value("84500"), Value("84500.4"))) << "a missing decimal is a zero";
  EXPECT_FALSE(Agree(money, Value("84000.5"), Value("84001")));
  EXPECT_FALSE(Agree(money, Value("84000"), Value()));
}

TEST(NormalizeTest, ANoteAgreesWithItsCutToTheColumnAndWithNothingShorter) {
  const FieldRule column = Rule(FieldType::text, 2000);
  const std::string note(2500, 'x');
  EXPECT_TRUE(Agree(column, note, note.substr(0, 2000)));
  EXPECT_TRUE(Agree(column, note.substr(0, 1998) + "  and more", note.substr(0, 1998)))
      << "the blanks at the cut are dropped";
  EXPECT_FALSE(Agree(column, note, note.substr(0, 1990)));
  EXPECT_FALSE(Agree(column, note, "y" + note.substr(0, 1999)));
  EXPECT_FALSE(Agree(column, note.substr(0, 1955), note.substr(0, 1950))) << "nothing was cut";
  EXPECT_FALSE(Agree(Rule(FieldType::text), note, note.substr(0, 2000)));
}

TEST(NormalizeTest, ANameAgreesWithItsCutBehindTheMark) {
  FieldRule name = Rule(FieldType::text, 300);
  name.marked = true;
  const std::string full(320, 'n');
  const auto kept = [&](std::string_view mark) {
    return Value(std::string(StripMark(WithMark(mark, full, 300))));
  };
  EXPECT_TRUE(Agree(name, full, kept(kCheckMark)));
  EXPECT_TRUE(Agree(name, full, kept("")));
  EXPECT_FALSE(Agree(name, full, full.substr(0, 297)));
}

// What nobody has changed may be a value as the remote keeps it.
TEST(NormalizeTest, ARemoteMayRoundOrCutByItsOwnCounting) {
  const FieldRule money = Rule(FieldType::money), column = Rule(FieldType::text, 2000);
  const std::string note(2500, 'x');
  EXPECT_TRUE(MayBeKeptAs(money, Value("84000.5"), Value("84001")));
  EXPECT_TRUE(MayBeKeptAs(money, Value("84001"), Value("84000.5")));
  EXPECT_FALSE(MayBeKeptAs(money, Value("84000.5"), Value("84002")));
  EXPECT_FALSE(MayBeKeptAs(money, Value("84000"), Value()));
  EXPECT_TRUE(MayBeKeptAs(column, note, note.substr(0, 1990)));
  EXPECT_FALSE(MayBeKeptAs(column, note, note.substr(0, 1500)));
  EXPECT_FALSE(MayBeKeptAs(column, note.substr(0, 1955), note.substr(0, 1950)));
  EXPECT_FALSE(MayBeKeptAs(Rule(FieldType::code), Value("EUR"), Value("EU")));
}

TEST(NormalizeTest, LineEndsAndTrailingBlanksAreNoChange) {
  EXPECT_EQ(NormalizeText("one\r\ntwo\rthree \n"), Value("one\ntwo\nthree"));
  EXPECT_EQ(NormalizeText(" \t\n"), Value());
  EXPECT_EQ(NormalizeText("  keeps leading"), Value("  keeps leading"));
}

TEST(NormalizeTest, SetsIgnoreOrderCaseAndRepeats) {
  EXPECT_EQ(MakeSet({"SOL-2-ABC", " sol-1-abc", "SOL-1-ABC"}), Value("sol-1-abc\nsol-2-abc"));
  EXPECT_EQ(MakeSet({}), Value());
  EXPECT_EQ(MakeSet(SplitList("SOL-1-A, SOL-2-B;SOL-3-C\nSOL-1-A")),
            Value("sol-1-a\nsol-2-b\nsol-3-c"));
}

TEST(NormalizeTest, AnAbsentSwitchIsOff) {
  EXPECT_TRUE(Agree(Rule(FieldType::boolean), Value(), Value("false")));
  EXPECT_FALSE(Agree(Rule(FieldType::boolean), Value(), Value("true")));
}

TEST(DealStateTest, EveryPairOfTheContractHasAState) {
  EXPECT_EQ(StateFromReferral("New", "Pending"), Value("new"));
  EXPECT_EQ(StateFromReferral("new", "RECEIVED"), Value("new"));
  EXPECT_EQ(StateFromReferral("Active", "Accepted"), Value("active"));
  EXPECT_EQ(StateFromReferral("Closed", "Won"), Value("won"));
  EXPECT_EQ(StateFromReferral("Closed", "Expired"), Value("expired"));
  EXPECT_EQ(StateFromReferral("Closed", "Error"), Value("error"));
  EXPECT_EQ(StateFromReferral("Closed", "None"), Value());
  EXPECT_EQ(StateFromReferral("None", "None"), Value());
}

TEST(DealStateTest, OnlyLegalMovesAreLegal) {
  EXPECT_TRUE(IsLegalMove("new", "active"));
  EXPECT_TRUE(IsLegalMove("new", "declined"));
  EXPECT_TRUE(IsLegalMove("active", "won"));
  EXPECT_TRUE(IsLegalMove("active", "lost"));
  EXPECT_FALSE(IsLegalMove("new", "won"));
  EXPECT_FALSE(IsLegalMove("active", "declined"));
  EXPECT_FALSE(IsLegalMove("active", "new"));
  for (const char* closed : {"won", "lost", "declined", "expired", "error"}) {
    for (const char* to : {"new", "active", "won", "lost", "declined"})
      EXPECT_FALSE(IsLegalMove(closed, to));
  }
}

TEST(DealStateTest, EveryKindOfLossLooksLostInTheCrm) {
  EXPECT_TRUE(SameState(Value("expired"), Value("lost")));
  EXPECT_TRUE(SameState(Value("declined"), Value("lost")));
  EXPECT_FALSE(SameState(Value("won"), Value("lost")));
  EXPECT_FALSE(SameState(Value("active"), Value("lost")));
}

TEST(MarkTest, MarksOfEveryKindAreStripped) {
  EXPECT_EQ(StripMark("\u2713 Yard planning"), "Yard planning");
  EXPECT_EQ(StripMark("\u2714\uFE0F  Yard planning"), "Yard planning");
  EXPECT_EQ(StripMark("\u2717 \u2713 Yard planning"), "Yard planning");
  EXPECT_EQ(StripMark("Yard \u2713 planning"), "Yard \u2713 planning");
  EXPECT_EQ(StripMark(""), "");
}

TEST(MarkTest, TheNameIsShortenedAndNotTheMark) {
  const std::string name(300, 'n');
  const std::string marked = WithMark(kCheckMark, name, 300);
  EXPECT_TRUE(marked.starts_with("\u2713 n"));
  EXPECT_EQ(marked.size(), std::string(kCheckMark).size() + 1 + 298);
  EXPECT_EQ(WithMark("", name, 300), name);
}

TEST(MarkTest, AuditKeepsTheNewestLinesOnTop) {
  const AuditLine line{"2026-03-04 14:20", "CRM to Partner Center Referral", false,
                       "solution missing", "c-1"};
  const std::string text =
      PrependAudit(line, "2026-03-03 10:00 - older\r\n2026-03-02 10:00 - oldest", 120);
  EXPECT_EQ(
      text,
      "2026-03-04 14:20 - CRM to Partner Center Referral sync failure: solution missing [c-1]\n"
      "2026-03-03 10:00 - older");
  const AuditLine good{"2026-03-04 14:20", "Partner Center Referral to CRM", true, "", ""};
  EXPECT_EQ(PrependAudit(good, "", 2000),
            "2026-03-04 14:20 - Partner Center Referral to CRM sync success.");
}

}  // namespace
}  // namespace cosell

#include "mapping/transform.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "base/text.h"
#include "mapping/normalize.h"

namespace cosell {
namespace {

const ValueMap kCountries{{{"DE", "Germany"}, {"SE", "Sweden"}}, std::nullopt, std::nullopt};

TEST(TransformTest, WordsOfAMapGoBothWaysIgnoringCase) {
  EXPECT_EQ(ToCrm(Transform(kCountries), "de"), Value("Germany"));
  EXPECT_EQ(FromCrm(Transform(kCountries), "SWEDEN"), Value("SE"));
  EXPECT_EQ(ToCrm(Transform(kCountries), "FR"), Value("FR")) << "not listed: as it is";
  EXPECT_EQ(ToCrm(Transform(kCountries), std::nullopt), Value());
}

TEST(TransformTest, DefaultsStandForWordsThatAreNotListed) {
  ValueMap map = kCountries;
  map.crm_default = "Other";
  map.referral_default = "XX";
  EXPECT_EQ(ToCrm(Transform(map), "FR"), Value("Other"));
  EXPECT_EQ(FromCrm(Transform(map), "France"), Value("XX"));
}

TEST(TransformTest, BlanksAreTrimmedWhereTheMappingSays) {
  using Where = TrimBlanks::Where;
  const auto trim = [](Where where) { return ToCrm(Transform(TrimBlanks{where}), " a  b "); };
  EXPECT_EQ(trim(Where::start), Value("a  b "));
  EXPECT_EQ(trim(Where::end), Value(" a  b"));
  EXPECT_EQ(trim(Where::both), Value("a  b"));
  EXPECT_EQ(trim(Where::all), Value("a b"));
  EXPECT_EQ(ToCrm(Transform(TrimBlanks{}), "  "), Value());
}

TEST(TransformTest, LettersOfSeveralAlphabetsHaveACase) {
  EXPECT_EQ(ToCrm(Transform(LetterCase{true}), "größe čas ωμ жук 名"),
            Value("GRÖßE ČAS ΩΜ ЖУК 名"));
  EXPECT_EQ(ToCrm(Transform(LetterCase{false}), "GRÖẞE ČAS ΩΜ ЖУК ÿŸ"),
            Value("gröẞe čas ωμ жук ÿÿ"));
}

TEST(TransformTest, APartOfATextIsCountedFromEitherEnd) {
  const auto part = [](int number) { return ToCrm(Transform(TakePart{", ", number}), "a, b, c"); };
  EXPECT_EQ(part(1), Value("a"));
  EXPECT_EQ(part(-1), Value("c"));
  EXPECT_EQ(part(4), Value());
  EXPECT_TRUE(IsOneWay(TakePart{}));
}

TEST(TransformTest, AUnitIsExact) {
  const Transform thousands = UnitFactor{"1000", 5};
  EXPECT_EQ(ToCrm(thousands, "84512.34"), Value("84.51234"));
  EXPECT_EQ(FromCrm(thousands, "84.51234"), Value("84512.34"));
  EXPECT_EQ(ToCrm(Transform(UnitFactor{"1000", 1}), "84550"), Value("84.6"));
  EXPECT_EQ(ToCrm(Transform(UnitFactor{"0.01", 0}), "99999999999.99"), Value("9999999999999"));
  EXPECT_EQ(ToCrm(thousands, "no number"), Value());
}

TEST(TransformTest, ADateGetsItsTimeAndLosesItAgain) {
  const Transform morning = TimeOfDay{9 * 60, 60};
  EXPECT_EQ(ToCrm(morning, "2026-09-30"), Value("2026-09-30T08:00:00Z"));
  EXPECT_EQ(FromCrm(morning, "2026-09-30T08:00:00Z"), Value("2026-09-30"));
  EXPECT_EQ(FromCrm(morning, "2026-12-31T23:30:00Z"), Value("2027-01-01"));
}

TEST(TransformTest, ALimitCountsAsTheCrmDoes) {
  EXPECT_EQ(ToCrm(Transform(LengthLimit{3}), "ab🚀"), Value("ab"));
  EXPECT_EQ(ToCrm(Transform(LengthLimit{3}), "ab c"), Value("ab"));
}

std::string Decimal(std::uint64_t cents) {
  const std::string digits = std::to_string(cents % 100 + 100).substr(1);
  return NormalizeDecimal(std::to_string(cents / 100) + "." + digits).value();
}

RC_GTEST_PROP(TransformLaw, WhatAPowerOfTenDividesComesBack, (std::uint64_t cents)) {
  const int power = *rc::gen::inRange(0, 9);
  const Transform unit =
      UnitFactor{"1" + std::string(static_cast<std::size_t>(power), '0'), power + 2};
  const Value amount = Decimal(cents);
  RC_ASSERT(FromCrm(unit, ToCrm(unit, amount)) == amount);
}

// a = b * q + rest: the quotient is within half a unit of the last decimal.
RC_GTEST_PROP(TransformLaw, AQuotientTimesItsDivisorIsNear, (std::uint32_t a)) {
  const std::uint32_t b = *rc::gen::inRange<std::uint32_t>(1, 100'000);
  const double quotient = std::stod(DivideDecimals(std::to_string(a), std::to_string(b), 6));
  RC_ASSERT(std::abs(quotient - static_cast<double>(a) / b) <= 0.00000051);
}

RC_GTEST_PROP(TransformLaw, NormalisersComeToRestAtOnce, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("a", "Z", " ", "\n", "ß", "é", "Ω", "ж", "🚀"));
  const std::string text = Join(pieces, "");
  const std::vector<Transform> transforms = {TrimBlanks{TrimBlanks::Where::all}, LetterCase{true},
                                             LengthLimit{10}};
  const Value once = FromCrm(transforms, ToCrm(transforms, Value(text)));
  RC_ASSERT(FromCrm(transforms, ToCrm(transforms, once)) == once);
}

RC_GTEST_PROP(TransformLaw, DistinctWordsComeBack, (const std::map<std::uint8_t, int>& codes)) {
  ValueMap map;
  for (const auto& [code, number] : codes)
    map.to_crm["w" + std::to_string(code)] = "label " + std::to_string(code * 7);
  for (const auto& [word, label] : map.to_crm)
    RC_ASSERT(FromCrm(Transform(map), ToCrm(Transform(map), word)) == Value(word));
}

}  // namespace
}  // namespace cosell

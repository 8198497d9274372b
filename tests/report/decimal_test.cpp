#include "report/decimal.h"

#include <gtest/gtest.h>

namespace cosell::report {
namespace {

TEST(DecimalTest, SumsAreExact) {
  EXPECT_EQ(AddDecimals("0.1", "0.2"), "0.3");
  EXPECT_EQ(AddDecimals("84500.5", "0.5"), "84501");
  EXPECT_EQ(AddDecimals("999.99", "0.01"), "1000");
  EXPECT_EQ(AddDecimals("9007199254740993", "0.01"), "9007199254740993.01");
  EXPECT_EQ(AddDecimals("99999999999999999999", "1"), "100000000000000000000");
}

TEST(DecimalTest, NegativeAmountsAreTakenOff) {
  EXPECT_EQ(AddDecimals("-5", "12.25"), "7.25");
  EXPECT_EQ(AddDecimals("5", "-12.25"), "-7.25");
  EXPECT_EQ(AddDecimals("-5", "-0.5"), "-5.5");
  EXPECT_EQ(AddDecimals("1000", "-0.01"), "999.99");
  EXPECT_EQ(AddDecimals("3.5", "-3.5"), "0");
}

TEST(DecimalTest, NoAmountCountsAsNothing) {
  EXPECT_EQ(AddDecimals("", ""), "0");
  EXPECT_EQ(AddDecimals("", "12.5"), "12.5");
  EXPECT_EQ(AddDecimals("12.5", ""), "12.5");
}

}  // namespace
}  // namespace cosell::report

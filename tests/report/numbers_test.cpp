// From what the database has to the numbers of a report.

#include <gtest/gtest.h>

#include "report/report.h"
#include "sample.h"

namespace cosell::report {
namespace {

ReportScope March() {
  return {At("2026-03-01T00:00:00Z"), At("2026-04-01T00:00:00Z"), At("2026-04-01T00:00:00Z"), {}};
}

WriteDuration Write(const std::string& fields, std::int64_t changed, std::int64_t noticed) {
  return {"contoso", Side::crm, fields, changed, noticed, 5};
}

std::string Offered(const std::string& status, const std::string& expires) {
  return R"({"id":"r","status":")" + status + R"(","substatus":"Pending","expirationDateTime":")" +
         expires + R"("})";
}

TEST(ReportNumbersTest, PercentilesAreOfTheNearestRank) {
  ReportFacts facts;
  for (int i = 1; i <= 100; ++i) facts.durations.push_back(Write("notes", 1000 * i, i));
  const Report report = MakeReport(March(), facts);
  ASSERT_EQ(report.latency.size(), 3u);
  EXPECT_EQ(report.latency[0].measure, "changed_to_written");
  EXPECT_EQ(report.latency[0].count, 100);
  EXPECT_EQ(report.latency[0].p50_ms, 50'000);
  EXPECT_EQ(report.latency[0].p90_ms, 90'000);
  EXPECT_EQ(report.latency[0].p95_ms, 95'000);
  EXPECT_EQ(report.latency[0].p99_ms, 99'000);
  EXPECT_EQ(report.latency[0].max_ms, 100'000);
  EXPECT_EQ(report.latency[1].measure, "noticed_to_written");
  EXPECT_EQ(report.latency[1].p50_ms, 50);
}

TEST(ReportNumbersTest, OneTimeIsEveryPercentile) {
  ReportFacts facts;
  facts.durations = {Write("notes", 700, 7)};
  const Report report = MakeReport(March(), facts);
  EXPECT_EQ(report.latency[0].p50_ms, 700);
  EXPECT_EQ(report.latency[0].p99_ms, 700);
}

// They would make the service look faster than it is.
TEST(ReportNumbersTest, WritingIdentifiersIsNoChangeThatTravelled) {
  ReportFacts facts;
  facts.durations = {Write("referral_id,referral_link", 1, 1), Write("news", 1, 1),
                     Write("referral_id,visibility", 4, 4)};
  const Report report = MakeReport(March(), facts);
  ASSERT_EQ(report.latency.size(), 3u);
  EXPECT_EQ(report.latency[0].count, 1);
  EXPECT_EQ(report.latency[0].max_ms, 4);
}

TEST(ReportNumbersTest, AnUnknownTimeIsLeftOut) {
  ReportFacts facts;
  facts.durations = {{"contoso", Side::crm, "notes", std::nullopt, std::nullopt, 5}};
  const Report report = MakeReport(March(), facts);
  ASSERT_EQ(report.latency.size(), 1u);
  EXPECT_EQ(report.latency[0].measure, "remote_call");
}

TEST(ReportNumbersTest, AWriteOfSeveralFieldsCountsForEach) {
  ReportFacts facts;
  facts.changes = {{"contoso", Side::crm, "notes,deal_value", "newest_wins", 2},
                   {"contoso", Side::crm, "notes", "newest_wins", 3},
                   {"contoso", Side::crm, "notes", "create", 1}};
  const Report report = MakeReport(March(), facts);
  ASSERT_EQ(report.changes.size(), 3u);
  EXPECT_EQ(report.changes[0].field, "notes");
  EXPECT_EQ(report.changes[0].count, 5);
  EXPECT_EQ(report.changes[1].field, "deal_value");
  EXPECT_EQ(report.changes[1].count, 2);
  EXPECT_EQ(report.changes[2].rule, "create");
}

TEST(ReportNumbersTest, PipelineIsSummedExactlyByCurrencyAndStage) {
  ReportFacts facts;
  facts.deals = {{"contoso", "active", "EUR", "0.1"}, {"contoso", "active", "EUR", "0.2"},
                 {"contoso", "won", "EUR", "100"},    {"contoso", "active", "USD", "1.5"},
                 {"contoso", "active", "EUR", ""},    {"contoso", "active", "EUR", "a lot"}};
  const Report report = MakeReport(March(), facts);
  ASSERT_EQ(report.pipeline.size(), 3u);
  EXPECT_EQ(report.pipeline[0].value, "0.3");
  EXPECT_EQ(report.pipeline[0].deals, 4);
  EXPECT_EQ(report.pipeline[1].stage, "won");
  EXPECT_EQ(report.pipeline[2].currency, "USD");
}

TEST(ReportNumbersTest, OnlyUnansweredOffersExpire) {
  ReportFacts facts;
  facts.offers = {{"contoso", 1, "r1", "c1", Offered("New", "2026-04-10T12:00:00Z")},
                  {"contoso", 2, "r2", "c2", Offered("New", "2026-04-02T06:00:00Z")},
                  {"contoso", 3, "r3", "c3", Offered("Active", "2026-04-02T06:00:00Z")},
                  {"contoso", 4, "r4", "c4", Offered("New", "2026-03-31T06:00:00Z")},
                  {"contoso", 5, "r5", "c5", "not JSON"}};
  const Report report = MakeReport(March(), facts);
  ASSERT_EQ(report.expiring.size(), 3u);
  EXPECT_EQ(report.expiring[0].link_id, 4);
  EXPECT_EQ(report.expiring[0].days_left, -1);
  EXPECT_EQ(report.expiring[1].link_id, 2);
  EXPECT_EQ(report.expiring[1].days_left, 1);
  EXPECT_EQ(report.expiring[2].days_left, 9);
}

}  // namespace
}  // namespace cosell::report

// report: where it goes, in which format, and for which period.

#include <fstream>

#include "cli/commands_report.h"
#include "cli/desk.h"

namespace cosell::cli {
namespace {

class ReportCommand : public Desk {
 protected:
  ReportCommand() { Pair(1, LinkState::quarantined); }
  Outcome Report(const ReportRequest& request, bool json = false) {
    return Run([&](Session& session) { return MakeReport(session, request); }, json);
  }
  static ReportRequest March(const std::string& format) {
    ReportRequest request;
    request.from = "2026-03-01";
    request.to = "2026-03-31";
    request.format = format;
    return request;
  }
};

TEST_F(ReportCommand, WithoutAFormatItIsTextForReading) {
  const Outcome shown = Report({});
  EXPECT_EQ(shown.exit_code, kDone) << shown.errors;
  EXPECT_TRUE(Says(shown.output, "the CRM refused it twice")) << shown.output;
  EXPECT_TRUE(Says(shown.output, "No write failed in this period.")) << shown.output;
  EXPECT_EQ(shown.errors, "");
}

TEST_F(ReportCommand, OfALastDateAllIsIncluded) {
  const Json json = Report(March("json")).document();
  EXPECT_EQ(json["report"]["from"], "2026-03-01T00:00:00Z");
  EXPECT_EQ(json["report"]["to"], "2026-04-01T00:00:00Z");
  ReportRequest hours = March("json");
  hours.to = "2026-03-01T08:00:00+02:00";
  EXPECT_EQ(Report(hours).document()["report"]["to"], "2026-03-01T06:00:00Z");
}

TEST_F(ReportCommand, ForProgramsItIsOneDocument) {
  EXPECT_EQ(Report({}, true).document()["waiting"][0]["referral_id"], ReferralOf(1));
  EXPECT_EQ(Report(March("csv"), true).exit_code, kUsage);
}

TEST_F(ReportCommand, TheNameOfTheFileTellsTheFormat) {
  for (const std::string format : {"csv", "json", "html", "xlsx"}) {
    ReportRequest request = March("");
    request.out_file = File("march." + format);
    const Outcome written = Report(request, true);
    EXPECT_EQ(written.exit_code, kDone) << written.errors;
    EXPECT_EQ(written.document()["format"], format);
    EXPECT_EQ(written.document()["file"], request.out_file);
    EXPECT_FALSE(ReadFile("march." + format).empty());
  }
  EXPECT_TRUE(ReadFile("march.xlsx").starts_with("PK"));
  EXPECT_TRUE(ReadFile("march.html").starts_with("<!DOCTYPE html>"));
}

TEST_F(ReportCommand, AByteOrderMarkIsForCsv) {
  ReportRequest request = March("csv");
  request.bom = true;
  EXPECT_TRUE(Report(request).output.starts_with("\xEF\xBB\xBF\"report\""));
  request.format = "html";
  EXPECT_EQ(Report(request).exit_code, kUsage);
}

TEST_F(ReportCommand, WhatCannotBeIsSaid) {
  const auto expect = [&](const ReportRequest& request, const std::string& part) {
    const Outcome refused = Report(request);
    EXPECT_EQ(refused.exit_code, kUsage) << part;
    EXPECT_TRUE(Says(refused.errors, part)) << refused.errors;
    EXPECT_EQ(refused.output, "");
  };
  expect(March("xlsx"), "--out");
  expect(March("pdf"), "csv, json, html or xlsx");
  ReportRequest unnamed = March("");
  unnamed.out_file = File("march.report");
  expect(unnamed, "--format");
  ReportRequest backwards = March("json");
  std::swap(backwards.from, backwards.to);
  expect(backwards, "before");
  ReportRequest never = March("json");
  never.from = "yesterday";
  expect(never, "2026-03-01T08:00:00Z");
  ReportRequest nobody = March("json");
  nobody.connection = "tailspin";
  expect(nobody, "contoso, fabrikam");
  ReportRequest nowhere = March("html");
  nowhere.out_file = File("nowhere/march.html");
  expect(nowhere, "nowhere");
}

TEST_F(ReportCommand, WorksBesideTheDaemonWithoutAskingIt) {
  StartDaemon();
  EXPECT_EQ(Report({}).exit_code, kDone);
  EXPECT_TRUE(asked().empty());
}

}  // namespace
}  // namespace cosell::cli

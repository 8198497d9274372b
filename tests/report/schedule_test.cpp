// Reports that the daemon writes by itself.

#include "app/report_schedule.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "sample.h"
#include "store/store_factory.h"
#include "support/fake_clock.h"
#include "support/temp_folder.h"

namespace cosell::app {
namespace {

using report::At;
using Names = std::set<std::string>;

class ReportScheduleTest : public testing::Test {
 protected:
  ReportScheduleTest() {
    StoreOptions options;
    options.path = folder_.File("cosell-sync.db");
    options.clock = &clock_;
    store_ = OpenStore(options);
    config_.folder = folder_.File("reports/daily");
    config_.formats = {report::Format::json};
  }
  void Write(const char* now) {
    const auto written = WriteDueReports(config_, folder_.File("cosell-sync.db"), At(now));
    EXPECT_TRUE(written) << written.error().message;
  }
  Names Files() const {
    Names names;
    for (const auto& entry : std::filesystem::directory_iterator(config_.folder))
      names.insert(entry.path().filename().string());
    return names;
  }
  std::string Read(const std::string& name) const {
    std::ifstream in(config_.folder + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  test::TempFolder folder_;
  test::FakeClock clock_;
  std::unique_ptr<Store> store_;
  ReportConfig config_;
};

TEST_F(ReportScheduleTest, ADayIsACalendarDayAndIsWrittenOnce) {
  Write("2026-03-05T07:30:00Z");
  EXPECT_EQ(Files(), Names{"cosell-sync-report-20260305T000000Z.json"});
  const auto json = nlohmann::json::parse(Read("cosell-sync-report-20260305T000000Z.json"));
  EXPECT_EQ(json["report"]["from"], "2026-03-04T00:00:00Z");
  EXPECT_EQ(json["report"]["to"], "2026-03-05T00:00:00Z");
  EXPECT_EQ(json["report"]["made_at"], "2026-03-05T07:30:00Z");
  const std::string before = Read("cosell-sync-report-20260305T000000Z.json");
  Write("2026-03-05T23:59:59Z");
  EXPECT_EQ(Files().size(), 1u);
  EXPECT_EQ(Read("cosell-sync-report-20260305T000000Z.json"), before);
  Write("2026-03-06T00:00:00Z");
  EXPECT_EQ(Files().size(), 2u);
}

TEST_F(ReportScheduleTest, EveryFormatHasItsFile) {
  config_.interval = std::chrono::hours(1);
  config_.formats = {report::Format::csv, report::Format::html, report::Format::xlsx};
  Write("2026-03-05T07:30:00Z");
  EXPECT_EQ(Files(), (Names{"cosell-sync-report-20260305T070000Z.csv",
                            "cosell-sync-report-20260305T070000Z.html",
                            "cosell-sync-report-20260305T070000Z.xlsx"}));
  EXPECT_TRUE(Read("cosell-sync-report-20260305T070000Z.xlsx").starts_with("PK"));
}

TEST_F(ReportScheduleTest, OnlyTheNewestOfItsOwnAreKept) {
  config_.keep_count = 2;
  std::filesystem::create_directories(config_.folder);
  std::ofstream(config_.folder + "/cosell-sync-report-mine.json") << "{}";
  for (const char* now : {"2026-03-04T01:00:00Z", "2026-03-05T01:00:00Z", "2026-03-06T01:00:00Z"})
    Write(now);
  EXPECT_EQ(Files(),
            (Names{"cosell-sync-report-20260305T000000Z.json",
                   "cosell-sync-report-20260306T000000Z.json", "cosell-sync-report-mine.json"}));
}

TEST_F(ReportScheduleTest, AFolderThatCannotBeMadeIsNamed) {
  std::ofstream(folder_.File("reports")) << "a file";
  const auto written =
      WriteDueReports(config_, folder_.File("cosell-sync.db"), At("2026-03-05T07:30:00Z"));
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find(config_.folder), std::string::npos);
  EXPECT_NE(written.error().message.find("report.folder"), std::string::npos);
}

}  // namespace
}  // namespace cosell::app

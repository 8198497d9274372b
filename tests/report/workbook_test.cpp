// The workbook, taken apart again.

#include "workbook.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "report/render.h"
#include "report/topics.h"
#include "sample.h"
#include "support/temp_folder.h"

namespace cosell::report {
namespace {

class ReportWorkbookTest : public testing::Test {
 protected:
  Workbook Make(const Report& report) {
    const auto bytes = RenderXlsx(report, folder_.File("report.xlsx.part"));
    if (!bytes) throw std::runtime_error(bytes.error().message);
    return Workbook(*bytes);
  }
  void ExpectText(const Workbook& book, const std::string& cell, const std::string& text) {
    EXPECT_EQ(book.Cell("failures", cell).type, "s") << cell;
    EXPECT_EQ(book.Cell("failures", cell).value, text) << cell;
  }
  test::TempFolder folder_;
};

TEST_F(ReportWorkbookTest, OneSheetATopicAndNoScratchFileLeft) {
  const Workbook book = Make(HostileReport());
  std::vector<std::string> topics;
  for (const Topic& topic : TopicsOf(HostileReport())) topics.push_back(topic.key);
  EXPECT_EQ(book.sheets(), topics);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

// Rows begin at 4: note, empty row, names.
TEST_F(ReportWorkbookTest, IdsAreTextAndNothingIsAFormula) {
  const Workbook book = Make(HostileReport());
  EXPECT_FALSE(book.HasFormulaOrLink());
  EXPECT_GT(book.cells(), 100u);
  ExpectText(book, "D3", "Reason");
  ExpectText(book, "D4", kFormula);
  ExpectText(book, "H4", kLongNumber);
  ExpectText(book, "H5", kLeadingZeros);
  ExpectText(book, "H6", "+49");
  ExpectText(book, "H7", "-1");
  ExpectText(book, "H8", "1E5");
  ExpectText(book, "D6", "@SUM(A1)");
  ExpectText(book, "D9", kEmoji);
  EXPECT_EQ(book.Cell("connections", "D4").value, kMarkup);
}

TEST_F(ReportWorkbookTest, NumbersAreNumbersWhereNothingIsLost) {
  const Workbook book = Make(HostileReport());
  EXPECT_EQ(book.Cell("failures", "E4").type, "n");
  EXPECT_EQ(book.Cell("failures", "E4").value, "2");
  EXPECT_EQ(book.Cell("pipeline", "E4").type, "n");
  EXPECT_EQ(book.Cell("pipeline", "E4").value, "169000.75");
  EXPECT_EQ(book.Cell("pipeline", "E5").type, "s") << "nineteen digits do not fit into a number";
  EXPECT_EQ(book.Cell("pipeline", "E5").value, "12345678901234567.89");
  EXPECT_EQ(book.Cell("pipeline", "E6").value, "-5");
  EXPECT_EQ(book.Cell("pipeline", "B6").type, "") << "no currency";
}

TEST_F(ReportWorkbookTest, ChartsAreNativeAndPointAtTheirRows) {
  const Workbook book = Make(HostileReport());
  EXPECT_EQ(book.charts(), 5u) << "writes, latency, changes, and one for each currency";
  std::string all;
  for (const auto& [name, content] : book.files())
    if (name.starts_with("xl/charts/chart")) all += content;
  EXPECT_NE(all.find("pipeline!$E$4:$E$5"), std::string::npos);
  EXPECT_NE(all.find("pipeline!$C$4:$C$5"), std::string::npos);
  EXPECT_NE(all.find("pipeline!$E$6<"), std::string::npos);
}

TEST_F(ReportWorkbookTest, AFolderThatIsNotThereIsSaid) {
  const auto failed = RenderXlsx(HostileReport(), folder_.File("nowhere/report.part"));
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("nowhere"), std::string::npos);
}

}  // namespace
}  // namespace cosell::report

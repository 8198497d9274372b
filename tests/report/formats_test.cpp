// CSV, JSON and HTML, parsed back.

#include <gtest/gtest.h>

#include <Poco/AutoPtr.h>
#include <Poco/DOM/DOMParser.h>
#include <Poco/DOM/Document.h>
#include <Poco/DOM/Element.h>
#include <Poco/DOM/NodeList.h>
#include <Poco/SAX/XMLReader.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "report/render.h"
#include "report/topics.h"
#include "sample.h"

namespace cosell::report {
namespace {

using Records = std::vector<std::vector<std::string>>;

// RFC 4180 to the letter. `quoted` tells which fields were.
Records ParseCsv(const std::string& csv, std::vector<std::vector<bool>>* quoted = nullptr) {
  Records records(1);
  std::vector<std::vector<bool>> marks(1);
  std::size_t i = 0;
  while (i < csv.size()) {
    std::string field;
    const bool is_quoted = csv[i] == '"';
    if (is_quoted) {
      for (++i; i < csv.size(); ++i) {
        if (csv[i] == '"' && csv.compare(i, 2, "\"\"") != 0) break;
        if (csv[i] == '"') ++i;
        field += csv[i];
      }
      ++i;
    } else {
      while (i < csv.size() && csv[i] != ',' && csv[i] != '\r') field += csv[i++];
    }
    records.back().push_back(field);
    marks.back().push_back(is_quoted);
    if (i < csv.size() && csv[i] == ',') {
      ++i;
      if (csv[i] == '\r') records.back().push_back(""), marks.back().push_back(false);
    }
    if (csv.compare(i, 2, "\r\n") == 0) {
      i += 2;
      if (i < csv.size()) records.emplace_back(), marks.emplace_back();
    }
  }
  if (quoted != nullptr) *quoted = marks;
  return records;
}

// The records of a topic below its names.
Records TopicOf(const Records& records, const std::string& topic) {
  Records found;
  for (const auto& record : records) {
    if (record[0] == topic) found.push_back(record);
  }
  if (!found.empty()) found.erase(found.begin());
  return found;
}

TEST(ReportCsvTest, EveryRecordHasTheSameNumberOfFieldsAndEveryTopicItsNames) {
  const Records records = ParseCsv(RenderCsv(HostileReport(), {}));
  ASSERT_GT(records.size(), 20u);
  for (const auto& record : records) EXPECT_EQ(record.size(), records[0].size()) << record[0];
  for (const Topic& topic : TopicsOf(HostileReport())) {
    const auto names = std::find_if(records.begin(), records.end(),
                                    [&](const auto& record) { return record[0] == topic.key; });
    ASSERT_NE(names, records.end()) << topic.key;
    EXPECT_EQ((*names)[1], topic.columns[0].key);
    EXPECT_EQ(TopicOf(records, topic.key).size(), topic.rows.size()) << topic.key;
  }
}

TEST(ReportCsvTest, NothingBecomesAFormulaOrLosesDigits) {
  std::vector<std::vector<bool>> quoted;
  const std::string csv = RenderCsv(HostileReport(), {});
  const Records failures = TopicOf(ParseCsv(csv, &quoted), "failures");
  ASSERT_EQ(failures.size(), 7u);
  const std::vector<std::string> reasons = {"'" + kFormula, kLines,   "'@SUM(A1)",
                                            "'\tcmd",       "'\rcmd", kEmoji};
  const std::vector<std::string> ids = {
      "'" + kLongNumber, "'" + kLeadingZeros, "'+49", "'-1", "'1E5", "006xx000001a2B3AAC"};
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    EXPECT_EQ(failures[i][4], reasons[i]);
    EXPECT_EQ(failures[i][8], ids[i]);
  }
  EXPECT_EQ(failures[6][4],
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD\xEF\xBF\xBD z");
}

TEST(ReportCsvTest, NumbersAreBareAndExact) {
  const std::string csv = RenderCsv(HostileReport(), {});
  const Records pipeline = TopicOf(ParseCsv(csv), "pipeline");
  EXPECT_EQ(pipeline[0][5], "169000.75");
  EXPECT_EQ(pipeline[1][5], "12345678901234567.89");
  EXPECT_EQ(pipeline[2][2], "") << "no currency";
  EXPECT_NE(csv.find(",-5,"), std::string::npos) << "a negative number is a number";
  EXPECT_EQ(csv.find("\"169000.75\""), std::string::npos);
}

TEST(ReportCsvTest, ByteOrderMarkOnlyWhenAskedFor) {
  EXPECT_TRUE(RenderCsv(HostileReport(), {true}).starts_with("\xEF\xBB\xBF\"report\""));
  EXPECT_TRUE(RenderCsv(HostileReport(), {false}).starts_with("\"report\""));
}

TEST(ReportJsonTest, ValuesComeBackAsTheyWere) {
  const auto json = nlohmann::json::parse(RenderJson(HostileReport()));
  EXPECT_EQ(json["format"], 1);
  EXPECT_EQ(json["report"]["from"], "2026-03-01T00:00:00Z");
  EXPECT_EQ(json["report"]["to"], "2026-04-01T00:00:00Z");
  EXPECT_EQ(json["failures"][0]["reason"], kFormula);
  EXPECT_EQ(json["failures"][0]["last_record_id"], kLongNumber);
  EXPECT_EQ(json["failures"][1]["last_record_id"], kLeadingZeros);
  EXPECT_EQ(json["failures"][5]["reason"], kEmoji);
  EXPECT_EQ(json["connections"][0]["reason"], kMarkup);
  EXPECT_EQ(json["connections"][0]["in_step"], 9);
  EXPECT_EQ(json["pipeline"][1]["value"], "12345678901234567.89") << "a text, so that it is exact";
  EXPECT_EQ(json["pipeline"][1]["deals"], 1);
  EXPECT_TRUE(json["pipeline"][2]["currency"].is_null());
  EXPECT_EQ(json["chain_head"]["id"], 77);
  EXPECT_TRUE(json["open_conflicts"].is_array() && json["open_conflicts"].empty());
}

TEST(ReportJsonTest, AnEmptyAuditHasNoHead) {
  Report report = HostileReport();
  report.head = {};
  EXPECT_TRUE(nlohmann::json::parse(RenderJson(report))["chain_head"].is_null());
}

// The page is XML as well, so that a strict parser can tell whether it is well-formed.
class ReportHtmlTest : public testing::Test {
 protected:
  ReportHtmlTest() : html_(RenderHtml(HostileReport())) {
    Poco::XML::DOMParser parser;
    parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACES, false);
    document_ = parser.parseString(html_);
  }
  std::vector<Poco::XML::Element*> All(const std::string& name) {
    Poco::AutoPtr<Poco::XML::NodeList> nodes = document_->getElementsByTagName(name);
    std::vector<Poco::XML::Element*> elements;
    for (unsigned long i = 0; i < nodes->length(); ++i)
      elements.push_back(static_cast<Poco::XML::Element*>(nodes->item(i)));
    return elements;
  }
  bool HasCell(const std::string& text) {
    const auto cells = All("td");
    return std::any_of(cells.begin(), cells.end(),
                       [&](auto* cell) { return cell->innerText() == text; });
  }

  std::string html_;
  Poco::AutoPtr<Poco::XML::Document> document_;
};

TEST_F(ReportHtmlTest, HostileTextStaysText) {
  EXPECT_TRUE(All("script").empty());
  EXPECT_TRUE(HasCell(kMarkup));
  EXPECT_TRUE(HasCell(kFormula));
  EXPECT_TRUE(HasCell(kEmoji));
  EXPECT_TRUE(HasCell(kLongNumber));
  EXPECT_TRUE(HasCell(kLeadingZeros));
}

TEST_F(ReportHtmlTest, NothingComesFromElsewhereAndNothingRuns) {
  for (const char* name : {"link", "img", "iframe", "object", "form"})
    EXPECT_TRUE(All(name).empty()) << name;
  EXPECT_EQ(html_.find("url("), std::string::npos);
  EXPECT_EQ(html_.find(" style="), std::string::npos) << "a strict page policy refuses these";
  EXPECT_EQ(html_.find(" onclick"), std::string::npos);
}

TEST_F(ReportHtmlTest, EveryChartIsNamedAndHasItsTable) {
  const auto charts = All("svg");
  ASSERT_GE(charts.size(), 4u);
  for (auto* chart : charts) {
    EXPECT_EQ(chart->getAttribute("role"), "img");
    const std::string labelled = chart->getAttribute("aria-labelledby");
    auto* title = static_cast<Poco::XML::Element*>(chart->firstChild()->nextSibling());
    EXPECT_EQ(title->tagName(), "title");
    EXPECT_TRUE(labelled.starts_with(title->getAttribute("id") + " ")) << labelled;
    EXPECT_FALSE(title->innerText().empty());
    auto* section = chart->parentNode()->parentNode();
    const auto tables = static_cast<Poco::XML::Element*>(section)->getElementsByTagName("table");
    EXPECT_EQ(tables->length(), 1u);
    tables->release();
  }
  for (auto* head : All("th")) EXPECT_EQ(head->getAttribute("scope"), "col");
  EXPECT_EQ(All("caption").size(), All("table").size());
}

TEST_F(ReportHtmlTest, TheLongestBarIsThatOfTheLargestNumber) {
  const auto at = [&](const std::string& text) { return html_.find(text); };
  EXPECT_NE(at("width=\"72.00%\""), std::string::npos) << "41 writes";
  EXPECT_NE(at("width=\"5.27%\""), std::string::npos) << "3 of 41 writes";
}

TEST_F(ReportHtmlTest, ATopicWithoutRowsSaysSo) {
  EXPECT_NE(html_.find("No field waits for a decision."), std::string::npos);
  EXPECT_NE(html_.find("<html lang=\"en\">"), std::string::npos);
}

TEST_F(ReportHtmlTest, ALongTableSaysWhereTheRestIs) {
  Report report = HostileReport();
  report.expiring.assign(1001, {"contoso", 1, "r", "c", At("2026-04-03T00:00:00Z"), 1});
  const std::string html = RenderHtml(report);
  EXPECT_NE(html.find("1001 rows, the first 1000 shown; csv, json and xlsx have all"),
            std::string::npos);
  EXPECT_EQ(ParseCsv(RenderCsv(report, {})).size(),
            ParseCsv(RenderCsv(HostileReport(), {})).size() + 1001);
}

}  // namespace
}  // namespace cosell::report

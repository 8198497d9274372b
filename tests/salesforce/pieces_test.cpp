#include <gtest/gtest.h>

#include "base/record_id.h"
#include "crm/salesforce/answers.h"
#include "crm/salesforce/cursor.h"
#include "crm/salesforce/errors.h"
#include "crm/salesforce/json_text.h"
#include "crm/salesforce/limits.h"
#include "crm/salesforce/object.h"
#include "crm/salesforce/rest.h"
#include "crm/salesforce/soql.h"
#include "scripted_api.h"
#include "support/fake_clock.h"
#include "support/recording_log.h"

namespace cosell::test {
namespace {

using namespace salesforce;

Error Read(const net::ApiAnswer& answer) { return ErrorFromAnswer(answer, Purpose::read, "read"); }
ErrorKind Writing(const net::ApiAnswer& answer, Purpose purpose = Purpose::update) {
  return ErrorFromAnswer(answer, purpose, "write").kind;
}

TEST(SoqlTest, ValuesCanNeverBeMoreThanValues) {
  EXPECT_EQ(QuoteText("O'Brien & Söhne"), "'O\\'Brien & Söhne'");
  EXPECT_EQ(QuoteText("a\\b'; DELETE"), "'a\\\\b\\'; DELETE'");
  EXPECT_EQ(QuoteText("line\nnext\ttab\r"), "'line\\nnext\\ttab\\r'");
  EXPECT_EQ(QuoteText(std::string("\x01", 1)), "'\\u0001'");
}

TEST(SoqlTest, InstantsStandWithoutQuotes) {
  const Instant at = *ParseInstant("2026-10-19T08:15:42.000+0000");
  EXPECT_EQ(AtLeast("SystemModstamp", at), "SystemModstamp >= 2026-10-19T08:15:42Z");
  EXPECT_EQ(Behind(at, "0065g00000Qm1KdAAJ"),
            "(SystemModstamp > 2026-10-19T08:15:42Z OR (SystemModstamp = 2026-10-19T08:15:42Z AND "
            "Id > '0065g00000Qm1KdAAJ'))");
}

TEST(SoqlTest, AStatementHasItsPartsInOrder) {
  SelectStatement statement{
      {"Id", "Name"}, "Account", All({Equals("Name", "a"), "", "B = 1"}), "CreatedDate, Id", 5};
  EXPECT_EQ(Print(statement),
            "SELECT Id, Name FROM Account WHERE Name = 'a' AND B = 1 ORDER BY CreatedDate, Id "
            "LIMIT 5");
  EXPECT_EQ(In("Id", std::vector<std::string>{"x", "y"}), "Id IN ('x','y')");
}

TEST(JsonTextTest, NumbersLoseWhatSaysNothing) {
  EXPECT_EQ(NormalizeNumber("125000.0"), "125000");
  EXPECT_EQ(NormalizeNumber("1.2345678E7"), "12345678");
  EXPECT_EQ(NormalizeNumber("1.25e+3"), "1250");
  EXPECT_EQ(NormalizeNumber("5E-3"), "0.005");
  EXPECT_EQ(NormalizeNumber("-0.0"), "0");
  EXPECT_EQ(NormalizeNumber("-12.50"), "-12.5");
  EXPECT_EQ(NormalizeNumber("9007199254740993.01"), "9007199254740993.01");
  EXPECT_EQ(NormalizeNumber("abc"), "abc");
}

TEST(ObjectTest, TheNamespaceOfAPackageIsSetAside) {
  EXPECT_EQ(WithoutNamespace("msftpc__Audit__c"), "Audit__c");
  EXPECT_EQ(WithoutNamespace("Audit__c"), "Audit__c");
  EXPECT_EQ(WithoutNamespace("Name"), "Name");
}

TEST(AnswersTest, TheThreeErrorShapesAreRead) {
  const auto single = ParseFaults(
      R"([{"message":"m","errorCode":"REQUIRED_FIELD_MISSING","fields":["CloseDate"]}])");
  ASSERT_EQ(single.size(), 1u);
  EXPECT_EQ(single[0].code, "REQUIRED_FIELD_MISSING");
  EXPECT_EQ(single[0].fields, (std::vector<std::string>{"CloseDate"}));
  const auto row = ParseSaveResults(
      R"([{"success":false,"errors":[{"statusCode":"STRING_TOO_LONG","message":"m"}]}])");
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->at(0).faults.at(0).code, "STRING_TOO_LONG");
  const auto object = ParseFaults(R"({"error":"invalid_grant","error_description":"expired"})");
  EXPECT_EQ(object.at(0).code, "invalid_grant");
  EXPECT_TRUE(ParseFaults("<html>maintenance</html>").empty());
  EXPECT_TRUE(ParseFaults("[{\"errorCode\":").empty());
}

TEST(AnswersTest, MatchedRecordsAreReadInEitherSpelling) {
  for (const char* member : {"duplicateResut", "duplicateResult"}) {
    const Json body = Json::array(
        {{{"errorCode", "DUPLICATES_DETECTED"},
          {member,
           {{"matchResults",
             Json::array({{{"entityType", "Account"},
                           {"matchRecords",
                            Json::array({{{"record", {{"Id", "0015g00000Lp8Ty"}}}}})}}})}}}}});
    const auto faults = ParseFaults(body.dump());
    ASSERT_EQ(faults.at(0).matches.size(), 1u) << member;
    EXPECT_EQ(faults[0].matches[0].id, "0015g00000Lp8TyAAJ");
    EXPECT_EQ(faults[0].matches[0].type, "Account");
  }
}

TEST(ErrorsTest, CodesDecideBeforeTheStatus) {
  EXPECT_EQ(Read(Refused(400, "ENTITY_IS_DELETED")).kind, ErrorKind::not_found);
  EXPECT_EQ(Read(Refused(404, "NOT_FOUND")).kind, ErrorKind::not_found);
  EXPECT_EQ(Read(Refused(400, "INVALID_QUERY_LOCATOR")).kind, ErrorKind::cursor_expired);
  EXPECT_EQ(Read(Refused(400, "INSUFFICIENT_ACCESS_OR_READONLY")).kind, ErrorKind::forbidden);
  EXPECT_EQ(Read(Refused(403, "API_DISABLED_FOR_ORG")).kind, ErrorKind::forbidden);
  EXPECT_EQ(Read(Refused(401, "INVALID_SESSION_ID")).kind, ErrorKind::unauthorized);
  EXPECT_EQ(Read(Refused(400, "MALFORMED_QUERY")).kind, ErrorKind::refused);
  EXPECT_EQ(Read(Refused(400, "NEWER_THAN_THIS_PROGRAM")).kind, ErrorKind::refused);
  EXPECT_EQ(Read(Refused(410, "GONE")).kind, ErrorKind::invalid_input);
  EXPECT_EQ(Read(Answered(420)).kind, ErrorKind::unavailable);
  EXPECT_EQ(Read(Answered(414, "<html>")).code, "HTTP_414");
  EXPECT_EQ(Read(Answered(302)).kind, ErrorKind::invalid_response);
}

TEST(ErrorsTest, TheSameAnswerMeansOtherThingsToAWrite) {
  EXPECT_EQ(Writing(Answered(412)), ErrorKind::stale_version);
  EXPECT_EQ(Writing(Refused(412, "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE")),
            ErrorKind::stale_version);
  EXPECT_EQ(Writing(Refused(400, "DUPLICATE_VALUE"), Purpose::create), ErrorKind::already_exists);
  EXPECT_EQ(Writing(Refused(400, "DUPLICATE_VALUE")), ErrorKind::refused);
  EXPECT_EQ(Writing(Refused(404, "NOT_FOUND")), ErrorKind::not_found);
  EXPECT_EQ(Writing(Refused(404, "NOT_FOUND"), Purpose::create), ErrorKind::refused);
  EXPECT_EQ(Writing(Refused(500, "UNKNOWN_EXCEPTION")), ErrorKind::unknown_outcome);
  EXPECT_EQ(Writing(Answered(502, "<html>")), ErrorKind::unknown_outcome);
  EXPECT_EQ(Writing(Refused(400, "INVALID_CROSS_REFERENCE_KEY")), ErrorKind::not_found);
}

TEST(ErrorsTest, AUsedUpLimitSaysWhenToComeBack) {
  const Error daily = Read(Refused(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."));
  EXPECT_EQ(daily.kind, ErrorKind::throttled);
  EXPECT_EQ(daily.retry_after, std::chrono::minutes{15});
  const Error concurrent =
      Read(Refused(403, "REQUEST_LIMIT_EXCEEDED",
                   "ConcurrentRequests (Concurrent API Requests) Limit exceeded."));
  EXPECT_EQ(concurrent.retry_after, std::chrono::seconds{5});
}

TEST(ErrorsTest, RemoteWordsReachThePersonButNeverALog) {
  for (const char* code :
       {"FIELD_CUSTOM_VALIDATION_EXCEPTION", "REQUEST_LIMIT_EXCEEDED", "INVALID_SESSION_ID",
        "QUERY_TIMEOUT", "INVALID_QUERY_LOCATOR", "STRING_TOO_LONG", "UNSUPPORTED_API_VERSION"}) {
    const Error error = Read(Refused(400, code, "Ines Okafor is too long"));
    EXPECT_EQ(Summarize(error).find("Okafor"), std::string::npos) << code;
  }
  const Error refused = Read(Refused(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Name the buyer"));
  EXPECT_NE(Describe(refused).find("Name the buyer"), std::string::npos);
  EXPECT_NE(Describe(refused).find("validation rule"), std::string::npos);
}

TEST(ErrorsTest, ALockIsRecognisedInsideATriggersFailureToo) {
  EXPECT_TRUE(IsLocked({"UNABLE_TO_LOCK_ROW", "", {}, {}}));
  EXPECT_TRUE(IsLocked({"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "x: UNABLE_TO_LOCK_ROW", {}, {}}));
  EXPECT_FALSE(IsLocked({"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "null pointer", {}, {}}));
}

TEST(LimitsTest, TheUsageIsFoundAmongOtherItems) {
  EXPECT_EQ(ParseApiUsage("api-usage=18/5000"), (ApiUsage{18, 5000}));
  EXPECT_EQ(ParseApiUsage("api-usage=18/5000; per-app-api-usage=17/250(appName=cosell-sync)"),
            (ApiUsage{18, 5000}));
  EXPECT_EQ(ParseApiUsage("per-app-api-usage=17/250(appName=x); api-usage=18/5000"),
            (ApiUsage{18, 5000}));
  EXPECT_EQ(ParseApiUsage("api-bursts=1/750;api-usage=1/2"), (ApiUsage{1, 2}));
  EXPECT_FALSE(ParseApiUsage("per-app-api-usage=17/250(appName=x)").has_value());
  EXPECT_FALSE(ParseApiUsage("api-usage=many/5000").has_value());
  EXPECT_FALSE(ParseApiUsage("api-usage=1/0").has_value());
}

class CallBudgetTest : public ::testing::Test {
 protected:
  void Used(int percent) {
    budget.Note({{"Sforce-Limit-Info", "api-usage=" + std::to_string(percent) + "000/100000"}});
  }
  bool Admitted(bool finishes = false) { return budget.Admit(finishes).ok(); }
  std::size_t Warnings() const { return log.lines().size(); }

  FakeClock clock;
  RecordingLog log;
  CallBudget budget{clock, log};
};

TEST_F(CallBudgetTest, FromNinetyPercentOnCallsAreSpaced) {
  Used(89);
  EXPECT_TRUE(Admitted());
  EXPECT_EQ(clock.slept().count(), 0);
  Used(90);
  EXPECT_TRUE(Admitted());
  EXPECT_TRUE(Admitted());
  EXPECT_EQ(clock.slept(), std::chrono::seconds{4});
  Used(91);
  EXPECT_EQ(Warnings(), 1u);
  Used(50);
  EXPECT_TRUE(Admitted());
  EXPECT_EQ(clock.slept(), std::chrono::seconds{4});
  Used(92);
  EXPECT_EQ(Warnings(), 2u);
}

TEST_F(CallBudgetTest, FromNinetyFivePercentOnOnlyAProbeGoesOutNowAndThen) {
  Used(95);
  const Status refused = budget.Admit(false);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::throttled);
  EXPECT_EQ(refused.error().retry_after, std::chrono::minutes{15});
  EXPECT_TRUE(Admitted(true)) << "what has been begun is finished";
  clock.Advance(std::chrono::minutes{15});
  EXPECT_TRUE(Admitted());
  EXPECT_FALSE(Admitted()) << "one probe at a time";
  Used(96);
  EXPECT_FALSE(Admitted());
  EXPECT_EQ(Warnings(), 1u);
  clock.Advance(std::chrono::minutes{16});
  EXPECT_TRUE(Admitted());
  Used(40);
  EXPECT_TRUE(Admitted());
  EXPECT_TRUE(Admitted());
}

TEST(CursorTest, ItReadsBackWhatItPrints) {
  Cursor cursor;
  cursor.full = true;
  cursor.paging = true;
  cursor.link = "/services/data/v62.0/query/0r8xx0aBcDeFgHiAAJ-500";
  cursor.limit = 500;
  cursor.position = {*ParseInstant("2026-10-19T08:15:42Z"), "0065g00000Qm1KdAAJ"};
  cursor.since = ParseInstant("2026-10-19T08:00:00Z");
  cursor.columns = {"Id", "Name"};
  cursor.organization = "00D5g000004TqAzEAK";
  cursor.nonce = "7-1";
  EXPECT_EQ(ParseCursor(Print(cursor)), cursor);
  EXPECT_FALSE(ParseCursor("{}").has_value());
  EXPECT_FALSE(ParseCursor("not json").has_value());
  EXPECT_FALSE(ParseCursor(R"({"format":1,"full":"yes"})").has_value());
}

TEST(RestTest, OnlyPathsOfTheApiAreFollowed) {
  EXPECT_TRUE(IsApiPath("/services/data/v62.0/query/0r8xx0aBcDeFgHiAAJ-500"));
  EXPECT_FALSE(IsApiPath("https://evil.example/services/data/v62.0/query/x"));
  EXPECT_FALSE(IsApiPath("//evil.example/services/data/"));
  EXPECT_FALSE(IsApiPath("/services/data/../oauth2/token"));
  EXPECT_FALSE(IsApiPath("/services/oauth2/token"));
  EXPECT_FALSE(IsApiPath("/services/data/v62.0/query/a b"));
}

}  // namespace
}  // namespace cosell::test

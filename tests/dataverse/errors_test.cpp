#include "crm/dataverse/errors.h"

#include <gtest/gtest.h>

#include "crm/dataverse/odata.h"
#include "scripted_api.h"

namespace cosell::dataverse {
namespace {

using test::Answered;
using test::Refused;

struct Case {
  int status;
  std::string code;
  Purpose purpose;
  ErrorKind kind;
};

// Contract dynamics365.md section 11, row by row; then the statuses alone.
TEST(ErrorsTest, TheCodeDecidesAndThenTheStatus) {
  const std::vector<Case> cases = {
      {400, "0x80040203", Purpose::update, ErrorKind::refused},
      {400, "0x80044331", Purpose::update, ErrorKind::refused},
      {400, "0x80040265", Purpose::update, ErrorKind::refused},
      {400, "0x80060888", Purpose::read, ErrorKind::refused},
      {404, "0x80060888", Purpose::read, ErrorKind::refused},
      {400, "0x80048d19", Purpose::update, ErrorKind::refused},
      {400, "0x80048408", Purpose::action, ErrorKind::refused},
      {400, "0x80044352", Purpose::read, ErrorKind::cursor_expired},
      {400, "0x80060891", Purpose::read, ErrorKind::not_found},
      {403, "0x80040220", Purpose::update, ErrorKind::forbidden},
      {403, "0x80072560", Purpose::read, ErrorKind::forbidden},
      {404, "0x80040217", Purpose::update, ErrorKind::not_found},
      {412, "0x80060882", Purpose::update, ErrorKind::stale_version},
      {412, "-2147088254", Purpose::update, ErrorKind::stale_version},
      {412, "0x80060892", Purpose::create, ErrorKind::already_exists},
      {412, "0x80060892", Purpose::update, ErrorKind::refused},
      {412, "0x80040237", Purpose::create, ErrorKind::already_exists},
      {412, "0x80040333", Purpose::create, ErrorKind::refused},
      {500, "0x80040333", Purpose::create, ErrorKind::refused},
      {400, "0x80060883", Purpose::update, ErrorKind::refused},
      {400, "0x8006088D", Purpose::update, ErrorKind::refused},
      {429, "0x80072321", Purpose::update, ErrorKind::throttled},
      {429, "-2147015898", Purpose::update, ErrorKind::throttled},
      {500, "0x80040216", Purpose::read, ErrorKind::unavailable},
      {500, "0x80044151", Purpose::update, ErrorKind::unknown_outcome},
      {400, "", Purpose::update, ErrorKind::refused},
      {401, "", Purpose::read, ErrorKind::unauthorized},
      {404, "", Purpose::read, ErrorKind::not_found},
      {405, "", Purpose::update, ErrorKind::refused},
      {410, "", Purpose::read, ErrorKind::cursor_expired},
      {412, "", Purpose::create, ErrorKind::already_exists},
      {412, "", Purpose::update, ErrorKind::stale_version},
      {413, "", Purpose::update, ErrorKind::refused},
      {429, "", Purpose::update, ErrorKind::throttled},
      {501, "", Purpose::action, ErrorKind::refused},
      {503, "", Purpose::read, ErrorKind::unavailable},
      {503, "", Purpose::update, ErrorKind::unknown_outcome},
      {302, "", Purpose::read, ErrorKind::invalid_response},
  };
  for (const Case& each : cases) {
    const Error error = ErrorFromAnswer(Refused(each.status, each.code), each.purpose, "write");
    EXPECT_EQ(error.kind, each.kind) << each.status << " " << each.code;
    EXPECT_EQ(error.http_status, each.status);
  }
}

TEST(ErrorsTest, RetryAfterIsKept) {
  net::ApiAnswer answer = Refused(429, "0x80072322");
  answer.response.headers.emplace_back("Retry-After", "37");
  EXPECT_EQ(ErrorFromAnswer(answer, Purpose::update, "write").retry_after,
            std::chrono::seconds{37});
  net::ApiAnswer busy = Answered(503, "", {{"retry-after", "5"}});
  EXPECT_EQ(ErrorFromAnswer(busy, Purpose::update, "write").kind, ErrorKind::throttled);
}

TEST(ErrorsTest, TheRemotesWordsAreCutAndOnOneLine) {
  net::ApiAnswer answer = Refused(400, "0x80040203", "first\\nsecond " + std::string(900, 'x'));
  answer.response.headers.emplace_back("REQ_ID", "0f4f3c9a-0000-4000-8000-0000000000f1");
  const std::string message = ErrorFromAnswer(answer, Purpose::update, "update of it").message;
  EXPECT_EQ(message.find('\n'), std::string::npos);
  EXPECT_NE(message.find("update of it"), std::string::npos);
  EXPECT_NE(message.find("first second"), std::string::npos);
  EXPECT_NE(message.find("0f4f3c9a-0000-4000-8000-0000000000f1"), std::string::npos);
  EXPECT_LT(message.size(), 460u);
}

TEST(ErrorsTest, ABodyThatIsNoErrorObjectLeavesTheStatus) {
  for (const char* body : {"", "<html>", "[]", "{\"error\":5}", "{\"error\":{\"code\":null}}"}) {
    EXPECT_EQ(ErrorFromAnswer(Answered(404, body), Purpose::read, "read").kind,
              ErrorKind::not_found);
  }
}

TEST(ErrorsTest, ADuplicateReportedAsAServerErrorIsDecided) {
  Error error;
  error.kind = ErrorKind::unknown_outcome;
  error.http_status = 500;
  error.code = "0x80040333";
  EXPECT_EQ(ErrorFromClient(error, Purpose::create, "create").kind, ErrorKind::refused);
  error.code = "0x80040216";
  EXPECT_EQ(ErrorFromClient(error, Purpose::create, "create").kind, ErrorKind::unknown_outcome);
}

TEST(ODataTest, NumbersAreWrittenWithoutTrailingZeros) {
  EXPECT_EQ(NormalizeNumber("20000.0000"), "20000");
  EXPECT_EQ(NormalizeNumber("84500.50 "), "84500.5");
  EXPECT_EQ(NormalizeNumber("999999999999.9999"), "999999999999.9999");
  EXPECT_EQ(NormalizeNumber("100"), "100");
  EXPECT_EQ(NormalizeNumber("0.0"), "0");
  EXPECT_EQ(NormalizeNumber("-0.0"), "0");
  EXPECT_EQ(NormalizeNumber("8.45E+4"), "84500");
}

TEST(ODataTest, LiteralsAndQueriesAreEscaped) {
  EXPECT_EQ(QuoteLiteral("O'Brien"), "'O''Brien'");
  EXPECT_EQ(Print(Query{"accounts", "name", "name eq 'A+B & C'", "createdon asc", "2"}),
            "accounts?$select=name&$filter=name%20eq%20%27A%2BB%20%26%20C%27&$orderby=createdon%20"
            "asc&$top=2");
  EXPECT_EQ(Quoted("a\"b\\c\n\x01"), "\"a\\\"b\\\\c\\n\\u0001\"");
}

}  // namespace
}  // namespace cosell::dataverse

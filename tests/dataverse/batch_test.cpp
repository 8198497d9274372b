#include "crm/dataverse/batch.h"

#include <gtest/gtest.h>

namespace cosell::dataverse {
namespace {

TEST(BatchTest, RequestsAreWrittenWithCarriageReturnsAndEmptyLines) {
  Operation patch;
  patch.method = "PATCH";
  patch.path = "opportunities(1)?$select=name";
  patch.headers = {{"If-Match", "W/\"7\""}};
  patch.body = "{\"name\":\"x\"}";
  Operation get;
  get.path = "accounts?$select=name";
  const std::vector<Operation> operations = {patch, get};
  EXPECT_EQ(BuildBatch(operations, "batch_1", "/api/data/v9.2/"),
            "--batch_1\r\n"
            "Content-Type: application/http\r\n"
            "Content-Transfer-Encoding: binary\r\n"
            "\r\n"
            "PATCH /api/data/v9.2/opportunities(1)?$select=name HTTP/1.1\r\n"
            "Content-Type: application/json\r\n"
            "If-Match: W/\"7\"\r\n"
            "\r\n"
            "{\"name\":\"x\"}\r\n"
            "--batch_1\r\n"
            "Content-Type: application/http\r\n"
            "Content-Transfer-Encoding: binary\r\n"
            "\r\n"
            "GET /api/data/v9.2/accounts?$select=name HTTP/1.1\r\n"
            "\r\n"
            "\r\n"
            "--batch_1--\r\n");
}

TEST(BatchTest, TheBoundaryComesFromTheContentType) {
  EXPECT_EQ(BatchBoundary("multipart/mixed; boundary=batchresponse_9f"), "batchresponse_9f");
  EXPECT_EQ(BatchBoundary("Multipart/Mixed;charset=utf-8; Boundary=\"a b\""), "a b");
  EXPECT_FALSE(BatchBoundary("application/json").has_value());
  EXPECT_FALSE(BatchBoundary("multipart/mixed").has_value());
}

constexpr std::string_view kNested =
    "preamble\r\n"
    "--b\r\n"
    "Content-Type: multipart/mixed; boundary=b_nested\r\n"
    "\r\n"
    "--b_nested\r\n"
    "Content-Type: application/http\r\n"
    "Content-ID: 1\r\n"
    "\r\n"
    "HTTP/1.1 204 No Content\r\n"
    "OData-EntityId: https://x/accounts(1)\r\n"
    "\r\n"
    "\r\n"
    "--b_nested--\r\n"
    "--b  \r\n"
    "Content-Type: application/http\r\n"
    "\r\n"
    "HTTP/1.1 412 Precondition Failed\r\n"
    "Content-Type: application/json; odata.metadata=minimal\r\n"
    "\r\n"
    "{\"error\":{\"code\":\"0x80060882\",\"message\":\"--b is no delimiter here\"}}\r\n"
    "--b--\r\n"
    "epilogue\r\n";

void ExpectNested(const std::vector<net::HttpResponse>& parts) {
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].status, 204);
  EXPECT_EQ(net::FindHeader(parts[0].headers, "odata-entityid"), "https://x/accounts(1)");
  EXPECT_EQ(parts[0].body, "");
  EXPECT_EQ(parts[1].status, 412);
  EXPECT_EQ(parts[1].body,
            "{\"error\":{\"code\":\"0x80060882\",\"message\":\"--b is no delimiter here\"}}");
}

TEST(BatchTest, AnswersAreReadWithThoseOfAChangeSetInLine) {
  ExpectNested(ParseBatch(kNested, "b"));
}

TEST(BatchTest, BareLineFeedsAreTolerated) {
  std::string text(kNested);
  std::erase(text, '\r');
  ExpectNested(ParseBatch(text, "b"));
}

TEST(BatchTest, APartThatWasCutOffIsNotReturned) {
  const std::string_view cut = kNested.substr(0, kNested.find("is no delimiter"));
  const auto parts = ParseBatch(cut, "b");
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].status, 204);
}

TEST(BatchTest, EveryCutOfAnAnswerIsSurvived) {
  for (std::size_t size = 0; size <= kNested.size(); ++size) {
    EXPECT_LE(ParseBatch(kNested.substr(0, size), "b").size(), 2u);
  }
}

TEST(BatchTest, APartThatIsNotHttpHasNoStatus) {
  const auto parts = ParseBatch("--b\r\nContent-Type: text/html\r\n\r\n<html>\r\n--b--", "b");
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].status, 0);
}

}  // namespace
}  // namespace cosell::dataverse

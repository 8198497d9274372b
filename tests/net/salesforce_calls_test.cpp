#include <gtest/gtest.h>

#include "net/api_client.h"
#include "net/retry.h"
#include "net/salesforce_tokens.h"
#include "support/fake_clock.h"
#include "support/fake_secrets.h"
#include "support/recording_log.h"
#include "support/scripted_transport.h"

// What is Salesforce's own about a call: its error bodies and the one 401 that a new
// sign-in mends.
namespace cosell::net {
namespace {

// --- error bodies (sections 2.6 and 3.5)

TEST(SalesforceErrorTest, CodeOfEveryShape) {
  EXPECT_EQ(RemoteCode(R"([{"message":"Session expired","errorCode":"INVALID_SESSION_ID"}])"),
            "INVALID_SESSION_ID");
  EXPECT_EQ(RemoteCode(R"([{"errorCode":"NOT_FOUND"},{"errorCode":"OTHER"}])"), "NOT_FOUND");
  EXPECT_EQ(RemoteCode(R"({"error":"invalid_grant","error_description":"no"})"), "invalid_grant");
  EXPECT_EQ(RemoteCode(R"({"errorCode":"API_DISABLED_FOR_ORG"})"), "API_DISABLED_FOR_ORG");
  EXPECT_EQ(RemoteCode(R"([{"statusCode":"DUPLICATE_VALUE","fields":[]}])"), "DUPLICATE_VALUE");
  for (const char* const body :
       {"[]", "[[]]", R"(["INVALID_SESSION_ID"])", R"([{"message":"x"}])",
        R"([{"errorCode":"a text that names pat@contoso.example"}])", "<html/>"}) {
    EXPECT_EQ(RemoteCode(body), "") << body;
  }
}

// --- 401 (section 2.7)

constexpr const char* kExpired =
    R"([{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}])";
constexpr const char* kUrl = "https://northwind.my.salesforce.com/services/data/v62.0/limits";

class SalesforceCallTest : public testing::Test {
 protected:
  Result<ApiAnswer> Read() { return client_->Send({{"GET", kUrl, {}, {}}, Repeat::safe, {}}); }
  void AnswerSignIn(const std::string& token) {
    network_.Answer(200, R"({"access_token":")" + token +
                             R"(","instance_url":"https://northwind.my.salesforce.com"})");
  }
  std::size_t sign_ins() const {
    std::size_t count = 0;
    for (const auto& request : network_.requests()) count += request.url == kUrl ? 0 : 1;
    return count;
  }

  test::ScriptedTransport network_;
  test::FakeSecrets secrets_;
  test::FakeClock clock_;
  SeededRandom random_{1};
  test::RecordingLog log_;
  std::unique_ptr<SalesforceTokens> tokens_ =
      MakeSalesforceTokens({.login_url = "https://login.salesforce.com",
                            .grant = "client_credentials",
                            .client_id = "3MVG9.invented.key",
                            .client_secret = {"", "", "s3cret"},
                            .refresh_token = {},
                            .username = {},
                            .password = {},
                            .security_token = {},
                            .private_key_file = {}},
                           network_, secrets_, clock_, log_);
  std::unique_ptr<ApiClient> client_ =
      MakeApiClient(network_, *tokens_, clock_, random_, log_,
                    {.retry = {}, .origin = {}, .session_expired_code = "INVALID_SESSION_ID"});
};

TEST_F(SalesforceCallTest, ExpiredSessionIsRenewedOnce) {
  AnswerSignIn("access-1");
  network_.Answer(401, kExpired);
  AnswerSignIn("access-2");
  network_.Answer(200, "{}");
  ASSERT_TRUE(Read().ok());
  EXPECT_EQ(FindHeader(network_.requests().at(3).headers, "Authorization"), "Bearer access-2");
}

TEST_F(SalesforceCallTest, Other401EndsTheCallAndKeepsTheToken) {
  AnswerSignIn("access-1");
  for (const std::string& body :
       {std::string(R"([{"message":"x","errorCode":"INVALID_AUTH_HEADER"}])"), std::string(),
        std::string("<html>proxy</html>"),
        std::string(R"([{"message":"This session is not valid for use with the REST API"}])")}) {
    network_.Answer(401, body);
    const auto answer = Read();
    ASSERT_FALSE(answer.ok()) << body;
    EXPECT_EQ(answer.error().kind, ErrorKind::unauthorized);
    EXPECT_EQ(answer.error().http_status, 401);
    EXPECT_EQ(answer.error().code, RemoteCode(body));
    EXPECT_NE(answer.error().message.find("may use the API"), std::string::npos);
  }
  EXPECT_EQ(sign_ins(), 1U);
  network_.Answer(200, "{}");
  EXPECT_TRUE(Read().ok());
}

// A service that answers every token with 401 must see few sign-ins and few calls, however many
// calls we would like to make.
TEST_F(SalesforceCallTest, SessionRefusedForEverIsNoLoop) {
  network_.Otherwise([](const HttpRequest& request) {
    if (request.url == kUrl) return HttpResponse{401, {}, kExpired};
    return HttpResponse{
        200, {}, R"({"access_token":"the same","instance_url":"https://x.example"})"};
  });
  for (int call = 0; call < 500; ++call) {
    const auto answer = Read();
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().kind, ErrorKind::unauthorized);
  }
  EXPECT_EQ(sign_ins(), 2U);
  EXPECT_EQ(network_.requests().size(), 4U);
}

// --- 420 (section 14.1)

TEST_F(SalesforceCallTest, RoutingTroubleIsPassing) {
  AnswerSignIn("access-1");
  network_.Answer(420);
  network_.Answer(200, "{}");
  EXPECT_TRUE(Read().ok());
  network_.Answer(420);
  const auto write = client_->Send({{"POST", kUrl, {}, "{}"}, Repeat::never, {}});
  ASSERT_FALSE(write.ok());
  EXPECT_EQ(write.error().kind, ErrorKind::unknown_outcome);
}

}  // namespace
}  // namespace cosell::net

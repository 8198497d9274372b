#include "net/credentials.h"

#include <gtest/gtest.h>

#include "net/url.h"
#include "support/fake_clock.h"
#include "support/fake_secrets.h"
#include "support/recording_log.h"
#include "support/scripted_transport.h"

namespace cosell::net {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using test::FakeClock;
using test::FakeSecrets;
using test::RecordingLog;
using test::ScriptedTransport;

SecretSource File(const std::string& name) {
  SecretSource source;
  source.file = name;
  return source;
}

class CredentialsTest : public testing::Test {
 protected:
  std::unique_ptr<TokenSource> Tokens(bool secret_in_header = true) {
    secrets_.Set(File("secret"), "s+e/c=r%et");
    ClientCredentials credentials;
    credentials.token_url = "https://login.contoso.example/oauth/token";
    credentials.client_id = "co:sell";
    credentials.client_secret = File("secret");
    credentials.scope = "deals.read deals.write";
    credentials.secret_in_header = secret_in_header;
    return MakeClientCredentialTokens(credentials, network_, secrets_, clock_);
  }
  void Grants(const std::string& token, int lifetime_s) {
    network_.Answer(200, R"({"access_token":")" + token + R"(","expires_in":)" +
                             std::to_string(lifetime_s) + "}");
  }

  ScriptedTransport network_;
  FakeSecrets secrets_;
  FakeClock clock_;
};

TEST_F(CredentialsTest, AFixedTokenIsReadAgainOnceItWasRefused) {
  secrets_.Set(File("key"), "old");
  const auto tokens = MakeFixedToken(File("key"), secrets_);
  EXPECT_EQ(*tokens->Token(), "old");
  secrets_.Set(File("key"), "new");
  EXPECT_EQ(*tokens->Token(), "old");
  tokens->Invalidate("some other");
  EXPECT_EQ(*tokens->Token(), "old");
  tokens->Invalidate("old");
  EXPECT_EQ(*tokens->Token(), "new");
}

TEST_F(CredentialsTest, ATokenThatCannotBeReadStopsTheSignIn) {
  const auto refused = MakeFixedToken(File("missing"), secrets_)->Token();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::unauthorized);
  EXPECT_NE(refused.error().message.find("missing"), std::string::npos);
}

TEST_F(CredentialsTest, BasicCredentialsAreThoseOfTheStandard) {
  secrets_.Set(File("password"), "open sesame");
  EXPECT_EQ(*MakeBasicCredentials("Aladdin", File("password"), secrets_)->Token(),
            "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST_F(CredentialsTest, ClientAndSecretTravelInTheHeaderEncodedFirst) {
  Grants("t1", 3600);
  EXPECT_EQ(*Tokens()->Token(), "t1");
  const HttpRequest request = network_.requests().front();
  // co%3Asell:s%2Be%2Fc%3Dr%25et
  EXPECT_EQ(*FindHeader(request.headers, "Authorization"),
            "Basic Y28lM0FzZWxsOnMlMkJlJTJGYyUzRHIlMjVldA==");
  EXPECT_EQ(request.body, "grant_type=client_credentials&scope=deals.read%20deals.write");
}

TEST_F(CredentialsTest, ClientAndSecretTravelInTheFormWhereThatIsWanted) {
  Grants("t1", 3600);
  ASSERT_TRUE(Tokens(false)->Token().ok());
  const HttpRequest request = network_.requests().front();
  EXPECT_FALSE(FindHeader(request.headers, "Authorization").has_value());
  EXPECT_NE(request.body.find("client_id=co%3Asell&client_secret=s%2Be%2Fc%3Dr%25et"),
            std::string::npos);
}

TEST_F(CredentialsTest, ATokenIsRenewedBeforeItEnds) {
  Grants("t1", 3600);
  Grants("t2", 3600);
  const auto tokens = Tokens();
  EXPECT_EQ(*tokens->Token(), "t1");
  clock_.Advance(minutes(54));
  EXPECT_EQ(*tokens->Token(), "t1");
  clock_.Advance(minutes(2));
  EXPECT_EQ(*tokens->Token(), "t2");
}

TEST_F(CredentialsTest, ATokenWithoutALifeIsUsedUntilItIsRefused) {
  network_.Answer(200, R"({"access_token":"t1"})");
  Grants("t2", 3600);
  const auto tokens = Tokens();
  EXPECT_EQ(*tokens->Token(), "t1");
  clock_.Advance(std::chrono::hours(48));
  EXPECT_EQ(*tokens->Token(), "t1");
  tokens->Invalidate("t1");
  EXPECT_EQ(*tokens->Token(), "t2");
}

TEST_F(CredentialsTest, APassingFailureLeavesTheTokenThatStillWorks) {
  Grants("t1", 3600);
  network_.Answer(502, "<html>");
  const auto tokens = Tokens();
  ASSERT_TRUE(tokens->Token().ok());
  clock_.Advance(minutes(56));
  EXPECT_EQ(*tokens->Token(), "t1");
  clock_.Advance(minutes(4));
  network_.Fail(ErrorKind::unreachable);
  EXPECT_EQ(tokens->Token().error().kind, ErrorKind::unreachable);
}

TEST_F(CredentialsTest, ARefusalIsToldWithTheEndpointsWordAlone) {
  network_.Answer(401, R"({"error":"invalid_client","error_description":"pat@contoso.example"})");
  const auto refused = Tokens()->Token();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::unauthorized);
  EXPECT_EQ(refused.error().code, "invalid_client");
  EXPECT_EQ(Describe(refused.error()).find("pat@"), std::string::npos);
}

TEST_F(CredentialsTest, WhileAskedToSlowDownNobodyAsks) {
  network_.Answer(429, "{}", {{"Retry-After", "30"}});
  Grants("t1", 3600);
  const auto tokens = Tokens();
  EXPECT_EQ(tokens->Token().error().kind, ErrorKind::throttled);
  const auto again = tokens->Token();
  EXPECT_EQ(again.error().retry_after, seconds(30));
  EXPECT_EQ(network_.requests().size(), 1u);
  clock_.Advance(seconds(31));
  EXPECT_EQ(*tokens->Token(), "t1");
}

TEST_F(CredentialsTest, APageInPlaceOfATokenIsNoToken) {
  network_.Answer(200, "<html>Sign in</html>");
  EXPECT_EQ(Tokens()->Token().error().kind, ErrorKind::unavailable);
}

TEST_F(CredentialsTest, AKeyTravelsInItsOwnHeader) {
  secrets_.Set(File("key"), "k-1");
  const auto tokens = MakeFixedToken(File("key"), secrets_);
  RecordingLog log;
  SeededRandom random(1);
  ApiClient::Options options;
  options.token_header = "X-Api-Key";
  options.token_prefix = "";
  const auto api = MakeApiClient(network_, *tokens, clock_, random, log, options);
  network_.Answer(200, "{}");
  ApiCall call;
  call.request.url = "https://sales.contoso.example/deals";
  ASSERT_TRUE(api->Send(call).ok());
  const auto request = network_.requests().front();
  EXPECT_EQ(*FindHeader(request.headers, "X-Api-Key"), "k-1");
  EXPECT_FALSE(FindHeader(request.headers, "Authorization").has_value());
}

}  // namespace
}  // namespace cosell::net

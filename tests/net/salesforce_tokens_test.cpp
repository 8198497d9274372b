#include "net/salesforce_tokens.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "net/certificates.h"
#include "net/token_requests.h"
#include "support/fake_clock.h"
#include "support/fake_secrets.h"
#include "support/recording_log.h"
#include "support/scripted_transport.h"

namespace cosell::net {
namespace {

using nlohmann::json;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::FakeClock;
using test::FakeSecrets;
using test::FromBase64Url;
using test::RecordingLog;
using test::ScriptedTransport;
using test::SignatureHolds;

constexpr const char* kInstance = "https://northwind-orchard.my.salesforce.com";
constexpr const char* kIdentity =
    "https://login.salesforce.com/id/00D5g000004TqAzEAK/0055g00000DnYxEAAV";

// As section 2.6 has it: no expires_in.
json TokenJson(const std::string& access) {
  return {{"access_token", access},
          {"signature", "p1Q2r3S4t5U6v7W8x9Y0z1A2b3C4d5E6f7G8h9I0j1K="},
          {"scope", "api id"},
          {"instance_url", kInstance},
          {"id", kIdentity},
          {"token_type", "Bearer"},
          {"issued_at", "1772355600123"}};
}

std::string TokenBody(const std::string& access, const std::string& refresh = {}) {
  json body = TokenJson(access);
  if (!refresh.empty()) body["refresh_token"] = refresh;
  return body.dump();
}

// The remote's words name the user, and never get any further.
std::string ErrorBody(const std::string& error, const std::string& text = {}) {
  return json{{"error", error}, {"error_description", text + " <pat@northwind.example>"}}.dump();
}

class SalesforceTokensTest : public testing::Test {
 protected:
  SalesforceTokensTest() {
    secrets_.Set(identity_.client_secret, "s3cr+t&=%");
    secrets_.Set(identity_.refresh_token, "refresh-1");
    secrets_.Set(identity_.password, "Tr0ub4dor&");
  }

  SalesforceTokens& tokens() {
    if (!tokens_) tokens_ = Make();
    return *tokens_;
  }
  std::unique_ptr<SalesforceTokens> Make() {
    return MakeSalesforceTokens(identity_, network_, secrets_, clock_, log_);
  }
  void UseRefreshToken() { identity_.grant = "refresh_token"; }
  Result<std::string> Token() { return tokens().Token(); }
  // What an API client does with a 401 INVALID_SESSION_ID.
  void Refuse(const std::string& token) { tokens().Invalidate(token); }
  std::map<std::string, std::string> Form(std::size_t request = 0) const {
    return test::FormFields(network_.requests().at(request).body);
  }
  std::size_t sign_ins() const { return network_.requests().size(); }

  SalesforceIdentity identity_{.login_url = kInstance,
                               .grant = "client_credentials",
                               .client_id = "3MVG9.invented.key",
                               .client_secret = {"SF_CLIENT_SECRET", "", ""},
                               .refresh_token = {"", "/etc/cosell-sync/sf-refresh", ""},
                               .username = "cosell-sync@northwind-orchard.example",
                               .password = {"SF_PASSWORD", "", ""},
                               .security_token = {},
                               .private_key_file = {}};
  ScriptedTransport network_;
  FakeSecrets secrets_;
  FakeClock clock_;
  RecordingLog log_;

 private:
  std::unique_ptr<SalesforceTokens> tokens_;
};

// --- requests

TEST_F(SalesforceTokensTest, ClientCredentialsGrant) {
  identity_.login_url += "/";
  network_.Answer(200, TokenBody("access-1"));
  EXPECT_EQ(*Token(), "access-1");
  const HttpRequest request = network_.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://northwind-orchard.my.salesforce.com/services/oauth2/token");
  EXPECT_EQ(FindHeader(request.headers, "Content-Type"), "application/x-www-form-urlencoded");
  const std::map<std::string, std::string> expected{{"grant_type", "client_credentials"},
                                                    {"client_id", "3MVG9.invented.key"},
                                                    {"client_secret", "s3cr+t&=%"}};
  EXPECT_EQ(Form(), expected);
  EXPECT_NE(request.body.find("s3cr%2Bt%26%3D%25"), std::string::npos);
}

TEST_F(SalesforceTokensTest, RefreshTokenGrantOfAPublicClient) {
  UseRefreshToken();
  identity_.client_secret = {};
  network_.Answer(200, TokenBody("access-1"));
  EXPECT_EQ(*Token(), "access-1");
  const std::map<std::string, std::string> expected{{"grant_type", "refresh_token"},
                                                    {"client_id", "3MVG9.invented.key"},
                                                    {"refresh_token", "refresh-1"}};
  EXPECT_EQ(Form(), expected);
}

TEST_F(SalesforceTokensTest, PasswordGrantWithAndWithoutASecurityToken) {
  identity_.grant = "password";
  network_.Answer(200, TokenBody("access-1"));
  ASSERT_TRUE(Token().ok());
  EXPECT_EQ(Form()["username"], "cosell-sync@northwind-orchard.example");
  EXPECT_EQ(Form()["password"], "Tr0ub4dor&");

  identity_.security_token = {"SF_SECURITY_TOKEN", "", ""};
  secrets_.Set(identity_.security_token, "Xk29fQpL");
  network_.Answer(200, TokenBody("access-2"));
  ASSERT_TRUE(Make()->Token().ok());
  const std::map<std::string, std::string> expected{
      {"grant_type", "password"},
      {"client_id", "3MVG9.invented.key"},
      {"client_secret", "s3cr+t&=%"},
      {"username", "cosell-sync@northwind-orchard.example"},
      {"password", "Tr0ub4dor&Xk29fQpL"}};
  EXPECT_EQ(Form(1), expected);
}

TEST_F(SalesforceTokensTest, SignedAssertionHoldsForThreeMinutes) {
  const test::ScratchFolder folder;
  const test::ServerFiles files = test::TestAuthority(folder).IssueRsa();
  identity_.grant = "jwt_bearer";
  identity_.private_key_file = files.private_key;
  network_.Answer(200, TokenBody("access-1"));
  ASSERT_TRUE(Token().ok());
  auto form = Form();
  EXPECT_EQ(form.size(), 2U) << "no client_id and no secret goes with an assertion";
  EXPECT_EQ(form["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
  const auto parts = Split(form["assertion"], '.');
  ASSERT_EQ(parts.size(), 3U);
  std::string thumbprint;
  EXPECT_TRUE(SignatureHolds(files.certificate, parts[0] + "." + parts[1], FromBase64Url(parts[2]),
                             thumbprint));
  EXPECT_EQ(FromBase64Url(parts[0]), R"({"alg":"RS256"})");
  const json expected{{"iss", "3MVG9.invented.key"},
                      {"sub", "cosell-sync@northwind-orchard.example"},
                      {"aud", "https://login.salesforce.com"},
                      {"exp", 1'772'355'600 + 180}};
  EXPECT_EQ(json::parse(FromBase64Url(parts[1])), expected);
}

TEST_F(SalesforceTokensTest, AudienceFollowsTheLoginHost) {
  const test::ScratchFolder folder;
  identity_.grant = "jwt_bearer";
  identity_.private_key_file = test::TestAuthority(folder).IssueRsa().private_key;
  const std::map<std::string, std::string> audiences{
      {"https://login.salesforce.com/", "https://login.salesforce.com"},
      {"https://test.salesforce.com", "https://test.salesforce.com"},
      {"https://Northwind.my.salesforce.com", "https://login.salesforce.com"},
      {"https://northwind--uat.sandbox.my.salesforce.com/", "https://test.salesforce.com"},
      {"https://127.0.0.1:8443", "https://127.0.0.1:8443"},
      {"https://my.salesforce.com.tailspin.example", "https://my.salesforce.com.tailspin.example"},
  };
  for (const auto& [login_url, audience] : audiences) {
    identity_.login_url = login_url;
    network_.Answer(200, TokenBody("access-1"));
    ASSERT_TRUE(Make()->Token().ok()) << login_url;
    const auto parts = Split(Form(sign_ins() - 1)["assertion"], '.');
    EXPECT_EQ(json::parse(FromBase64Url(parts.at(1)))["aud"], audience) << login_url;
  }
}

TEST_F(SalesforceTokensTest, KeyFilesThatCannotSignAreNamed) {
  const test::ScratchFolder folder;
  identity_.grant = "jwt_bearer";
  for (const std::string& file :
       {std::string("/nowhere/key.pem"), folder.Write("garbage.pem", "not a key"),
        test::TestAuthority(folder).Issue().private_key}) {
    identity_.private_key_file = file;
    const auto token = Make()->Token();
    ASSERT_FALSE(token.ok()) << file;
    EXPECT_EQ(token.error().kind, ErrorKind::unauthorized);
    EXPECT_NE(token.error().message.find(file), std::string::npos) << token.error().message;
  }
  EXPECT_EQ(sign_ins(), 0U);
}

TEST_F(SalesforceTokensTest, UnknownGrantIsFoundAtOnce) {
  identity_.grant = "device_code";
  EXPECT_THROW(Make(), std::invalid_argument);
}

TEST_F(SalesforceTokensTest, MissingSecretPausesLikeARefusal) {
  identity_.client_secret = {"NOT_SET", "", ""};
  const auto token = Token();
  ASSERT_FALSE(token.ok());
  EXPECT_EQ(token.error().kind, ErrorKind::unauthorized);
  EXPECT_NE(token.error().message.find("NOT_SET"), std::string::npos);
  EXPECT_EQ(sign_ins(), 0U);
}

// --- the session

TEST_F(SalesforceTokensTest, SessionTellsInstanceOrganizationAndUser) {
  network_.Answer(200, TokenBody("access-1"));
  const auto session = tokens().Session();
  ASSERT_TRUE(session.ok());
  EXPECT_EQ(session->instance_url, kInstance);
  EXPECT_EQ(session->organization_id, "00D5g000004TqAzEAK");
  EXPECT_EQ(session->user_id, "0055g00000DnYxEAAV");
  EXPECT_EQ(*Token(), "access-1");
  EXPECT_EQ(sign_ins(), 1U) << "token and session come from one sign-in";
}

TEST_F(SalesforceTokensTest, ShortIdsAreBroughtToEighteenCharacters) {
  json body = TokenJson("access-1");
  body["id"] = "https://127.0.0.1:8443/id/00D5g000004TqAz/0055g00000DnYxE";
  body["instance_url"] = "https://127.0.0.1:8443/";
  network_.Answer(200, body.dump());
  const auto session = tokens().Session();
  ASSERT_TRUE(session.ok());
  EXPECT_EQ(session->instance_url, "https://127.0.0.1:8443");
  EXPECT_EQ(session->organization_id, "00D5g000004TqAzEAK");
  EXPECT_EQ(session->user_id, "0055g00000DnYxEAAV");
}

TEST_F(SalesforceTokensTest, AnswerWithoutAnIdentityUrlLeavesTheIdsEmpty) {
  for (const json& id : {json(), json("not a URL"), json("https://login.salesforce.com/id/me"),
                         json("https://login.salesforce.com/00D5g000004TqAzEAX/x")}) {
    json body = TokenJson("access-1");
    body["id"] = id;
    network_.Answer(200, body.dump());
    const auto session = Make()->Session();
    ASSERT_TRUE(session.ok()) << id;
    EXPECT_EQ(session->instance_url, kInstance);
    EXPECT_EQ(session->organization_id + session->user_id, "") << id;
  }
}

TEST_F(SalesforceTokensTest, InstanceThatIsNoHttpsUrlIsNotFollowed) {
  for (const json& instance :
       {json(), json("http://northwind.my.salesforce.com"), json("northwind.my.salesforce.com"),
        json("https:///services"), json(7)}) {
    json body = TokenJson("access-1");
    body["instance_url"] = instance;
    network_.Answer(200, body.dump());
    const auto token = Make()->Token();
    ASSERT_FALSE(token.ok()) << instance;
    EXPECT_EQ(token.error().kind, ErrorKind::unauthorized);
    EXPECT_NE(token.error().message.find("instance_url"), std::string::npos);
  }
}

// --- cache and renewal

TEST_F(SalesforceTokensTest, TokenIsUsedUntilItIsRefused) {
  network_.Answer(200, TokenBody("access-1"));
  ASSERT_TRUE(Token().ok());
  clock_.Advance(hours{30});
  EXPECT_EQ(*Token(), "access-1");
  Refuse("some older token");
  EXPECT_EQ(*Token(), "access-1");
  EXPECT_EQ(sign_ins(), 1U);

  Refuse("access-1");
  network_.Answer(200, TokenBody("access-2"));
  EXPECT_EQ(*Token(), "access-2");
}

TEST_F(SalesforceTokensTest, ReloadForgetsTheTokenAndReadsTheSecretAnew) {
  network_.Answer(200, TokenBody("access-1"));
  ASSERT_TRUE(Token().ok());
  secrets_.Set(identity_.client_secret, "renewed");
  tokens().Reload();
  network_.Answer(200, TokenBody("access-2"));
  EXPECT_EQ(*Token(), "access-2");
  EXPECT_EQ(Form(1)["client_secret"], "renewed");
}

TEST_F(SalesforceTokensTest, FirstTokenMayBeRefusedAtOnceWithoutAPause) {
  network_.Answer(200, TokenBody("access-1"));
  ASSERT_TRUE(Token().ok());
  Refuse("access-1");
  network_.Answer(200, TokenBody("access-2"));
  EXPECT_EQ(*Token(), "access-2");
}

// Section 2.7: never a loop. A session that is refused for ever costs two sign-ins, then one every
// half minute.
TEST_F(SalesforceTokensTest, FreshTokensRefusedAgainAndAgainDoNotLoop) {
  network_.Otherwise([this](const HttpRequest&) {
    return HttpResponse{200, {}, TokenBody("access-" + std::to_string(sign_ins()))};
  });
  for (int call = 0; call < 1'000; ++call) {
    const auto token = Token();
    if (token) {
      Refuse(*token);
    } else {
      EXPECT_EQ(token.error().kind, ErrorKind::unauthorized);
      EXPECT_NE(token.error().message.find("refused"), std::string::npos);
    }
  }
  EXPECT_EQ(sign_ins(), 2U);
  EXPECT_EQ(log_.lines().size(), 1U);
  EXPECT_EQ(log_.text().find("access-"), std::string::npos);

  for (int second = 0; second < 300; ++second) {
    if (const auto token = Token()) Refuse(*token);
    clock_.Advance(seconds{1});
  }
  EXPECT_EQ(sign_ins(), 2U + 9U);
}

TEST_F(SalesforceTokensTest, PauseIsOverAfterHalfAMinuteOrAReload) {
  for (const char* const access : {"access-1", "access-2"}) {
    network_.Answer(200, TokenBody(access));
    ASSERT_TRUE(Token().ok());
    Refuse(access);
  }
  clock_.Advance(milliseconds{29'999});
  EXPECT_EQ(tokens().Session().error().kind, ErrorKind::unauthorized);
  clock_.Advance(milliseconds{1});
  network_.Answer(200, TokenBody("access-3"));
  EXPECT_EQ(*Token(), "access-3");

  Refuse("access-3");
  EXPECT_FALSE(Token().ok());
  tokens().Reload();
  network_.Answer(200, TokenBody("access-4"));
  EXPECT_EQ(*Token(), "access-4");
}

TEST_F(SalesforceTokensTest, TokenThatWorkedForAWhileIsReplacedAtOnce) {
  for (const char* const access : {"access-1", "access-2", "access-3"}) {
    network_.Answer(200, TokenBody(access));
    EXPECT_EQ(*Token(), access);
    clock_.Advance(seconds{10});
    Refuse(access);
  }
  EXPECT_TRUE(log_.lines().empty());
}

TEST_F(SalesforceTokensTest, CallersTogetherShareOneSignIn) {
  std::promise<void> asked;
  std::promise<void> go_on;
  network_.Do([&](const HttpRequest&) -> Result<HttpResponse> {
    asked.set_value();
    go_on.get_future().wait();
    return HttpResponse{400, {}, ErrorBody("invalid_client")};
  });
  // A caller that came after the refusal would sign in itself, and get a token.
  network_.Otherwise([](const HttpRequest&) {
    return HttpResponse{200, {}, TokenBody("access-late")};
  });
  SalesforceTokens& shared = tokens();
  std::vector<std::future<bool>> callers;
  callers.push_back(std::async(std::launch::async, [&] { return shared.Token().ok(); }));
  asked.get_future().wait();
  std::atomic<int> started{0};
  for (int i = 0; i < 4; ++i) {
    callers.push_back(std::async(std::launch::async, [&, i] {
      ++started;
      return i % 2 == 0 ? shared.Token().ok() : shared.Session().ok();
    }));
  }
  while (started < 4) std::this_thread::yield();
  go_on.set_value();
  int refused = 0;
  for (auto& caller : callers) refused += caller.get() ? 0 : 1;
  EXPECT_GE(refused, 1);
  EXPECT_LE(sign_ins(), 2U);
}

TEST_F(SalesforceTokensTest, BugInTheNetworkReachesEveryCallerAndBlocksNoLaterOne) {
  network_.Do([](const HttpRequest&) -> Result<HttpResponse> { throw std::runtime_error("bug"); });
  EXPECT_THROW((void)Token(), std::runtime_error);
  network_.Answer(200, TokenBody("access-1"));
  EXPECT_EQ(*Token(), "access-1");
}

// --- rotation

TEST_F(SalesforceTokensTest, RotatedRefreshTokenIsKeptBeforeTheTokenIsHandedOut) {
  UseRefreshToken();
  std::string kept;
  secrets_.OnReplace([&kept](const std::string& value) { kept = value; });
  network_.Answer(200, TokenBody("access-1", "refresh-2"));
  ASSERT_TRUE(Token().ok());
  EXPECT_EQ(kept, "refresh-2");

  clock_.Advance(hours{2});
  Refuse("access-1");
  network_.Answer(200, TokenBody("access-2"));  // this time without rotation
  ASSERT_TRUE(Token().ok());
  EXPECT_EQ(Form(1)["refresh_token"], "refresh-2");
  EXPECT_EQ(*secrets_.Read(identity_.refresh_token), "refresh-2");
}

TEST_F(SalesforceTokensTest, RotatedRefreshTokenThatCannotBeStoredIsUsedFromMemory) {
  UseRefreshToken();
  secrets_.FailReplace();
  network_.Answer(200, TokenBody("access-1", "refresh-2"));
  network_.Answer(400, ErrorBody("invalid_grant", "expired access/refresh token"));
  network_.Answer(200, TokenBody("access-2"));
  ASSERT_TRUE(Token().ok());
  EXPECT_EQ(log_.lines().size(), 1U);
  EXPECT_EQ(log_.text().find("refresh-2"), std::string::npos);
  Refuse("access-1");
  EXPECT_EQ(Token().error().kind, ErrorKind::unauthorized);
  EXPECT_EQ(*Token(), "access-2");
  EXPECT_EQ(Form(1)["refresh_token"], "refresh-2");
  EXPECT_EQ(Form(2)["refresh_token"], "refresh-1") << "refused, so the stored one is tried again";
}

// --- refusals

struct Refusal {
  std::string grant;
  int status;
  std::string body;
  ErrorKind kind;
  std::string code;
  std::string remedy;  // must stand in the message
};

TEST_F(SalesforceTokensTest, RefusalsSayWhatToMend) {
  using enum ErrorKind;
  const std::string any = "client_credentials";
  const std::vector<Refusal> refusals{
      {"password", 400, ErrorBody("invalid_grant", "authentication failure - Invalid Password"),
       unauthorized, "invalid_grant", "security token"},
      {"refresh_token", 400, ErrorBody("invalid_grant", "expired access/refresh token"),
       unauthorized, "invalid_grant", "cosell-sync auth login CONNECTION"},
      {"refresh_token", 400, ErrorBody("invalid_grant", "token gone"), unauthorized,
       "invalid_grant", "cosell-sync auth login CONNECTION"},
      {any, 400, ErrorBody("invalid_grant", "User hasn't approved this consumer"), unauthorized,
       "invalid_grant", "pre-authorize"},
      {any, 400, ErrorBody("invalid_grant", "audience validation failed"), unauthorized,
       "invalid_grant", "test.salesforce.com"},
      {any, 400, ErrorBody("invalid_grant", "expired authorization code"), unauthorized,
       "invalid_grant", "clock"},
      {any, 400, ErrorBody("invalid_grant", "request not supported on this domain"), unauthorized,
       "invalid_grant", "My Domain"},
      {"password", 400, ErrorBody("invalid_grant"), unauthorized, "invalid_grant",
       "security_token"},
      {any, 400, ErrorBody("invalid_client_id", "client identifier invalid"), unauthorized,
       "invalid_client_id", "consumer key"},
      {any, 401, ErrorBody("invalid_client", "invalid client credentials"), unauthorized,
       "invalid_client", "client_secret"},
      {any, 400, ErrorBody("unsupported_grant_type"), unauthorized, "unsupported_grant_type",
       "auth.grant"},
      {any, 400, ErrorBody("inactive_user"), unauthorized, "inactive_user", "activate"},
      {any, 400, ErrorBody("inactive_org"), unauthorized, "inactive_org", "organisation"},
      {any, 400, ErrorBody("invalid_app_access"), unauthorized, "invalid_app_access", "policies"},
      {any, 400, ErrorBody("something_new"), unauthorized, "something_new", "auth section"},
      {any, 400, ErrorBody("free text of <pat@northwind.example>"), unauthorized, "",
       "auth section"},
      {any, 400, ErrorBody("rate_limit_exceeded"), throttled, "rate_limit_exceeded", "too many"},
      {any, 503, ErrorBody("server_unavailable"), unavailable, "server_unavailable", "busy"},
      {any, 404, "<html>Down for maintenance</html>", unavailable, "", "authority_url"},
      {any, 200, "<html>Please sign in to the guest network</html>", unavailable, "", "proxy"},
      {any, 200, R"({"token_type":"Bearer"})", unavailable, "", "token endpoint"},
      {any, 400, R"([{"message":"gone","errorCode":"GONE"}])", unavailable, "", "token endpoint"},
  };
  for (const Refusal& refusal : refusals) {
    identity_.grant = refusal.grant;
    network_.Answer(refusal.status, refusal.body);
    const auto token = Make()->Token();
    ASSERT_FALSE(token.ok()) << refusal.body;
    const Error& error = token.error();
    EXPECT_EQ(error.kind, refusal.kind) << refusal.body;
    EXPECT_EQ(error.code, refusal.code);
    EXPECT_EQ(error.http_status, refusal.status);
    EXPECT_NE(error.message.find(refusal.remedy), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find("pat@"), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find('<'), std::string::npos) << error.message;
  }
}

TEST_F(SalesforceTokensTest, SecretsAreReadAgainAfterARefusal) {
  network_.Answer(400, ErrorBody("invalid_client"));
  EXPECT_FALSE(Token().ok());
  secrets_.Set(identity_.client_secret, "renewed");
  network_.Answer(200, TokenBody("access-1"));
  EXPECT_EQ(*Token(), "access-1");
  EXPECT_EQ(Form(1)["client_secret"], "renewed");
}

TEST_F(SalesforceTokensTest, CountedSignInsRest) {
  network_.Answer(400, ErrorBody("rate_limit_exceeded"));
  EXPECT_EQ(Token().error().retry_after, minutes{5});
  clock_.Advance(minutes{2});
  const auto held = Token();
  ASSERT_FALSE(held.ok());
  EXPECT_EQ(held.error().kind, ErrorKind::throttled);
  EXPECT_EQ(held.error().retry_after, minutes{3});
  EXPECT_EQ(sign_ins(), 1U);
  clock_.Advance(minutes{3});
  network_.Answer(429, "slow down", {{"Retry-After", "60"}});
  EXPECT_EQ(Token().error().retry_after, seconds{60});
}

TEST_F(SalesforceTokensTest, ServiceOutOfReachIsNoRefusal) {
  network_.Fail(ErrorKind::unreachable);
  network_.Fail(ErrorKind::unknown_outcome);
  EXPECT_EQ(Token().error().kind, ErrorKind::unreachable);
  EXPECT_EQ(Token().error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace cosell::net

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/text.h"
#include "net/certificates.h"
#include "net/oauth.h"
#include "net/token_requests.h"
#include "support/fake_clock.h"
#include "support/fake_secrets.h"
#include "support/recording_log.h"
#include "support/scripted_transport.h"

namespace cosell::net {
namespace {

using nlohmann::json;
using std::chrono::minutes;
using std::chrono::seconds;
using test::FakeClock;
using test::FakeSecrets;
using test::FromBase64Url;
using test::RecordingLog;
using test::ScriptedTransport;
using test::SignatureHolds;

constexpr const char* kReferrals = "https://api.partner.microsoft.com";
constexpr const char* kWebhooks = "https://api.partnercenter.microsoft.com";

std::string TokenBody(const std::string& access, const std::string& refresh = {}) {
  json body{{"token_type", "Bearer"}, {"expires_in", 3599}, {"access_token", access}};
  if (!refresh.empty()) body["refresh_token"] = refresh;
  return body.dump();
}

std::string ErrorBody(const std::string& error, int code, const std::string& suberror = {}) {
  json body{{"error", error},
            {"error_description", "AADSTS" + std::to_string(code) + ": pat@contoso.example: no"},
            {"error_codes", {code}}};
  if (!suberror.empty()) body["suberror"] = suberror;
  return body.dump();
}

class EntraTokensTest : public testing::Test {
 protected:
  EntraTokensTest() {
    secrets_.Set(identity_.client_secret, "s3cr+t&=%");
    secrets_.Set(identity_.refresh_token, "refresh-1");
  }

  EntraTokens& tokens() {
    if (!tokens_) {
      tokens_ = MakeEntraTokens(identity_, network_, secrets_, clock_, random_, log_);
    }
    return *tokens_;
  }
  Result<std::string> Token(const std::string& audience = kReferrals) {
    return tokens().For(audience).Token();
  }
  // The fields of the form that was sent.
  std::map<std::string, std::string> Form(std::size_t request) const {
    return test::FormFields(network_.requests().at(request).body);
  }
  void UseClientCredentials() { identity_.grant = "client_credentials"; }

  EntraIdentity identity_{.authority_url = "https://login.microsoftonline.com",
                          .tenant_id = "5d0f6a1c-7e35-4f0b-9d55-0c1e5a7f2b11",
                          .grant = "refresh_token",
                          .client_id = "9b2f0d64-1c53-4a78-8e0e-6f7a1d2c3b44",
                          .client_secret = {"PC_CLIENT_SECRET", "", ""},
                          .refresh_token = {"", "/etc/cosell-sync/refresh", ""},
                          .username = {},
                          .password = {},
                          .certificate_file = {},
                          .private_key_file = {}};
  ScriptedTransport network_;
  FakeSecrets secrets_;
  FakeClock clock_;
  SeededRandom random_{1};
  RecordingLog log_;

 private:
  std::unique_ptr<EntraTokens> tokens_;
};

// --- requests

TEST_F(EntraTokensTest, RefreshTokenGrant) {
  network_.Answer(200, TokenBody("access-1", "refresh-2"));
  EXPECT_EQ(*Token(), "access-1");
  const HttpRequest request = network_.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url,
            "https://login.microsoftonline.com/5d0f6a1c-7e35-4f0b-9d55-0c1e5a7f2b11/oauth2/v2.0/"
            "token");
  EXPECT_EQ(FindHeader(request.headers, "Content-Type"), "application/x-www-form-urlencoded");
  const std::map<std::string, std::string> expected{
      {"grant_type", "refresh_token"},
      {"client_id", "9b2f0d64-1c53-4a78-8e0e-6f7a1d2c3b44"},
      {"client_secret", "s3cr+t&=%"},
      {"refresh_token", "refresh-1"},
      {"scope", "https://api.partner.microsoft.com/.default offline_access"}};
  EXPECT_EQ(Form(0), expected);
  EXPECT_NE(request.body.find("s3cr%2Bt%26%3D%25"), std::string::npos);
}

TEST_F(EntraTokensTest, ClientCredentialsGrant) {
  UseClientCredentials();
  identity_.authority_url += "/";
  network_.Answer(200, TokenBody("access-1"));
  ASSERT_TRUE(Token("https://contoso.crm.dynamics.com/").ok());
  EXPECT_EQ(Form(0)["scope"], "https://contoso.crm.dynamics.com/.default");
  EXPECT_EQ(Form(0)["client_secret"], "s3cr+t&=%");
  EXPECT_EQ(Form(0).count("refresh_token"), 0U);
  EXPECT_EQ(network_.requests().at(0).url.find(".com//"), std::string::npos);
}

TEST_F(EntraTokensTest, PasswordGrantOfAPublicClient) {
  identity_.grant = "password";
  identity_.client_secret = {};
  identity_.username = "sync@contoso.example";
  identity_.password = {"PC_PASSWORD", "", ""};
  secrets_.Set(identity_.password, "p&ss");
  network_.Answer(200, TokenBody("access-1"));
  ASSERT_TRUE(Token().ok());
  EXPECT_EQ(Form(0)["username"], "sync@contoso.example");
  EXPECT_EQ(Form(0)["password"], "p&ss");
  EXPECT_EQ(Form(0).count("client_secret"), 0U);
}

// --- certificate instead of secret

TEST_F(EntraTokensTest, CertificateSignsTheAssertion) {
  const test::ScratchFolder folder;
  const test::ServerFiles files = test::TestAuthority(folder).IssueRsa();
  UseClientCredentials();
  identity_.certificate_file = files.certificate;
  identity_.private_key_file = files.private_key;
  network_.Answer(200, TokenBody("access-1"));
  ASSERT_TRUE(Token().ok());
  auto form = Form(0);
  EXPECT_EQ(form.count("client_secret"), 0U);
  EXPECT_EQ(form["client_assertion_type"],
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  const auto parts = Split(form["client_assertion"], '.');
  ASSERT_EQ(parts.size(), 3U);
  std::string thumbprint;
  EXPECT_TRUE(SignatureHolds(files.certificate, parts[0] + "." + parts[1], FromBase64Url(parts[2]),
                             thumbprint));
  const json header = json::parse(FromBase64Url(parts[0]));
  EXPECT_EQ(header, (json{{"alg", "RS256"}, {"typ", "JWT"}, {"x5t", thumbprint}}));
  const json claims = json::parse(FromBase64Url(parts[1]));
  EXPECT_EQ(claims["aud"], network_.requests().at(0).url);
  EXPECT_EQ(claims["iss"], identity_.client_id);
  EXPECT_EQ(claims["sub"], identity_.client_id);
  EXPECT_EQ(claims["nbf"], 1'772'355'600);
  EXPECT_EQ(claims["exp"], 1'772'355'600 + 600);
  EXPECT_EQ(claims["jti"].get<std::string>().size(), 36U);
}

TEST_F(EntraTokensTest, KeyOfAnotherCertificateIsNamed) {
  const test::ScratchFolder folder;
  const test::TestAuthority authority(folder);
  identity_.certificate_file = authority.IssueRsa().certificate;
  identity_.private_key_file = authority.IssueRsa().private_key;
  const auto token = Token();
  ASSERT_FALSE(token.ok());
  EXPECT_EQ(token.error().kind, ErrorKind::unauthorized);
  EXPECT_NE(token.error().message.find(identity_.private_key_file), std::string::npos);
  EXPECT_TRUE(network_.requests().empty());
}

// --- cache

TEST_F(EntraTokensTest, TokenIsCachedAndRenewedFiveMinutesEarly) {
  UseClientCredentials();
  network_.Answer(200, TokenBody("access-1"));
  EXPECT_EQ(*Token(), "access-1");
  clock_.Advance(seconds{3599 - 301});
  EXPECT_EQ(*Token(), "access-1");
  clock_.Advance(seconds{1});
  network_.Answer(200, TokenBody("access-2"));
  EXPECT_EQ(*Token(), "access-2");
}

TEST_F(EntraTokensTest, LifetimeMayBeAText) {
  UseClientCredentials();
  network_.Answer(200, R"({"token_type":"Bearer","expires_in":"3600","access_token":"access-1"})");
  EXPECT_EQ(*Token(), "access-1");
  clock_.Advance(minutes{54});
  EXPECT_EQ(*Token(), "access-1");
  EXPECT_EQ(network_.requests().size(), 1U);
}

TEST_F(EntraTokensTest, FailureToRenewInTimeLeavesTheOldTokenWhileItLasts) {
  UseClientCredentials();
  network_.Answer(200, TokenBody("access-1"));
  ASSERT_TRUE(Token().ok());
  clock_.Advance(minutes{56});
  network_.Fail(ErrorKind::unreachable);
  EXPECT_EQ(*Token(), "access-1");
  clock_.Advance(minutes{3});
  network_.Fail(ErrorKind::unknown_outcome);
  EXPECT_EQ(Token().error().kind, ErrorKind::unavailable);
}

TEST_F(EntraTokensTest, InvalidatedTokenIsNotUsedAgain) {
  UseClientCredentials();
  network_.Answer(200, TokenBody("access-1"));
  network_.Answer(200, TokenBody("access-2"));
  TokenSource& source = tokens().For(kReferrals);
  ASSERT_TRUE(source.Token().ok());
  source.Invalidate("some older token");
  EXPECT_EQ(*source.Token(), "access-1");
  source.Invalidate("access-1");
  EXPECT_EQ(*source.Token(), "access-2");
}

TEST_F(EntraTokensTest, ReloadForgetsTokensOfEveryAudience) {
  network_.Answer(200, TokenBody("access-1"));
  network_.Answer(200, TokenBody("access-2"));
  ASSERT_TRUE(Token(kReferrals).ok() && Token(kWebhooks).ok());
  secrets_.Set(identity_.refresh_token, "refresh-new");
  tokens().Reload();
  network_.Answer(200, TokenBody("access-3"));
  network_.Answer(200, TokenBody("access-4"));
  EXPECT_EQ(*Token(kReferrals), "access-3");
  EXPECT_EQ(*Token(kWebhooks), "access-4");
  EXPECT_EQ(Form(2)["refresh_token"], "refresh-new");
}

TEST_F(EntraTokensTest, CallersTogetherShareOneSignIn) {
  UseClientCredentials();
  std::promise<void> asked;
  std::promise<void> go_on;
  network_.Do([&](const HttpRequest&) -> Result<HttpResponse> {
    asked.set_value();
    go_on.get_future().wait();
    return HttpResponse{401, {}, ErrorBody("invalid_client", 7000215)};
  });
  // A caller that came after the refusal would sign in itself, and get a token.
  network_.Otherwise([](const HttpRequest&) {
    return HttpResponse{200, {}, TokenBody("access-late")};
  });
  TokenSource& source = tokens().For(kReferrals);
  std::vector<std::future<bool>> callers;
  const auto call = [&source] { return source.Token().ok(); };
  callers.push_back(std::async(std::launch::async, call));
  asked.get_future().wait();
  std::atomic<int> started{0};
  for (int i = 0; i < 4; ++i) {
    callers.push_back(std::async(std::launch::async, [&] {
      ++started;
      return call();
    }));
  }
  while (started < 4) std::this_thread::yield();
  go_on.set_value();
  int refused = 0;
  for (auto& caller : callers) refused += caller.get() ? 0 : 1;
  EXPECT_GE(refused, 1);
  // Whoever waited was given the shared refusal; whoever came late shared one further sign-in.
  EXPECT_LE(network_.requests().size(), 2U);
}

// --- rotation

TEST_F(EntraTokensTest, RotatedRefreshTokenIsKeptBeforeTheTokenIsHandedOut) {
  std::string kept;
  secrets_.OnReplace([&kept](const std::string& value) { kept = value; });
  network_.Answer(200, TokenBody("access-1", "refresh-2"));
  ASSERT_TRUE(Token().ok());
  EXPECT_EQ(kept, "refresh-2");
  network_.Answer(200, TokenBody("access-2", "refresh-3"));
  ASSERT_TRUE(Token(kWebhooks).ok());
  EXPECT_EQ(Form(1)["refresh_token"], "refresh-2");
  EXPECT_EQ(*secrets_.Read(identity_.refresh_token), "refresh-3");
}

TEST_F(EntraTokensTest, RotatedRefreshTokenThatCannotBeStoredIsKeptInMemory) {
  secrets_.FailReplace();
  network_.Answer(200, TokenBody("access-1", "refresh-2"));
  ASSERT_TRUE(Token().ok());
  ASSERT_EQ(log_.lines().size(), 1U);
  EXPECT_EQ(log_.lines()[0].level, LogLevel::warning);
  EXPECT_EQ(log_.text().find("refresh-2"), std::string::npos);

  network_.Answer(200, TokenBody("access-2", "refresh-3"));
  ASSERT_TRUE(Token(kWebhooks).ok());
  EXPECT_EQ(Form(1)["refresh_token"], "refresh-2");
}

TEST_F(EntraTokensTest, TokenInMemorySurvivesAnOutageButNotARefusal) {
  secrets_.FailReplace();
  network_.Answer(200, TokenBody("access-1", "refresh-2"));
  network_.Fail(ErrorKind::unreachable);
  network_.Answer(400, ErrorBody("invalid_grant", 700082));
  network_.Answer(200, TokenBody("access-2"));
  ASSERT_TRUE(Token().ok());
  EXPECT_EQ(Token(kWebhooks).error().kind, ErrorKind::unreachable);
  EXPECT_EQ(Token(kWebhooks).error().kind, ErrorKind::unauthorized);
  EXPECT_EQ(*Token(kWebhooks), "access-2");
  EXPECT_EQ(Form(1)["refresh_token"], "refresh-2");
  EXPECT_EQ(Form(2)["refresh_token"], "refresh-2");
  EXPECT_EQ(Form(3)["refresh_token"], "refresh-1");
}

TEST_F(EntraTokensTest, NewSignInByAPersonWinsOverTheOneInMemory) {
  secrets_.FailReplace();
  network_.Answer(200, TokenBody("access-1", "refresh-2"));
  ASSERT_TRUE(Token().ok());
  secrets_.Set(identity_.refresh_token, "refresh-by-login");
  network_.Answer(200, TokenBody("access-2"));
  ASSERT_TRUE(Token(kWebhooks).ok());
  EXPECT_EQ(Form(1)["refresh_token"], "refresh-by-login");
}

TEST_F(EntraTokensTest, NewSignInDuringARenewalIsNotOverwritten) {
  network_.Do([this](const HttpRequest&) -> Result<HttpResponse> {
    secrets_.Set(identity_.refresh_token, "refresh-by-login");
    return HttpResponse{200, {}, TokenBody("access-1", "refresh-2")};
  });
  ASSERT_TRUE(Token().ok());
  EXPECT_EQ(*secrets_.Read(identity_.refresh_token), "refresh-by-login");
}

// --- refusals

struct Refusal {
  int status;
  std::string body;
  ErrorKind kind;
  std::string code;
  std::string remedy;  // must stand in the message
};

TEST_F(EntraTokensTest, RefusalsSayWhatToMend) {
  const std::vector<Refusal> refusals{
      {400, ErrorBody("invalid_grant", 50126), ErrorKind::unauthorized, "AADSTS50126", "password"},
      {400, ErrorBody("interaction_required", 50076, "basic_action"), ErrorKind::unauthorized,
       "AADSTS50076", "cosell-sync auth login CONNECTION"},
      {400, ErrorBody("invalid_grant", 50079, "basic_action"), ErrorKind::unauthorized,
       "AADSTS50079", "multi-factor"},
      {400, ErrorBody("invalid_grant", 53003), ErrorKind::unauthorized, "AADSTS53003",
       "conditional access"},
      {400, ErrorBody("invalid_grant", 65001, "consent_required"), ErrorKind::unauthorized,
       "AADSTS65001", "consent"},
      {400, ErrorBody("invalid_grant", 700082), ErrorKind::unauthorized, "AADSTS700082",
       "cosell-sync auth login CONNECTION"},
      {401, ErrorBody("invalid_client", 7000215), ErrorKind::unauthorized, "AADSTS7000215",
       "secret is wrong"},
      {401, ErrorBody("invalid_client", 7000222), ErrorKind::unauthorized, "AADSTS7000222",
       "secret has expired"},
      {400, ErrorBody("unauthorized_client", 700016), ErrorKind::unauthorized, "AADSTS700016",
       "client_id"},
      {400, ErrorBody("invalid_request", 90002), ErrorKind::unauthorized, "AADSTS90002",
       "tenant does not exist"},
      {400, ErrorBody("invalid_scope", 70011), ErrorKind::unauthorized, "AADSTS70011", "scope"},
      {400, R"({"error":"invalid_grant","error_description":"AADSTS50173: gone"})",
       ErrorKind::unauthorized, "AADSTS50173", "auth login"},
      {400, R"({"error":"interaction_required"})", ErrorKind::unauthorized, "interaction_required",
       "auth login"},
      {400, ErrorBody("temporarily_unavailable", 90033), ErrorKind::unavailable, "AADSTS90033",
       "busy"},
      {503, ErrorBody("temporarily_unavailable", 90006), ErrorKind::unavailable, "AADSTS90006",
       "busy"},
      {400, ErrorBody("invalid_grant", 50196), ErrorKind::throttled, "AADSTS50196", "too many"},
      {404, "<html>Not Found</html>", ErrorKind::unavailable, "", "authority_url"},
      {200, "<html>Please sign in to the guest network</html>", ErrorKind::unavailable, "",
       "proxy"},
      {200, R"({"token_type":"Bearer"})", ErrorKind::unavailable, "", "token endpoint"},
  };
  UseClientCredentials();
  for (const Refusal& refusal : refusals) {
    const auto fresh = MakeEntraTokens(identity_, network_, secrets_, clock_, random_, log_);
    network_.Answer(refusal.status, refusal.body);
    const auto token = fresh->For(kReferrals).Token();
    ASSERT_FALSE(token.ok()) << refusal.body;
    const Error& error = token.error();
    EXPECT_EQ(error.kind, refusal.kind) << refusal.body;
    EXPECT_EQ(error.code, refusal.code);
    EXPECT_NE(error.message.find(refusal.remedy), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find("pat@"), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find('<'), std::string::npos) << error.message;
  }
}

TEST_F(EntraTokensTest, SecretsAreReadAgainAfterARefusal) {
  UseClientCredentials();
  network_.Answer(401, ErrorBody("invalid_client", 7000222));
  EXPECT_EQ(Token().error().kind, ErrorKind::unauthorized);
  secrets_.Set(identity_.client_secret, "renewed");
  network_.Answer(200, TokenBody("access-1"));
  EXPECT_EQ(*Token(), "access-1");
  EXPECT_EQ(Form(1)["client_secret"], "renewed");
}

TEST_F(EntraTokensTest, MissingSecretPausesLikeARefusal) {
  identity_.client_secret = {"NOT_SET", "", ""};
  const auto token = Token();
  ASSERT_FALSE(token.ok());
  EXPECT_EQ(token.error().kind, ErrorKind::unauthorized);
  EXPECT_NE(token.error().message.find("NOT_SET"), std::string::npos);
  EXPECT_TRUE(network_.requests().empty());
}

TEST_F(EntraTokensTest, ThrottlingInPlainTextIsObeyedForAllAudiences) {
  UseClientCredentials();
  network_.Answer(429, "Too many requests", {{"Retry-After", "60"}});
  const auto first = Token(kReferrals);
  ASSERT_FALSE(first.ok());
  EXPECT_EQ(first.error().kind, ErrorKind::throttled);
  EXPECT_EQ(first.error().retry_after, seconds{60});
  clock_.Advance(seconds{20});
  EXPECT_EQ(Token(kWebhooks).error().retry_after, seconds{40});
  EXPECT_EQ(network_.requests().size(), 1U);
  clock_.Advance(seconds{40});
  network_.Answer(200, TokenBody("access-1"));
  EXPECT_TRUE(Token(kWebhooks).ok());
}

}  // namespace
}  // namespace cosell::net

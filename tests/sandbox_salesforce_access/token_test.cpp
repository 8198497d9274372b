#include <openssl/bio.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include "tests/sandbox_salesforce_access/organization.h"

namespace cosell::sandbox {
namespace {

// Contract salesforce.md sections 2.3 to 2.6.
class TokenTest : public AccessTest {};

TEST_F(TokenTest, ClientCredentialsInTheBodyOpenASessionOfTheRunAsUser) {
  const Reply reply = Ask(kMyDomain, AppForm("client_credentials"));
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.Header("Content-Type"), "application/json;charset=UTF-8");
  EXPECT_EQ(reply.Text("instance_url"), kMyDomain);
  EXPECT_EQ(reply.Text("token_type"), "Bearer");
  EXPECT_EQ(reply.Text("scope"), "api id");
  EXPECT_EQ(reply.Text("issued_at"), "1772355600000") << "milliseconds, as text";
  EXPECT_TRUE(reply.Text("access_token").starts_with("00D5g000004TqAz!")) << reply.text;
  EXPECT_FALSE(reply.body.contains("expires_in"));
  EXPECT_FALSE(reply.body.contains("refresh_token"));
  EXPECT_EQ(sessions.Check("Bearer " + reply.Text("access_token")), kSyncId);
  EXPECT_EQ(sessions.Check("OAuth " + reply.Text("access_token")), kSyncId);
}

TEST_F(TokenTest, ClientCredentialsAsBasicWork) {
  const std::string basic = "Basic " + Base64(std::string(kKey) + ":" + kSecret);
  const Form form = {{"grant_type", "client_credentials"}};
  EXPECT_EQ(Ask(kMyDomain, form, {{"Authorization", basic}}).status, 200);
  const std::string wrong = "Basic " + Base64(std::string(kKey) + ":other");
  ExpectRefused(Ask(kMyDomain, form, {{"Authorization", wrong}}), "invalid_client",
                "invalid client credentials");
}

TEST_F(TokenTest, ALoginHostRefusesClientCredentials) {
  ExpectRefused(Ask(kLogin, AppForm("client_credentials")), "invalid_grant",
                "request not supported on this domain");
  sessions.switches().client_credentials_on_login_hosts = true;
  EXPECT_EQ(Ask(kLogin, AppForm("client_credentials")).status, 200);
}

TEST_F(TokenTest, ClientCredentialsNeedARunAsUserAndASecret) {
  SalesforceApp app = App();
  app.run_as_user = "";
  sessions.AddApp(app);
  ExpectRefused(Ask(kMyDomain, AppForm("client_credentials")), "invalid_grant",
                "no client credentials user enabled");
  app = App();
  app.consumer_secret = "";
  sessions.AddApp(app);
  EXPECT_EQ(
      Ask(kMyDomain, {{"grant_type", "client_credentials"}, {"client_id", kKey}}).Text("error"),
      "invalid_client");
}

TEST_F(TokenTest, AFailedClientAuthenticationMayAnswer401) {
  sessions.switches().client_error_status = 401;
  Form form = AppForm("client_credentials");
  form[1].second = "unknown";
  const Reply reply = Ask(kMyDomain, form);
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(reply.Text("error"), "invalid_client_id");
  EXPECT_EQ(SignInWithPassword("wrong").status, 400) << "only the client's own failures";
}

TEST_F(TokenTest, TheAnswerIsSignedWithTheConsumerSecret) {
  const Reply reply = Ask(kMyDomain, AppForm("client_credentials"));
  const std::string text = reply.Text("id") + reply.Text("issued_at");
  const std::string secret = kSecret;
  std::string digest(32, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(digest.data()), &size);
  EXPECT_EQ(reply.Text("signature"), Base64(digest));
}

TEST_F(TokenTest, UnknownGrantsAndGetsAreRefused) {
  ExpectRefused(Ask(kLogin, AppForm("device")), "unsupported_grant_type",
                "grant type not supported");
  ExpectRefused(Ask(kLogin, {}), "unsupported_grant_type", "grant type not supported");
  EXPECT_EQ(Get(std::string(kLogin) + "/services/oauth2/token?grant_type=client_credentials")
                .Text("error"),
            "invalid_request");
}

TEST_F(TokenTest, ThePasswordIsFollowedByTheSecurityToken) {
  const Reply reply = SignInWithPassword(std::string(kPassword) + kSecurityToken);
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(sessions.Check("Bearer " + reply.Text("access_token")), kSyncId);
  EXPECT_FALSE(reply.body.contains("refresh_token"));
  ExpectRefused(SignInWithPassword(kPassword), "invalid_grant", "authentication failure");
  sessions.switches().trusted_network = true;
  EXPECT_EQ(SignInWithPassword(kPassword).status, 200);
}

TEST_F(TokenTest, TheAnswerToThePasswordGrantMayLackItsScope) {
  sessions.switches().password_answers_scope = false;
  const Reply reply = SignInWithPassword(std::string(kPassword) + kSecurityToken);
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_FALSE(reply.body.contains("scope"));
}

TEST_F(TokenTest, AnOrganisationMayBlockThePasswordGrant) {
  sessions.switches().password_grant_allowed = false;
  ExpectRefused(SignInWithPassword(std::string(kPassword) + kSecurityToken), "invalid_grant",
                "authentication failure");
}

TEST_F(TokenTest, AnInactiveUserCannotSignInAndItsSessionsAreDead) {
  const std::string token = Token();
  sessions.AddUser({kSyncId, kSyncName, kPassword, kSecurityToken, "", "", false});
  EXPECT_FALSE(IsOpen(token));
  EXPECT_EQ(SignInWithPassword(std::string(kPassword) + kSecurityToken).Text("error"),
            "inactive_user");
}

TEST_F(TokenTest, ARefreshTokenOpensSessionsAgainAndAgain) {
  const std::string token = sessions.IssueRefreshToken(kKey, kSyncName);
  for (int time = 0; time < 2; ++time) {
    const Reply reply = Refresh(token);
    ASSERT_EQ(reply.status, 200) << reply.text;
    EXPECT_FALSE(reply.body.contains("refresh_token"));
    EXPECT_EQ(sessions.Check("Bearer " + reply.Text("access_token")), kSyncId);
  }
  ExpectRefused(Refresh("5Aep861.never.issued"), "invalid_grant", "expired access/refresh token");
}

TEST_F(TokenTest, ARotatedRefreshTokenWorksOnce) {
  sessions.switches().refresh_rotation = true;
  const std::string old = sessions.IssueRefreshToken(kKey, kSyncName);
  const std::string next = Refresh(old).Text("refresh_token");
  ASSERT_FALSE(next.empty());
  EXPECT_NE(next, old);
  ExpectRefused(Refresh(old), "invalid_grant", "expired access/refresh token");
  EXPECT_EQ(Refresh(next).status, 200);
}

TEST_F(TokenTest, ARefusedRefreshLeavesTheTokenInPlace) {
  sessions.switches().refresh_rotation = true;
  const std::string token = sessions.IssueRefreshToken(kKey, kSyncName);
  sessions.ForceError(kKey, "rate_limit_exceeded", "login rate exceeded", 1);
  EXPECT_EQ(Refresh(token).Text("error"), "rate_limit_exceeded");
  EXPECT_EQ(Refresh(token).status, 200);
}

TEST_F(TokenTest, ARefreshTokenBelongsToItsApp) {
  SalesforceApp other = App();
  other.consumer_key = "3MVG9.other";
  sessions.AddApp(other);
  const std::string token = sessions.IssueRefreshToken("3MVG9.other", kSyncName);
  EXPECT_EQ(Refresh(token).Text("error"), "invalid_grant");
}

TEST_F(TokenTest, TheSixthRefreshTokenDropsTheFirstSilently) {
  const std::string first = sessions.IssueRefreshToken(kKey, kSyncName);
  const std::string second = sessions.IssueRefreshToken(kKey, kSyncName);
  const std::string of_another = sessions.IssueRefreshToken(kKey, kSellerName);
  for (int more = 0; more < 4; ++more) sessions.IssueRefreshToken(kKey, kSyncName);
  EXPECT_EQ(Refresh(first).Text("error"), "invalid_grant");
  EXPECT_EQ(Refresh(second).status, 200);
  EXPECT_EQ(Refresh(of_another).status, 200);
}

TEST_F(TokenTest, TheSecretMayBeLeftOutOnlyWhereTheAppAllowsIt) {
  const std::string token = sessions.IssueRefreshToken(kKey, kSyncName);
  const Form form = {
      {"grant_type", "refresh_token"}, {"client_id", kKey}, {"refresh_token", token}};
  EXPECT_EQ(Ask(kLogin, form).Text("error"), "invalid_client");
  SalesforceApp app = App();
  app.secret_required = false;
  sessions.AddApp(app);
  EXPECT_EQ(Ask(kLogin, form).status, 200);
  Form wrong = form;
  wrong.emplace_back("client_secret", "other");
  EXPECT_EQ(Ask(kLogin, wrong).Text("error"), "invalid_client");
}

TEST_F(TokenTest, OrderedRefusalsEndAfterTheirNumberOfTimes) {
  sessions.ForceError(kSyncName, "inactive_org", "organization is inactive", 2);
  EXPECT_EQ(Ask(kMyDomain, AppForm("client_credentials")).Text("error"), "inactive_org");
  EXPECT_EQ(SignInWithPassword(std::string(kPassword) + kSecurityToken).Text("error_description"),
            "organization is inactive");
  EXPECT_EQ(Ask(kMyDomain, AppForm("client_credentials")).status, 200);
  sessions.ForceError(kKey, "invalid_app_access", "not admin approved", 0);
  for (int time = 0; time < 3; ++time) EXPECT_EQ(Token(), "");
  sessions.ForceError(kKey, "", "", 0);
  EXPECT_NE(Token(), "");
}

TEST_F(TokenTest, SignInsAreCountedByGrant) {
  Token();
  Token();
  SignInWithPassword("wrong");
  Refresh(sessions.IssueRefreshToken(kKey, kSyncName));
  const std::map<std::string, std::int64_t> granted = {{"client_credentials", 2},
                                                       {"refresh_token", 1}};
  EXPECT_EQ(sessions.sign_ins().granted, granted);
  EXPECT_EQ(sessions.sign_ins().refused, 1);
}

TEST_F(TokenTest, AccessTokensMayBeLong) {
  sessions.switches().access_token_chars = 5000;
  EXPECT_EQ(Token().size(), 5016U);
}

TEST_F(TokenTest, TheSameSeedGivesTheSameTokens) {
  SeededRandom same{11};
  SalesforceSessions twin(clock, same);
  twin.AddUser({kSyncId, kSyncName, "", "", "", ""});
  EXPECT_EQ(twin.IssueToken(kSyncId), sessions.IssueToken(kSyncName));
}

// Contract section 2.2.
class JwtTest : public AccessTest {
 protected:
  JwtTest() {
    SalesforceApp app = App();
    app.public_key_pem = CertificateOf(OwnKey());
    app.authorized_users = {kSyncName};
    sessions.AddApp(app);
  }

  static EVP_PKEY* OwnKey() {
    static const KeyPtr key = NewRsaKey();
    return key.get();
  }
  static EVP_PKEY* ForeignKey() {
    static const KeyPtr key = NewRsaKey();
    return key.get();
  }
  static std::string CertificateOf(EVP_PKEY* key) {
    CertificateWish wish;
    wish.common_name = "cosell-sync";
    return ToPem(NewCertificate(wish, key, nullptr, key).get());
  }
  static std::string PublicPemOf(EVP_PKEY* key) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PUBKEY(bio.get(), key);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
  }

  Json Claims() const {
    return {{"iss", kKey}, {"sub", kSyncName}, {"aud", kLogin}, {"exp", InSeconds(180)}};
  }
  std::int64_t InSeconds(std::int64_t seconds) const {
    return ToUnixMs(clock.Now()) / 1000 + seconds;
  }
  Reply Present(const Json& claims, EVP_PKEY* key = OwnKey(), const std::string& alg = "RS256") {
    const std::string signed_part =
        Base64Url(Json{{"alg", alg}}.dump()) + "." + Base64Url(claims.dump());
    return PresentText(signed_part + "." + Base64Url(SignBytes(key, EVP_sha256(), signed_part)));
  }
  Reply PresentText(const std::string& assertion) {
    return Ask(kLogin, {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                        {"assertion", assertion}});
  }
  Reply PresentWith(const char* claim, const Json& value) {
    Json claims = Claims();
    claims[claim] = value;
    return Present(claims);
  }
};

TEST_F(JwtTest, ASignedAssertionOpensASessionWithoutAnySecret) {
  const Reply reply = Present(Claims());
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(sessions.Check("Bearer " + reply.Text("access_token")), kSyncId);
  EXPECT_EQ(reply.Text("id"), std::string(kLogin) + "/id/00D5g000004TqAzEAK/" + kSyncId);
  EXPECT_FALSE(reply.body.contains("refresh_token"));
  EXPECT_FALSE(reply.body.contains("signature"));
  EXPECT_FALSE(reply.body.contains("issued_at"));
  EXPECT_EQ(sessions.sign_ins().granted.at("jwt_bearer"), 1);
}

TEST_F(JwtTest, TheAnswerMayBeSigned) {
  sessions.switches().jwt_answers_signed = true;
  EXPECT_TRUE(Present(Claims()).body.contains("signature"));
}

TEST_F(JwtTest, ABarePublicKeyServesAsWellAsACertificate) {
  SalesforceApp app = App();
  app.public_key_pem = PublicPemOf(OwnKey());
  app.authorized_users = {kSyncId};
  sessions.AddApp(app);
  EXPECT_EQ(Present(Claims()).status, 200);
}

TEST_F(JwtTest, ExpiryIsInSecondsAsNumberOrText) {
  EXPECT_EQ(PresentWith("exp", std::to_string(InSeconds(180))).status, 200);
  EXPECT_EQ(PresentWith("exp", static_cast<double>(InSeconds(180)) + 0.5).status, 200);
  EXPECT_EQ(PresentWith("exp", InSeconds(300)).status, 200);
}

TEST_F(JwtTest, ABadExpiryReadsLikeAnExpiredCode) {
  for (const Json& exp : {Json(InSeconds(0)), Json(InSeconds(301)), Json(InSeconds(180) * 1000),
                          Json(std::to_string(InSeconds(180) * 1000)), Json("soon"), Json()}) {
    SCOPED_TRACE(exp.dump());
    ExpectRefused(PresentWith("exp", exp), "invalid_grant", "expired authorization code");
  }
}

TEST_F(JwtTest, AnUnknownUserReadsLikeAnExpiredCodeToo) {
  ExpectRefused(PresentWith("sub", "nobody@northwind-orchard.example"), "invalid_grant",
                "expired authorization code");
  EXPECT_EQ(PresentWith("sub", kSyncId).status, 400) << "people are named, not numbered";
}

TEST_F(JwtTest, AUserWhoIsNotPreAuthorizedIsTold) {
  ExpectRefused(PresentWith("sub", kSellerName), "invalid_grant",
                "user hasn't approved this consumer");
}

TEST_F(JwtTest, OnlyTheHostsOfTheOrganisationAreAudiences) {
  EXPECT_EQ(PresentWith("aud", "https://test.salesforce.com").status, 200);
  EXPECT_EQ(PresentWith("aud", kMyDomain).status, 200);
  for (const char* aud :
       {"https://login.salesforce.com/services/oauth2/token", "https://login.example", ""}) {
    ExpectRefused(PresentWith("aud", aud), "invalid_grant", "audience validation failed");
  }
}

TEST_F(JwtTest, AForeignKeyOrAChangedClaimIsNoProof) {
  ExpectRefused(Present(Claims(), ForeignKey()), "invalid_grant", "invalid assertion");
  const std::string header = Base64Url(R"({"alg":"RS256"})");
  const std::string signature =
      Base64Url(SignBytes(OwnKey(), EVP_sha256(), header + "." + Base64Url(Claims().dump())));
  Json changed = Claims();
  changed["exp"] = InSeconds(299);
  ExpectRefused(PresentText(header + "." + Base64Url(changed.dump()) + "." + signature),
                "invalid_grant", "invalid assertion");
}

TEST_F(JwtTest, OtherAlgorithmsAndOtherTextsAreRefused) {
  ExpectRefused(Present(Claims(), OwnKey(), "none"), "invalid_grant", "invalid assertion");
  ExpectRefused(Present(Claims(), OwnKey(), "HS256"), "invalid_grant", "invalid assertion");
  for (const char* text : {"", "a.b", "a.b.c", "....", "W10.W10.W10"})
    ExpectRefused(PresentText(text), "invalid_grant", "invalid assertion");
}

TEST_F(JwtTest, TheIssuerIsAnAppThatRegisteredAKey) {
  ExpectRefused(PresentWith("iss", "3MVG9.unknown"), "invalid_client_id",
                "client identifier invalid");
  sessions.AddApp(App());
  ExpectRefused(Present(Claims()), "invalid_grant", "invalid assertion");
}

TEST_F(JwtTest, ARefusalMayBeOrderedForItsApp) {
  sessions.ForceError(kKey, "rate_limit_exceeded", "login rate exceeded", 1);
  ExpectRefused(Present(Claims()), "rate_limit_exceeded", "login rate exceeded");
  EXPECT_EQ(Present(Claims()).status, 200);
}

}  // namespace
}  // namespace cosell::sandbox

#include <map>

#include "tests/sandbox_salesforce_access/organization.h"

namespace cosell::sandbox {
namespace {

constexpr const char* kOrganization = "00D5g000004TqAzEAK";

// Contract salesforce.md sections 2.7 and 2.8: using, asking about and ending a session.
class IdentityTest : public AccessTest {
 protected:
  std::string At(const std::string& path) { return std::string(kMyDomain) + path; }
  Reply Introspect(const std::string& token, const std::string& secret = kSecret) {
    return Post(At("/services/oauth2/introspect"), {{"token", token}},
                {{"Authorization", "Basic " + Base64(std::string(kKey) + ":" + secret)}});
  }
  Reply Revoke(const std::string& token) {
    return Post(At("/services/oauth2/revoke"), {{"token", token}});
  }
};

TEST_F(IdentityTest, TheIdOfTheAnswerLeadsToThePerson) {
  const Reply signed_in = Ask(kMyDomain, AppForm("client_credentials"));
  const std::string id = signed_in.Text("id");
  EXPECT_EQ(id, At("/id/" + std::string(kOrganization) + "/" + kSyncId));
  const Reply reply = Get(id + "?format=json", Bearer(signed_in.Text("access_token")));
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.Header("Content-Type"), "application/json;charset=UTF-8");
  EXPECT_EQ(reply.Text("id"), id);
  EXPECT_EQ(reply.Text("user_id"), kSyncId);
  EXPECT_EQ(reply.Text("organization_id"), kOrganization);
  EXPECT_EQ(reply.Text("username"), kSyncName);
  EXPECT_EQ(reply.Text("display_name"), "Cosell Sync");
  EXPECT_EQ(reply.Text("nick_name"), "cosell-sync");
  EXPECT_EQ(reply.Text("user_type"), "STANDARD");
  EXPECT_EQ(reply.body["urls"]["query"], At("/services/data/v{version}/query/"));
  EXPECT_TRUE(reply.body["photos"].contains("picture"));
}

TEST_F(IdentityTest, TheTokenMayComeInTheQueryOrUnderTheOldScheme) {
  const std::string token = Token();
  const std::string url = At("/id/" + std::string(kOrganization) + "/" + kSyncId + "/");
  EXPECT_EQ(Get(url + "?format=json&oauth_token=" + UrlEncode(token)).status, 200);
  EXPECT_EQ(Get(url, {{"Authorization", "OAuth " + token}}).status, 200);
}

TEST_F(IdentityTest, WithoutASessionTheAnswerIsAnArray) {
  const std::string url = At("/id/" + std::string(kOrganization) + "/" + kSyncId);
  ExpectNoSession(Get(url));
  ExpectNoSession(Get(url, Bearer("00D5g000004TqAz!unknown")));
  ExpectNoSession(Get(At("/services/oauth2/userinfo")));
  const Reply malformed = Get(url, {{"Authorization", "Token x"}});
  EXPECT_EQ(malformed.status, 401);
  EXPECT_EQ(malformed.body[0]["errorCode"], "INVALID_AUTH_HEADER");
}

TEST_F(IdentityTest, AnotherOrganisationOrUserIsNotFound) {
  const auto status = [&](const std::string& path) {
    return Get(At(path), Bearer(Token())).status;
  };
  EXPECT_EQ(status("/id/00D5g000004TqAyEAK/" + std::string(kSyncId)), 404);
  EXPECT_EQ(status("/id/" + std::string(kOrganization) + "/0055g00000XXXXXAAV"), 404);
  EXPECT_EQ(status("/id/" + std::string(kOrganization) + "/" + kSyncName), 404);
  EXPECT_EQ(status("/services/oauth2/elsewhere"), 404);
}

TEST_F(IdentityTest, TheHostOfTheIdMayBeSet) {
  SalesforceAccessOptions options;
  options.identity_origin = "http://127.0.0.1:8089";
  SalesforceSessions other(clock, random, options);
  other.AddUser({kSyncId, kSyncName, "", "", "", ""});
  const net::HttpResponse answer =
      other.Handle({"GET", At("/services/oauth2/userinfo"), Bearer(other.IssueToken(kSyncId)), ""});
  EXPECT_EQ(Json::parse(answer.body)["sub"],
            "http://127.0.0.1:8089/id/" + std::string(kOrganization) + "/" + kSyncId);
}

TEST_F(IdentityTest, UserInfoSpeaksOpenId) {
  const Reply reply = Get(At("/services/oauth2/userinfo"), Bearer(Token()));
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.Text("preferred_username"), kSyncName);
  EXPECT_EQ(reply.Text("name"), "Cosell Sync");
  EXPECT_EQ(reply.Text("user_id"), kSyncId);
}

TEST_F(IdentityTest, ASessionEndsWhenItWasIdleAndLivesWhileItIsUsed) {
  const std::string token = Token();
  for (int hour = 0; hour < 3; ++hour) {
    clock.Advance(std::chrono::minutes(119));
    EXPECT_TRUE(IsOpen(token));
  }
  clock.Advance(std::chrono::hours(2));
  EXPECT_FALSE(IsOpen(token));
}

TEST_F(IdentityTest, AShorterIdleTimeHoldsForOpenSessions) {
  const std::string token = Token();
  clock.Advance(std::chrono::minutes(15));
  EXPECT_TRUE(IsOpen(token));
  sessions.ExpireAfter(std::chrono::minutes(15));
  clock.Advance(std::chrono::minutes(15));
  EXPECT_FALSE(IsOpen(token));
  sessions.ExpireAfter(std::chrono::hours(2));
  EXPECT_FALSE(IsOpen(token)) << "what ended stays ended";
}

TEST_F(IdentityTest, ExpireAllLeavesRefreshTokensAlive) {
  const std::string refresh = sessions.IssueRefreshToken(kKey, kSyncId);
  const std::string token = Token();
  sessions.ExpireAll();
  EXPECT_FALSE(IsOpen(token));
  EXPECT_TRUE(IsOpen(Refresh(refresh).Text("access_token")));
}

TEST_F(IdentityTest, RevokeEndsOneSession) {
  const std::string token = Token();
  const std::string other = Token();
  const Reply reply = Revoke(token);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.text, "");
  EXPECT_FALSE(IsOpen(token));
  EXPECT_TRUE(IsOpen(other));
  EXPECT_EQ(Revoke("00D5g000004TqAz!unknown").status, 200);
  EXPECT_EQ(Revoke("").Text("error"), "invalid_request");
}

TEST_F(IdentityTest, RevokingARefreshTokenEndsTheSessionsThatCameOfIt) {
  const std::string refresh = sessions.IssueRefreshToken(kKey, kSyncId);
  const std::string derived = Refresh(refresh).Text("access_token");
  const std::string other = Token();
  Revoke(refresh);
  EXPECT_FALSE(IsOpen(derived));
  EXPECT_TRUE(IsOpen(other));
  EXPECT_EQ(Refresh(refresh).Text("error"), "invalid_grant");
}

TEST_F(IdentityTest, RevokingAUserEndsAllTheyHold) {
  const std::string refresh = sessions.IssueRefreshToken(kKey, kSyncId);
  const std::string token = Token();
  const std::string of_the_seller = sessions.IssueToken(kSellerName);
  sessions.RevokeUser(kSyncName);
  EXPECT_FALSE(IsOpen(token));
  EXPECT_EQ(Refresh(refresh).Text("error"), "invalid_grant");
  EXPECT_EQ(sessions.Check("Bearer " + of_the_seller), kSellerId);
}

TEST_F(IdentityTest, IntrospectionTellsWhatATokenIsWorth) {
  const std::string token = Token();
  clock.Advance(std::chrono::minutes(30));
  const Reply reply = Introspect(token);
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.body["active"], true);
  EXPECT_EQ(reply.Text("client_id"), kKey);
  EXPECT_EQ(reply.Text("username"), kSyncName);
  EXPECT_EQ(reply.body["exp"].get<std::int64_t>() - reply.body["iat"].get<std::int64_t>(), 7200)
      << "asking is no activity";
  EXPECT_EQ(Introspect("00D5g000004TqAz!unknown").body, Json({{"active", false}}));
  EXPECT_EQ(Introspect(token, "wrong").status, 401);
}

TEST_F(IdentityTest, OnlyWholeAuthorizationHeadersCount) {
  const std::string token = sessions.IssueToken(kSyncName);
  EXPECT_TRUE(sessions.Check("bearer " + token));
  EXPECT_FALSE(sessions.Check(token));
  EXPECT_FALSE(sessions.Check("Basic " + token));
  EXPECT_FALSE(sessions.Check("Bearer"));
  EXPECT_FALSE(sessions.Check(""));
}

TEST_F(IdentityTest, UnknownUsersAreAMistakeOfTheTest) {
  EXPECT_THROW(sessions.IssueToken("nobody"), std::out_of_range);
  EXPECT_THROW(sessions.IssueRefreshToken("nothing", kSyncId), std::out_of_range);
}

TEST_F(IdentityTest, PathsOfTheSignInSideAreToldFromThoseOfTheData) {
  EXPECT_TRUE(SalesforceSessions::Serves("/services/oauth2/token"));
  EXPECT_TRUE(SalesforceSessions::Serves("/services/Soap/u/50.0"));
  EXPECT_TRUE(SalesforceSessions::Serves("/id/00D5g000004TqAzEAK/0055g00000DnYxEAAV"));
  EXPECT_FALSE(SalesforceSessions::Serves("/services/data/v67.0/query"));
}

// The authorization code flow of an interactive sign-in, with PKCE.
class BrowserTest : public AccessTest {
 protected:
  const std::string kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const std::string kCallback = "http://localhost:1717/callback";

  Reply Open(const Form& changes = {}) {
    std::map<std::string, std::string> query = {
        {"response_type", "code"},        {"client_id", kKey},
        {"redirect_uri", kCallback},      {"state", "st&te"},
        {"scope", "api refresh_token"},   {"code_challenge", Base64Url(Sha256(kVerifier))},
        {"code_challenge_method", "S256"}};
    for (const auto& [name, value] : changes) query[name] = value;
    std::string text;
    for (const auto& [name, value] : query) text += name + "=" + UrlEncode(value) + "&";
    return Get(std::string(kLogin) + "/services/oauth2/authorize?" + text);
  }
  // What the browser brings to the callback.
  std::map<std::string, std::string> Brought(const Reply& reply) {
    EXPECT_EQ(reply.status, 302) << reply.text;
    const Url url = ParseUrl(reply.Header("Location"));
    EXPECT_EQ(url.origin + url.path, kCallback);
    return ParseForm(url.query);
  }
  std::string Code(const Form& changes = {}) { return Brought(Open(changes))["code"]; }
  Reply HandIn(const std::string& code, const std::string& verifier) {
    return Ask(kLogin,
               AppForm("authorization_code",
                       {{"code", code}, {"redirect_uri", kCallback}, {"code_verifier", verifier}}));
  }
};

TEST_F(BrowserTest, ASignedInPersonComesBackWithACodeThatYieldsARefreshToken) {
  auto brought = Brought(Open());
  EXPECT_EQ(brought["state"], "st&te");
  const Reply reply = HandIn(brought["code"], kVerifier);
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.Text("scope"), "api refresh_token");
  EXPECT_EQ(sessions.Check("Bearer " + reply.Text("access_token")), kSyncId);
  EXPECT_EQ(Refresh(reply.Text("refresh_token")).status, 200);
}

TEST_F(BrowserTest, ACodeWorksOnceAndNotForLong) {
  const std::string code = Code();
  EXPECT_EQ(HandIn(code, kVerifier).status, 200);
  ExpectRefused(HandIn(code, kVerifier), "invalid_grant", "expired authorization code");
  const std::string late = Code();
  clock.Advance(std::chrono::minutes(16));
  ExpectRefused(HandIn(late, kVerifier), "invalid_grant", "expired authorization code");
}

TEST_F(BrowserTest, TheVerifierMustMatchTheChallengeIfThereIsOne) {
  ExpectRefused(HandIn(Code(), "another"), "invalid_grant", "invalid code verifier");
  EXPECT_EQ(HandIn(Code({{"code_challenge", ""}}), "").status, 200);
  EXPECT_EQ(Brought(Open({{"code_challenge_method", "plain"}}))["error"], "invalid_request");
}

TEST_F(BrowserTest, TheCallbackMustBeTheOneTheCodeWasSentTo) {
  const std::string code = Code();
  const Reply reply =
      Ask(kLogin, AppForm("authorization_code", {{"code", code},
                                                 {"redirect_uri", "http://localhost:1/other"},
                                                 {"code_verifier", kVerifier}}));
  EXPECT_EQ(reply.Text("error"), "redirect_uri_mismatch");
}

TEST_F(BrowserTest, NobodyIsSentToAnAddressTheAppDoesNotKnow) {
  SalesforceApp app = App();
  app.callback_urls = {kCallback};
  sessions.AddApp(app);
  EXPECT_EQ(Open().status, 302);
  const Reply reply = Open({{"redirect_uri", "https://elsewhere.example/"}});
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.Header("Location"), "");
  EXPECT_EQ(Open({{"client_id", "unknown"}}).Text("error"), "invalid_client_id");
}

TEST_F(BrowserTest, TheHintChoosesThePersonAndTheScopeTheRefreshToken) {
  const Reply reply = HandIn(Code({{"login_hint", kSellerName}, {"scope", "api"}}), kVerifier);
  EXPECT_EQ(sessions.Check("Bearer " + reply.Text("access_token")), kSellerId);
  EXPECT_FALSE(reply.body.contains("refresh_token"));
  EXPECT_TRUE(
      HandIn(Code({{"scope", "api offline_access"}}), kVerifier).body.contains("refresh_token"));
  EXPECT_TRUE(HandIn(Code({{"scope", ""}}), kVerifier).body.contains("refresh_token"));
  EXPECT_EQ(Brought(Open({{"scope", "everything"}}))["error"], "invalid_scope");
  EXPECT_EQ(Brought(Open({{"response_type", "token"}}))["error"], "unsupported_response_type");
}

}  // namespace
}  // namespace cosell::sandbox

#include "tests/sandbox/world_fixture.h"
#include "tools/sandbox/world/encoding.h"

namespace cosell::sandbox {
namespace {

// Signs in at the token endpoint (contract partner-center.md section 2).
class EntraTest : public WorldTest {
 protected:
  using Form = std::vector<std::pair<std::string, std::string>>;

  Reply Ask(const std::string& version, Form form, const std::string& tenant = "") {
    std::string body;
    for (const auto& [name, value] : form)
      body += (body.empty() ? "" : "&") + name + "=" + UrlEncode(value);
    const std::string path = version == "v2" ? "/oauth2/v2.0/token" : "/oauth2/token";
    const std::string where = tenant.empty() ? world.identities().tenant_id : tenant;
    return Send({"POST",
                 world.origins().login + "/" + where + path,
                 {{"Content-Type", "application/x-www-form-urlencoded"}},
                 body});
  }
  // The partner application's form for one grant.
  Form Partner(const std::string& grant, Form more) {
    more.insert(more.begin(), {{"grant_type", grant},
                               {"client_id", world.identities().partner_client_id},
                               {"client_secret", world.identities().partner_client_secret}});
    return more;
  }
  Form RefreshV1(const std::string& token) {
    return Partner(
        "refresh_token",
        {{"refresh_token", token}, {"resource", world.origins().referrals}, {"scope", "openid"}});
  }
  Form AppOnlyV2() {
    return Partner("client_credentials", {{"scope", world.origins().webhooks + "/.default"}});
  }
  Form PasswordV2() {
    return Partner("password", {{"username", world.identities().user_name},
                                {"password", world.identities().user_password},
                                {"scope", world.origins().referrals + "/.default"}});
  }
  static void ExpectRefused(const Reply& reply, int status, const std::string& error, int code) {
    EXPECT_EQ(reply.status, status) << reply.text;
    EXPECT_EQ(reply.body["error"], error);
    EXPECT_EQ(reply.body["error_codes"][0], code);
    EXPECT_FALSE(reply.body["trace_id"].get<std::string>().empty());
  }
};

TEST_F(EntraTest, VersionOneAnswersNumbersAsText) {
  const Reply reply = Ask("v1", RefreshV1(world.NewRefreshToken()));
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.body["expires_in"], "3600");
  EXPECT_EQ(reply.body["resource"], world.origins().referrals);
  EXPECT_EQ(std::stoll(reply.body["expires_on"].get<std::string>()) -
                std::stoll(reply.body["not_before"].get<std::string>()),
            3900);
  EXPECT_TRUE(reply.body.contains("id_token"));
  EXPECT_EQ(reply.Header("Cache-Control"), "no-cache, no-store");
}

TEST_F(EntraTest, VersionTwoAnswersNumbersAndARefreshTokenOnlyWhenAsked) {
  const std::string scope = world.origins().referrals + "/.default";
  const std::string token = world.NewRefreshToken();
  Reply reply = Ask("v2", Partner("refresh_token", {{"refresh_token", token}, {"scope", scope}}));
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.body["expires_in"], 3599);
  EXPECT_FALSE(reply.body.contains("refresh_token"));
  EXPECT_FALSE(reply.body.contains("expires_on"));
  reply = Ask("v2", Partner("refresh_token",
                            {{"refresh_token", token}, {"scope", scope + " offline_access"}}));
  EXPECT_NE(reply.body["refresh_token"], token);
  EXPECT_EQ(Ask("v1", RefreshV1(token)).status, 200) << "the old one keeps working";
}

TEST_F(EntraTest, OneRefreshTokenMintsBothAudiencesButATokenOpensOnlyItsOwn) {
  Form form = RefreshV1(world.NewRefreshToken());
  const std::string referrals = Ask("v1", form).body["access_token"];
  form[4].second = world.origins().webhooks;
  const std::string webhooks = Ask("v1", form).body["access_token"];
  const auto get = [&](const std::string& url, const std::string& token) {
    return Send({"GET", url, {{"Authorization", "Bearer " + token}}, ""}).status;
  };
  const std::string list = world.origins().referrals + "/v1.0/engagements/referrals";
  const std::string events = world.origins().webhooks + "/webhooks/v1/registration/events";
  EXPECT_EQ(get(list, referrals), 200);
  EXPECT_EQ(get(list, webhooks), 401);
  EXPECT_EQ(get(events, webhooks), 200);
  EXPECT_EQ(get(events, referrals), 401);
}

TEST_F(EntraTest, AccessTokensExpireByTheClock) {
  Created();
  clock.Advance(std::chrono::seconds(3601));
  const Reply reply = List("");
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(reply.code(), "unauthenticated");
}

TEST_F(EntraTest, AppOnlyTokensOpenTheWebhooksButNotTheReferrals) {
  Form form = AppOnlyV2();
  Reply reply = Ask("v2", form);
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_FALSE(reply.body.contains("refresh_token"));
  form.back().second = world.origins().referrals + "/.default";
  const std::string token = Ask("v2", form).body["access_token"];
  EXPECT_EQ(Send({"GET",
                  world.origins().referrals + "/v1.0/engagements/referrals",
                  {{"Authorization", "Bearer " + token}},
                  ""})
                .status,
            403);
}

TEST_F(EntraTest, RefusalsCarryTheCodesOfTheTable) {
  Form form = AppOnlyV2();
  form[2].second = "wrong";
  ExpectRefused(Ask("v2", form), 401, "invalid_client", 7000215);
  form.erase(form.begin() + 2);
  ExpectRefused(Ask("v2", form), 401, "invalid_client", 7000218);
  form = AppOnlyV2();
  form.push_back({"resource", "https://api.partner.microsoft.com"});
  ExpectRefused(Ask("v2", form), 400, "invalid_request", 901002);
  form = AppOnlyV2();
  form[3].second = "https://unknown.example/.default";
  ExpectRefused(Ask("v2", form), 400, "invalid_resource", 500011);
  form[3].second = world.origins().dataverse + "/.default";
  ExpectRefused(Ask("v2", form), 400, "invalid_resource", 650057);
  form[3].second = "user_impersonation";
  ExpectRefused(Ask("v2", form), 400, "invalid_scope", 70011);
  ExpectRefused(Ask("v2", AppOnlyV2(), "tailspin.example"), 400, "invalid_request", 90002);
  ExpectRefused(Ask("v2", PasswordV2(), "common"), 400, "invalid_request", 9001023);
  ExpectRefused(Ask("v1", RefreshV1("0.AXunknown")), 400, "invalid_grant", 70000);
  form = PasswordV2();
  form[4].second = "wrong";
  ExpectRefused(Ask("v2", form), 400, "invalid_grant", 50126);
  form[0].second = "device";
  ExpectRefused(Ask("v2", form), 400, "unsupported_grant_type", 70003);
}

TEST_F(EntraTest, MfaIsDemandedInTheShapeOfTheVersion) {
  world.switches().mfa_required = true;
  const Reply v2 = Ask("v2", PasswordV2());
  ExpectRefused(v2, 400, "invalid_grant", 50076);
  EXPECT_EQ(v2.body["suberror"], "basic_action");
  EXPECT_TRUE(v2.body["claims"].is_string());
  Form form = PasswordV2();
  form.back() = {"resource", world.origins().referrals};
  ExpectRefused(Ask("v1", form), 400, "interaction_required", 50076);
  EXPECT_EQ(Ask("v1", RefreshV1(world.NewRefreshToken())).status, 200);
}

TEST_F(EntraTest, EnforcedMfaShutsPasswordTokensOutOfTheReferrals) {
  world.switches().mfa_enforced = true;
  const std::string token = Ask("v2", PasswordV2()).body["access_token"];
  EXPECT_EQ(Send({"GET",
                  world.origins().referrals + "/v1.0/engagements/referrals",
                  {{"Authorization", "Bearer " + token}},
                  ""})
                .status,
            403);
  EXPECT_EQ(List("").status, 200) << "the refresh token's sign-in had MFA";
}

TEST_F(EntraTest, RefreshTokensDieByRevocationAndByIdleness) {
  const std::string token = world.NewRefreshToken();
  clock.Advance(std::chrono::hours(24 * 89));
  EXPECT_EQ(Ask("v1", RefreshV1(token)).status, 200);
  clock.Advance(std::chrono::hours(24 * 89));
  EXPECT_EQ(Ask("v1", RefreshV1(token)).status, 200) << "use keeps it alive";
  clock.Advance(std::chrono::hours(24 * 91));
  ExpectRefused(Ask("v1", RefreshV1(token)), 400, "invalid_grant", 700082);
  const std::string other = world.NewRefreshToken();
  world.entra().RevokeRefreshTokens(world.identities().user_name);
  ExpectRefused(Ask("v1", RefreshV1(other)), 400, "invalid_grant", 50173);
}

TEST_F(EntraTest, ThrottlingIsPlainTextForAppsAndALoopErrorForUsers) {
  world.entra().Throttle(2);
  const Reply app = Ask("v2", AppOnlyV2());
  EXPECT_EQ(app.status, 429);
  EXPECT_EQ(app.Header("Retry-After"), "60");
  EXPECT_TRUE(app.body.is_discarded());
  ExpectRefused(Ask("v2", PasswordV2()), 400, "invalid_grant", 50196);
  EXPECT_EQ(Ask("v2", PasswordV2()).status, 200);
}

TEST_F(EntraTest, AnyErrorOfTheTableCanBeForcedOnOneAccount) {
  world.entra().ForceError(world.identities().user_name, 50055, 1);
  ExpectRefused(Ask("v2", PasswordV2()), 400, "invalid_grant", 50055);
  EXPECT_EQ(Ask("v2", PasswordV2()).status, 200);
  world.entra().ForceError(world.identities().partner_client_id, 7000222, 0);
  ExpectRefused(Ask("v2", AppOnlyV2()), 401, "invalid_client", 7000222);
  ExpectRefused(Ask("v2", AppOnlyV2()), 401, "invalid_client", 7000222);
  world.entra().ForceError(world.identities().partner_client_id, 0, 0);
  EXPECT_EQ(Ask("v2", AppOnlyV2()).status, 200);
}

TEST_F(EntraTest, AnAuthorizationCodeIsGoodOnceAndOnlyForItsVerifier) {
  const auto authorize = [&] {
    const Reply reply = Send(
        {"GET",
         world.origins().login + "/" + world.identities().tenant_id +
             "/oauth2/v2.0/authorize?client_id=" + world.identities().public_client_id +
             "&response_type=code&redirect_uri=" + UrlEncode("http://127.0.0.1:5000/") +
             "&state=s1&code_challenge_method=S256&code_challenge=" + Base64Url(Sha256("verifier")),
         {},
         ""});
    EXPECT_EQ(reply.status, 302);
    const std::string location = reply.Header("Location");
    EXPECT_NE(location.find("state=s1"), std::string::npos);
    const std::size_t from = location.find("code=") + 5;
    return location.substr(from, location.find('&', from) - from);
  };
  Form form = {{"grant_type", "authorization_code"},
               {"client_id", world.identities().public_client_id},
               {"code", authorize()},
               {"redirect_uri", "http://127.0.0.1:5000/"},
               {"code_verifier", "verifier"},
               {"scope", world.origins().referrals + "/user_impersonation offline_access"}};
  const Reply reply = Ask("v2", form);
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_TRUE(reply.body.contains("refresh_token"));
  ExpectRefused(Ask("v2", form), 400, "invalid_grant", 70000);
  form[2].second = authorize();
  form[4].second = "somebody else's";
  ExpectRefused(Ask("v2", form), 400, "invalid_grant", 501481);
  form[2].second = authorize();
  form[4].second = "verifier";
  form.push_back({"client_secret", "public clients have none"});
  ExpectRefused(Ask("v2", form), 401, "invalid_client", 700025);
}

TEST_F(EntraTest, TheLogKeepsNoSecret) {
  const std::string token = world.NewRefreshToken();
  Ask("v1", RefreshV1(token));
  const auto entries = world.log().Find({.service = "entra"});
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].body.find(token), std::string::npos);
  EXPECT_EQ(entries[0].body.find("partner-secret"), std::string::npos);
  EXPECT_TRUE(entries[0].answer.empty());
  EXPECT_NE(entries[0].body.find("refresh_token=***"), std::string::npos);
}

}  // namespace
}  // namespace cosell::sandbox

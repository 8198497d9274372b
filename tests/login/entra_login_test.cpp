#include "login_world.h"
#include "net/pkce.h"
#include "net/token_claims.h"

namespace cosell::test {
namespace {

class EntraLoginTest : public LoginTest {
 protected:
  EntraLoginTest() {
    identity.authority_url = world.origins().login;
    identity.tenant_id = world.identities().tenant_id;
    identity.grant = "refresh_token";
    identity.client_id = world.identities().partner_client_id;
    identity.client_secret.literal = world.identities().partner_client_secret;
  }
  net::InteractiveSignIn& Login() {
    if (!login_) {
      login_ = net::MakeEntraLogin(identity, world.origins().referrals, world.Transport(), secrets,
                                   clock, random);
    }
    return *login_;
  }
  // What the daemon does with the token afterwards.
  Status SignsIn(const std::string& refresh_token, const std::string& audience) {
    net::EntraIdentity daemon = identity;
    daemon.refresh_token.literal = refresh_token;
    const auto tokens =
        net::MakeEntraTokens(daemon, world.Transport(), secrets, clock, random, log);
    const auto token = tokens->For(audience).Token();
    if (!token) return token.error();
    return Done{};
  }

  net::EntraIdentity identity;

 private:
  std::unique_ptr<net::InteractiveSignIn> login_;
};

TEST_F(EntraLoginTest, ACodeYieldsATokenThatOpensBothHosts) {
  const auto signed_in = Login().Redeem(Browser(Login().BrowserUrl(kRedirect)));
  ASSERT_TRUE(signed_in.ok()) << Describe(signed_in.error());
  EXPECT_EQ(signed_in->mfa, true);
  EXPECT_TRUE(SignsIn(signed_in->refresh_token, world.origins().referrals).ok());
  EXPECT_TRUE(SignsIn(signed_in->refresh_token, world.origins().webhooks).ok());
}

TEST_F(EntraLoginTest, APublicClientSendsNoSecret) {
  identity.client_id = world.identities().public_client_id;
  identity.client_secret = {};
  const auto signed_in = Login().Redeem(Browser(Login().BrowserUrl(kRedirect)));
  EXPECT_TRUE(signed_in.ok()) << Describe(signed_in.error());
}

TEST_F(EntraLoginTest, AnAnswerWithAnotherStateIsTurnedAway) {
  Login().BrowserUrl(kRedirect);
  EXPECT_FALSE(Login().IsAnswer("code=stolen&state=guessed"));
  EXPECT_FALSE(Login().IsAnswer("code=stolen"));
  EXPECT_EQ(Login().Redeem("code=stolen&state=guessed").error().kind, ErrorKind::refused);
  EXPECT_TRUE(world.log().Find({.service = "entra"}).empty());
}

TEST_F(EntraLoginTest, AnAnswerIsGoodOnce) {
  const std::string answer = Browser(Login().BrowserUrl(kRedirect));
  ASSERT_TRUE(Login().Redeem(answer).ok());
  EXPECT_FALSE(Login().Redeem(answer).ok());
}

TEST_F(EntraLoginTest, ACodeIsWorthNothingToAnotherSignIn) {
  const std::string answer = Browser(Login().BrowserUrl(kRedirect));
  const auto thief = net::MakeEntraLogin(identity, world.origins().referrals, world.Transport(),
                                         secrets, clock, random);
  const std::string own = Browser(thief->BrowserUrl(kRedirect));
  const std::string stolen =
      answer.substr(0, answer.find("&state=")) + own.substr(own.find("&state="));
  const auto redeemed = thief->Redeem(stolen);
  ASSERT_FALSE(redeemed.ok());
  EXPECT_EQ(redeemed.error().code, "AADSTS501481");  // the verifier does not fit
}

TEST_F(EntraLoginTest, ADeclinedConsentIsSaidInWords) {
  world.entra().ForceError(world.identities().user_name, 65004, 1);
  const auto signed_in = Login().Redeem(Browser(Login().BrowserUrl(kRedirect)));
  ASSERT_FALSE(signed_in.ok());
  EXPECT_EQ(signed_in.error().kind, ErrorKind::unauthorized);
  EXPECT_NE(signed_in.error().message.find("declined"), std::string::npos);
}

TEST_F(EntraLoginTest, ASignInWithoutSecondFactorIsSeen) {
  world.entra().SignInsUseMfa(false);
  const auto signed_in = Login().Redeem(Browser(Login().BrowserUrl(kRedirect)));
  ASSERT_TRUE(signed_in.ok());
  EXPECT_EQ(signed_in->mfa, false);
}

TEST_F(EntraLoginTest, ADeviceCodeIsAskedForUntilThePersonHasSignedIn) {
  const auto prompt = Login().BeginDevice();
  ASSERT_TRUE(prompt.ok()) << Describe(prompt.error());
  auto asked = Login().PollDevice();
  ASSERT_TRUE(asked.ok()) << Describe(asked.error());
  EXPECT_FALSE(asked->has_value());
  ASSERT_TRUE(
      world.entra().AnswerDeviceCode(prompt->user_code, world.identities().user_name, true));
  asked = Login().PollDevice();
  ASSERT_TRUE(asked.ok()) << Describe(asked.error());
  ASSERT_TRUE(asked->has_value());
  EXPECT_EQ((*asked)->mfa, true);
  EXPECT_TRUE(SignsIn((*asked)->refresh_token, world.origins().referrals).ok());
}

TEST_F(EntraLoginTest, ADeclinedDeviceCodeEndsTheWait) {
  const auto prompt = Login().BeginDevice();
  ASSERT_TRUE(prompt.ok());
  world.entra().AnswerDeviceCode(prompt->user_code, world.identities().user_name, false);
  const auto asked = Login().PollDevice();
  ASSERT_FALSE(asked.ok());
  EXPECT_NE(asked.error().message.find("declined"), std::string::npos);
}

TEST_F(EntraLoginTest, ADeviceCodeRunsOut) {
  const auto prompt = Login().BeginDevice();
  ASSERT_TRUE(prompt.ok());
  clock.Advance(prompt->lifetime + std::chrono::seconds(1));
  EXPECT_FALSE(Login().PollDevice().ok());
}

TEST_F(EntraLoginTest, AnUnknownAppSaysWhatToCorrect) {
  identity.client_id = "00000000-0000-4000-8000-000000000001";
  const auto prompt = Login().BeginDevice();
  ASSERT_FALSE(prompt.ok());
  EXPECT_NE(prompt.error().message.find("client_id"), std::string::npos);
}

// The example of RFC 7636, appendix B.
TEST(PkceTest, TheChallengeIsTheVerifiersHash) {
  EXPECT_EQ(net::ChallengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  EXPECT_EQ(net::MakePkce().verifier.size(), 43u);
  EXPECT_NE(net::MakePkce().verifier, net::MakePkce().verifier);
}

TEST(TokenClaimsTest, WhatIsNoTokenSaysNothing) {
  for (const char* text : {"", "opaque", "a.b", "a.!!.c", "a.e30x.c"}) {
    EXPECT_FALSE(net::ReadTokenClaims(text).has_value()) << text;
  }
  const auto claims = net::ReadTokenClaims("e30.eyJzY3AiOiJ4In0.");  // {"scp":"x"}
  ASSERT_TRUE(claims.has_value());
  EXPECT_FALSE(claims->app_only);
  EXPECT_FALSE(claims->mfa.has_value());
}

}  // namespace
}  // namespace cosell::test

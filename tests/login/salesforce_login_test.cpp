#include "login_world.h"

namespace cosell::test {
namespace {

class SalesforceLoginTest : public LoginTest {
 protected:
  SalesforceLoginTest() {
    identity.login_url = world.origins().salesforce;
    identity.grant = "refresh_token";
    identity.client_id = world.identities().salesforce_consumer_key;
    identity.client_secret.literal = world.identities().salesforce_consumer_secret;
    login = net::MakeSalesforceLogin(identity, world.Transport(), secrets, clock);
  }

  net::SalesforceIdentity identity;
  std::unique_ptr<net::InteractiveSignIn> login;
};

TEST_F(SalesforceLoginTest, ACodeYieldsATokenThatSignsIn) {
  const auto signed_in = login->Redeem(Browser(login->BrowserUrl(kRedirect)));
  ASSERT_TRUE(signed_in.ok()) << Describe(signed_in.error());
  identity.refresh_token.literal = signed_in->refresh_token;
  const auto tokens = net::MakeSalesforceTokens(identity, world.Transport(), secrets, clock, log);
  const auto session = tokens->Session();
  ASSERT_TRUE(session.ok()) << Describe(session.error());
  EXPECT_EQ(session->instance_url, world.origins().salesforce);
}

TEST_F(SalesforceLoginTest, AnAnswerWithAnotherStateIsTurnedAway) {
  login->BrowserUrl(kRedirect);
  EXPECT_FALSE(login->IsAnswer("code=stolen&state=guessed"));
  EXPECT_EQ(login->Redeem("code=stolen&state=guessed").error().kind, ErrorKind::refused);
}

TEST_F(SalesforceLoginTest, ThereIsNoDeviceFlow) {
  EXPECT_EQ(login->BeginDevice().error().kind, ErrorKind::refused);
}

}  // namespace
}  // namespace cosell::test

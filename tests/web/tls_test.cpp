#include <gtest/gtest.h>

#include <deque>

#include "world.h"

namespace cosell::web {
namespace {

using Poco::Net::Context;

// Trusts anything: what is tested here is the server.
Context::Ptr ClientTls() {
  Context::Params params;
  params.verificationMode = Context::VERIFY_NONE;
  return new Context(Context::TLS_CLIENT_USE, params);
}

class TlsTest : public ::testing::Test {
 protected:
  TlsTest() { Give(MakeCertificate("hooks.contoso.example")); }

  void Give(const CertificateAndKey& pair) {
    options_.certificate_file = files_.Write("server.pem", pair.certificate);
    options_.private_key_file = files_.Write("server.key", pair.key);
  }
  std::string WhyNot() {
    try {
      const World world(options_);
      return "";
    } catch (const std::runtime_error& refused) {
      return refused.what();
    }
  }

  const Files files_;
  ServerOptions options_;
};

TEST_F(TlsTest, WebhookArrivesEncrypted) {
  World world(options_);
  Client client(world.port(), ClientTls());
  EXPECT_EQ(client.Ask(Post("/webhooks/contoso/partner-center", "{}")).status, 200);
  EXPECT_EQ(client.Ask(Get("/healthz")).body, "fine");
  EXPECT_EQ(client.TlsCertificateName(), "hooks.contoso.example");
  EXPECT_EQ(world.server().url().rfind("https://", 0), 0u);
}

TEST_F(TlsTest, PlainRequestIsNotAnswered) {
  World world(options_);
  Client client(world.port());
  EXPECT_EQ(client.Ask(Get("/healthz")).status, 0);
  EXPECT_EQ(Client(world.port(), ClientTls()).Ask(Get("/healthz")).status, 200);
}

TEST_F(TlsTest, OldProtocolIsRefused) {
  World world(options_);
  const Context::Ptr old = ClientTls();
  Context::Ptr tls = old;
  tls->disableProtocols(Context::PROTO_TLSV1_2 | Context::PROTO_TLSV1_3);
  EXPECT_ANY_THROW({
    Client client(world.port(), tls);
    if (client.Ask(Get("/healthz")).status == 0) throw std::runtime_error("no answer");
  });
}

TEST_F(TlsTest, ConnectionsThatNeverShakeHandsGiveWay) {
  options_.threads_max = 2;
  World world(options_);
  std::deque<Client> silent;
  for (int i = 0; i < 2; ++i) silent.emplace_back(world.port());
  EXPECT_EQ(Client(world.port(), ClientTls()).Ask(Get("/healthz")).status, 200);
}

TEST_F(TlsTest, NewCertificateIsUsedAfterAReload) {
  World world(options_);
  Client before(world.port(), ClientTls());
  ASSERT_EQ(before.Ask(Get("/healthz")).status, 200);
  Give(MakeCertificate("new.contoso.example"));
  ASSERT_TRUE(world.server().Reload());
  Client after(world.port(), ClientTls());
  ASSERT_EQ(after.Ask(Get("/healthz")).status, 200);
  EXPECT_EQ(after.TlsCertificateName(), "new.contoso.example");
  EXPECT_EQ(before.Ask(Get("/healthz")).status, 200);
}

TEST_F(TlsTest, BrokenReplacementLeavesTheOldCertificate) {
  World world(options_);
  files_.Write("server.key", MakeCertificate("another").key);
  const Status reloaded = world.server().Reload();
  ASSERT_FALSE(reloaded);
  EXPECT_NE(reloaded.error().message.find("is not the key of the certificate"), std::string::npos);
  Client client(world.port(), ClientTls());
  EXPECT_EQ(client.Ask(Get("/healthz")).status, 200);
}

TEST_F(TlsTest, FilesThatCannotBeUsedAreNamed) {
  const std::string good = options_.certificate_file;
  options_.certificate_file = "/nonexistent/server.pem";
  EXPECT_NE(WhyNot().find("/nonexistent/server.pem cannot be read"), std::string::npos);
  options_.certificate_file = files_.Write("garbage.pem", "garbage");
  EXPECT_NE(WhyNot().find("garbage.pem holds no certificate"), std::string::npos);
  options_.certificate_file = good;
  options_.private_key_file = files_.Write("garbage.key", "garbage");
  EXPECT_NE(WhyNot().find("garbage.key holds no private key"), std::string::npos);
}

TEST_F(TlsTest, KeyWithAPassphraseIsRefusedWithoutAsking) {
  options_.private_key_file = files_.Write("locked.key",
                                           "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                                           "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhZ\n"
                                           "-----END ENCRYPTED PRIVATE KEY-----\n");
  EXPECT_NE(WhyNot().find("without a passphrase"), std::string::npos);
}

}  // namespace
}  // namespace cosell::web

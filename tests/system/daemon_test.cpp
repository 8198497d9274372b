// The daemon as an operating system, an operator and an impolite network meet it.

#include <Poco/Net/Context.h>
#include <Poco/Net/RejectCertificateHandler.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <deque>

#include "system/installation.h"

namespace cosell::system_test {
namespace {

using std::chrono::seconds;

class DaemonTest : public testing::Test {
 protected:
  DaemonTest() : here_({}) { here_.remote().Switch({{"microsoft_decision", "none"}}); }

  RemoteSides& remote() { return here_.remote(); }
  testing::AssertionResult Logged(const std::string& message) {
    return WaitUntil([&] { return here_.Log().find(message) != std::string::npos; },
                     "the log says: " + message);
  }
  void Schedule(int poll_interval_s, int sweep_interval_s) {
    here_.Configure([=](Json& configuration) {
      configuration["connections"][0]["schedule"] = {{"poll_interval_s", poll_interval_s},
                                                     {"sweep_interval_s", sweep_interval_s}};
    });
  }

  Installation here_;
};

bool Says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(DaemonTest, StopsWhenToldToAndSaysSo) {
  here_.StartDaemon();
  here_.StopDaemon();
  EXPECT_TRUE(Says(here_.Log(), "\"stopped\"")) << here_.Log();
}

TEST_F(DaemonTest, StopsInTimeWhileARemoteSideKeepsItWaiting) {
  Schedule(1, 0);
  here_.StartDaemon();
  remote().Break({{"service", "dataverse"}, {"kind", "delay"}, {"delay_ms", 25'000}});
  remote().MicrosoftSends("Slow organisation");
  ASSERT_TRUE(WaitUntil([&] { return remote().Ask("GET", "/faults").empty(); },
                        "the organisation keeps the daemon waiting"));
  here_.StopDaemon();
}

TEST_F(DaemonTest, ReadsItsConfigurationAgainOnHup) {
  Schedule(0, 0);
  remote().LoseAllEvents();
  here_.StartDaemon();
  ASSERT_TRUE(here_.HasLookedAround());
  const std::string referral = remote().MicrosoftSends("Found by polling");
  Schedule(1, 0);
  here_.daemon().Reload();
  ASSERT_TRUE(Logged("\"reloaded\""));
  EXPECT_TRUE(WaitUntil([&] { return !remote().OpportunityOf(referral).empty(); },
                        "the referral is found by polling"));
}

TEST_F(DaemonTest, KeepsItsConfigurationWhenTheNewOneIsWrong) {
  here_.StartDaemon();
  here_.Configure([](Json& configuration) { configuration["surprise"] = 1; });
  here_.daemon().Reload();
  ASSERT_TRUE(Logged("everything goes on as before"));
  EXPECT_TRUE(Says(here_.Log(), "surprise"));
  const std::string referral = remote().MicrosoftSends("Business as usual");
  EXPECT_TRUE(WaitUntil([&] { return !remote().OpportunityOf(referral).empty(); }, "work goes on"));
}

TEST_F(DaemonTest, IsTheOnlyOneOnItsDatabase) {
  here_.StartDaemon();
  const CommandResult second = here_.RunDaemon(here_.configuration_file());
  EXPECT_EQ(second.exit_code, 4);
  EXPECT_TRUE(Says(second.errors, "process")) << second.errors;
  EXPECT_TRUE(Says(second.errors, here_.database().file())) << second.errors;
  EXPECT_TRUE(here_.DaemonIsReady());
}

TEST_F(DaemonTest, NamesEveryProblemOfAWrongConfigurationAtOnce) {
  Json configuration = Json::parse(ReadText(here_.configuration_file()));
  configuration["surprise"] = true;
  configuration["connections"][0]["schedule"]["poll_interval_s"] = 1'000'000;
  configuration["connections"][0]["crm"]["url"] = "http://plain.contoso.example";
  configuration["connections"][0]["conflicts"] = {{"default", "coin_toss"}};
  WriteText(here_.File("wrong.json"), configuration.dump(2));
  const CommandResult result = here_.RunDaemon(here_.File("wrong.json"));
  EXPECT_EQ(result.exit_code, 78);
  for (const char* path : {"surprise", "poll_interval_s", "crm.url", "conflicts.default"})
    EXPECT_TRUE(Says(result.output + result.errors, path)) << path << "\n" << result.errors;
}

TEST_F(DaemonTest, AMissingConfigurationAndAnUnknownOptionAreWrongUsage) {
  EXPECT_EQ(here_.RunDaemon(here_.File("nowhere.json")).exit_code, 78);
  EXPECT_EQ(RunCommand({BuiltProgram("cosell-syncd"), "--surprise"}).exit_code, 78);
}

TEST_F(DaemonTest, LeavesAForeignWebhookRegistrationAlone) {
  Json configuration = Json::parse(ReadText(here_.configuration_file()));
  configuration["server"]["public_url"] = "https://hooks.tailspin.example";
  WriteText(here_.File("foreign.json"), configuration.dump(2));
  ASSERT_EQ(RunCommand({BuiltProgram("cosell-sync"), "--config", here_.File("foreign.json"),
                        "webhook", "register", "contoso"})
                .exit_code,
            0);
  here_.StartDaemon();
  ASSERT_TRUE(Logged("was left alone"));
  EXPECT_EQ(remote().Overview()["registered_webhook"],
            "https://hooks.tailspin.example/webhooks/contoso/partner-center");
}

TEST_F(DaemonTest, ShowsHealthMetricsAndStatus) {
  here_.StartDaemon();
  for (const char* path : {"/healthz", "/readyz", "/metrics", "/api/v1/status", "/"})
    EXPECT_TRUE(here_.DaemonAnswers(path, 200)) << path;
  EXPECT_TRUE(here_.DaemonAnswers("/nowhere", 404));
}

// Clients that connect and then keep the server waiting: some never finish the handshake, some
// never finish their request.
class SlowClients {
 public:
  SlowClients(const RemoteSides& remote, int count) {
    const std::string url = remote.service_url();
    const Poco::Net::SocketAddress address("127.0.0.1", url.substr(url.rfind(':') + 1));
    Poco::Net::Context::Ptr context = new Poco::Net::Context(
        Poco::Net::Context::TLS_CLIENT_USE, remote.settings()["ca_file"].get<std::string>());
    context->enableExtendedCertificateVerification(false);
    for (int i = 0; i < count; ++i) {
      if (i % 2 == 0) {
        Begin(std::make_unique<Poco::Net::StreamSocket>(address), "\x16\x03\x01");
      } else {
        Begin(std::make_unique<Poco::Net::SecureStreamSocket>(address, "localhost", context),
              "POST /webhooks/contoso/partner-center HTTP/1.1\r\nHost: localhost\r\nX: ");
      }
    }
  }

 private:
  void Begin(std::unique_ptr<Poco::Net::StreamSocket> client, const std::string& text) {
    client->sendBytes(text.data(), static_cast<int>(text.size()));
    clients_.push_back(std::move(client));
  }

  std::vector<std::unique_ptr<Poco::Net::StreamSocket>> clients_;
};

TEST_F(DaemonTest, EightSlowClientsDoNotDelayAWebhook) {
  Schedule(0, 0);
  here_.StartDaemon();
  ASSERT_TRUE(WaitUntil([&] { return here_.IsRegistered(); }, "the webhook is registered"));
  // The first one fetches the signing certificate.
  const std::string first = remote().MicrosoftSends("Warm-up");
  ASSERT_TRUE(WaitUntil([&] { return !remote().OpportunityOf(first).empty(); }, "warmed up"));

  std::vector<std::chrono::milliseconds> waits;
  for (int i = 0; i < 5; ++i) {
    const SlowClients slow(remote(), 8);
    const auto known = remote().Deliveries().size();
    const auto start = std::chrono::steady_clock::now();
    remote().Ask("POST", "/events", {{"event", "referral-updated"}, {"referral_id", first}});
    ASSERT_TRUE(WaitUntil(
        [&] {
          const Json deliveries = remote().Deliveries();
          return deliveries.size() > known && deliveries[known]["state"] == "delivered";
        },
        "the webhook is taken while eight clients dawdle"));
    waits.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - start));
    EXPECT_EQ(remote().Deliveries()[known]["attempts"].size(), 1u);
  }
  std::sort(waits.begin(), waits.end());
  EXPECT_LE(waits[waits.size() / 2].count(), 1'000) << "milliseconds, the median of five";
}

}  // namespace
}  // namespace cosell::system_test

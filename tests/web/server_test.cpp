#include "web/server.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "world.h"

namespace cosell::web {
namespace {

using Json = nlohmann::json;
constexpr char kWebhook[] = "/webhooks/contoso/partner-center";

Json Told(const Answer& answer) { return Json::parse(answer.body); }

TEST(ServerTest, HandlerGetsTheRequestAsItWasSent) {
  World world;
  Client client(world.port());
  const std::string body("{\"a\": \"\xC3\xBC\"}\0\r\n ", 16);
  const Answer answer =
      client.Ask(Post(std::string(kWebhook) + "?key=a%20b", body, "X-Ms-Signature: rsa\r\n"));
  ASSERT_EQ(answer.status, 200);
  const Json told = Told(answer);
  EXPECT_EQ(told["body"], body);
  EXPECT_EQ(told["query"], "key=a%20b");
  EXPECT_EQ(told["path"], kWebhook);
  EXPECT_EQ(told["parameters"]["connection"], "contoso");
  EXPECT_EQ(told["headers"]["X-Ms-Signature"], "rsa");
  EXPECT_EQ(told["remote_address"], "127.0.0.1");
  EXPECT_TRUE(answer.Has("Content-Type: application/json"));
  EXPECT_TRUE(answer.Has("Cache-Control: no-store"));
}

TEST(ServerTest, ConnectionIsKeptForTheNextRequest) {
  World world;
  Client client(world.port());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.Ask(Post(kWebhook, "{}")).status, 200);
  EXPECT_EQ(world.counters().accepted, 1);
  EXPECT_EQ(client.Ask(Get("/healthz", "Connection: close\r\n")).status, 200);
  EXPECT_TRUE(client.IsHungUp());
}

TEST(ServerTest, RequestsSentTogetherAreAnsweredInOrder) {
  World world;
  Client client(world.port());
  client.Send(Post(kWebhook, "one") + Post(kWebhook, "two"));
  EXPECT_EQ(Told(client.Read())["body"], "one");
  EXPECT_EQ(Told(client.Read())["body"], "two");
}

TEST(ServerTest, ChunkedBodyIsPutTogether) {
  World world;
  Client client(world.port());
  const Answer answer = client.Ask(
      std::string("POST ") + kWebhook +
      " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(Told(answer)["body"], "abcde");
}

TEST(ServerTest, ClientThatAsksFirstIsTold) {
  World world;
  Client client(world.port());
  client.Send(std::string("POST ") + kWebhook +
              " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Read().status, 100);
  EXPECT_EQ(Told(client.Ask("{}"))["body"], "{}");
}

TEST(ServerTest, PostWithoutBodyIsFine) {
  World world;
  Client client(world.port());
  const Answer answer = client.Ask("POST /operate HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(Told(answer)["body"], "");
}

TEST(ServerTest, UnknownPathsAndMethodsAreSaidToBeSo) {
  World world;
  Client client(world.port());
  EXPECT_EQ(client.Ask(Get("/nowhere")).status, 404);
  EXPECT_EQ(client.Ask(Get("/webhooks/a%2Fb/partner-center")).status, 404);
  EXPECT_EQ(client.Ask(Get("/webhooks/../partner-center/x")).status, 404);
  const Answer answer = client.Ask(Get(kWebhook));
  EXPECT_EQ(answer.status, 405);
  EXPECT_TRUE(answer.Has("Allow: POST"));
  EXPECT_EQ(Told(answer)["error"]["kind"], "invalid_input");
}

TEST(ServerTest, HeadIsGetWithoutItsBody) {
  World world;
  Client client(world.port());
  client.Send("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  const Answer answer = client.Read(false);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.Has("Content-Length: 4"));
  EXPECT_EQ(client.Ask(Get("/healthz")).body, "fine");
}

class AmbiguousRequestTest : public ::testing::TestWithParam<const char*> {};

TEST_P(AmbiguousRequestTest, IsRefusedAndTheConnectionClosed) {
  World world;
  Client client(world.port());
  const Answer answer =
      client.Ask(std::string("POST ") + kWebhook + " HTTP/1.1\r\nHost: a\r\n" + GetParam() +
                 "\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(client.Read().status, 0) << "a smuggled request was answered";
}

INSTANTIATE_TEST_SUITE_P(
    ServerTest, AmbiguousRequestTest,
    ::testing::Values("Content-Length: 5\r\nTransfer-Encoding: chunked",
                      "Transfer-Encoding: chunked\r\ncontent-length: 5",
                      "Content-Length: 5\r\nContent-Length: 6", "Content-Length: -5",
                      "Content-Length: +5", "Content-Length: 0x5",
                      "Content-Length: 99999999999999999999", "Transfer-Encoding: gzip, chunked",
                      "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                      "Content-Length : 5", "Bad Name: 1"));

TEST(ServerTest, WhatIsNoRequestIsRefused) {
  World world;
  for (const std::string& garbage :
       {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03\r\n\r\n", 15),
        std::string("GET\r\n\r\n"), "GET /" + std::string(20000, 'x') + " HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nX: " + std::string(10000, 'x') + "\r\n\r\n"}) {
    Client client(world.port());
    const Answer answer = client.Ask(garbage);
    EXPECT_TRUE(answer.status == 400 || answer.status == 0) << answer.status;
    EXPECT_TRUE(client.IsHungUp());
  }
  EXPECT_EQ(Client(world.port()).Ask(Get("/healthz")).status, 200);
}

TEST(ServerTest, BodyOverTheRoutesLimitIsNotRead) {
  World world;
  EXPECT_EQ(Client(world.port()).Ask(Post(kWebhook, std::string(1000, 'x'))).status, 200);
  EXPECT_EQ(Client(world.port()).Ask(Post(kWebhook, std::string(1001, 'x'))).status, 413);
  // Announced only: the answer does not wait for the bytes.
  EXPECT_EQ(Client(world.port())
                .Ask(std::string("POST ") + kWebhook +
                     " HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n")
                .status,
            413);
}

TEST(ServerTest, ChunkedBodyHasTheSameLimit) {
  World world;
  Client client(world.port());
  client.Send(std::string("POST ") + kWebhook +
              " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  client.Send("800\r\n" + std::string(0x800, 'x') + "\r\n0\r\n\r\n");
  EXPECT_EQ(client.Read().status, 413);
  EXPECT_TRUE(client.IsHungUp());
}

TEST(ServerTest, FailingHandlerIsAnsweredAndLoggedAndNobodyElseNotices) {
  World world;
  Client client(world.port());
  const Answer answer = client.Ask(Get("/throws"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("disk full"), std::string::npos);
  EXPECT_NE(world.log().All().find("disk full"), std::string::npos);
  EXPECT_EQ(client.Ask(Get("/healthz")).status, 200);
}

TEST(ServerTest, PortIsNotShared) {
  World world;
  const SystemClock clock;
  TrafficCounters counters;
  ServerOptions options;
  options.port = world.port();
  const auto second = Server::Start(options, world.Routes(), clock, counters, world.log());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::invalid_input);
  EXPECT_NE(second.error().message.find(std::to_string(world.port())), std::string::npos);
  EXPECT_NE(second.error().message.find("server.listen"), std::string::npos);
}

TEST(ServerTest, PortIsFreeAgainAfterTheServer) {
  World world;
  Client client(world.port());
  ASSERT_EQ(client.Ask(Get("/healthz")).status, 200);
  ServerOptions options;
  options.port = world.port();
  world.StopServer();
  const SystemClock clock;
  TrafficCounters counters;
  EXPECT_TRUE(Server::Start(options, world.Routes(), clock, counters, world.log()));
}

TEST(ServerTest, OtherMachinesAreServedWithTlsAndTokensOnly) {
  ServerOptions options;
  options.host = "0.0.0.0";
  try {
    const World world(options);
    FAIL() << "the server listens to everybody";
  } catch (const std::runtime_error& refused) {
    EXPECT_NE(std::string(refused.what()).find("server.tls"), std::string::npos);
  }
}

TEST(ServerTest, StoppingLetsARunningHandlerFinishAndHangsUpOnTheRest) {
  World world;
  Client busy(world.port());
  Client idle(world.port());
  Client half(world.port());
  busy.Send(Post("/slow", "{}"));
  ASSERT_EQ(idle.Ask(Get("/healthz")).status, 200);
  half.Send("GET /heal");
  ASSERT_TRUE(Eventually([&] { return world.slow_running() == 1; }));
  std::thread stopper([&] { world.StopServer(); });
  EXPECT_TRUE(idle.IsHungUp());
  EXPECT_TRUE(half.IsHungUp());
  world.ReleaseSlow();
  EXPECT_EQ(busy.Read().body, "at last");
  stopper.join();
}

TEST(ServerTest, UrlSaysWhereItIs) {
  World world;
  EXPECT_EQ(world.server().url(), "http://127.0.0.1:" + std::to_string(world.port()));
}

}  // namespace
}  // namespace cosell::web

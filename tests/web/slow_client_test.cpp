#include <gtest/gtest.h>

#include <deque>
#include <thread>

#include "world.h"

// What clients do that keep a server's threads: each story ends with a webhook that is answered all
// the same. The order is asserted, not the time: the webhook's answer is there while the slow ones
// are still at it.
namespace cosell::web {
namespace {

constexpr char kWebhook[] = "/webhooks/contoso/partner-center";
constexpr std::chrono::minutes kForever{10};

ServerOptions WithThreads(std::size_t threads) {
  ServerOptions options;
  options.threads_max = threads;
  options.idle_max = kForever;
  options.receive_max = kForever;
  options.send_max = kForever;
  return options;
}

// Clients that send one byte of a header now and then, for as long as they live.
class Tricklers {
 public:
  Tricklers(World& world, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      clients_.emplace_back(world.port());
      clients_.back().Send("POST /webhooks/contoso/partner-center HTTP/1.1\r\nHost: a\r\nX: ");
    }
    thread_ = std::thread([this] { Trickle(); });
  }
  ~Tricklers() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  Tricklers(const Tricklers&) = delete;
  Tricklers& operator=(const Tricklers&) = delete;

  // Every client has sent at least `count` bytes of its endless header.
  bool HaveSent(int count) {
    return Eventually([&] { return sent_ >= count; });
  }

 private:
  void Trickle() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, std::chrono::milliseconds(20), [&] { return ended_; })) {
      for (Client& client : clients_) client.Send("x");
      ++sent_;
    }
  }

  std::deque<Client> clients_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ended_ = false;
  std::atomic<int> sent_{0};
  std::thread thread_;
};

class ManySlowClientsTest : public ::testing::TestWithParam<std::size_t> {};

TEST_P(ManySlowClientsTest, DoNotDelayAWebhookAndMayGoOn) {
  const auto count = GetParam();
  World world(WithThreads(128));
  Tricklers slow(world, count);
  ASSERT_TRUE(slow.HaveSent(3));
  for (int i = 0; i < 10; ++i) {
    Client webhook(world.port());
    EXPECT_EQ(webhook.Ask(Post(kWebhook, "{}")).status, 200);
    EXPECT_EQ(Client(world.port()).Ask(Get("/healthz")).status, 200);
  }
  EXPECT_GE(world.counters().open, static_cast<std::int64_t>(count));
  EXPECT_EQ(world.counters().displaced, 0);
  EXPECT_EQ(world.counters().overdue, 0);
  EXPECT_EQ(world.counters().refused, 0);
}

INSTANTIATE_TEST_SUITE_P(SlowClientTest, ManySlowClientsTest, ::testing::Values(8, 64));

TEST(SlowClientTest, MoreThanThereAreThreadsGiveWay) {
  World world(WithThreads(8));
  Tricklers slow(world, 12);
  ASSERT_TRUE(slow.HaveSent(3));
  for (int i = 0; i < 10; ++i) {
    Client webhook(world.port());
    EXPECT_EQ(webhook.Ask(Post(kWebhook, "{}")).status, 200);
  }
  EXPECT_GE(world.counters().displaced, 1);
  EXPECT_EQ(world.counters().overdue, 0);
}

TEST(SlowClientTest, SilentConnectionsGiveWay) {
  World world(WithThreads(4));
  std::deque<Client> silent;
  for (int i = 0; i < 4; ++i) silent.emplace_back(world.port());
  EXPECT_EQ(Client(world.port()).Ask(Post(kWebhook, "{}")).status, 200);
}

TEST(SlowClientTest, IdleConnectionsGiveWay) {
  World world(WithThreads(4));
  std::deque<Client> idle;
  for (int i = 0; i < 4; ++i) {
    idle.emplace_back(world.port());
    ASSERT_EQ(idle.back().Ask(Get("/healthz")).status, 200);
  }
  EXPECT_EQ(Client(world.port()).Ask(Post(kWebhook, "{}")).status, 200);
}

TEST(SlowClientTest, ClientsThatDoNotReadTheirAnswersGiveWay) {
  World world(WithThreads(2));
  std::deque<Client> deaf;
  for (int i = 0; i < 2; ++i) {
    deaf.emplace_back(world.port());
    deaf.back().Send(Get("/large"));
  }
  EXPECT_EQ(Client(world.port()).Ask(Post(kWebhook, "{}")).status, 200);
}

TEST(SlowClientTest, SlowBodyGivesWay) {
  World world(WithThreads(1));
  Client slow(world.port());
  slow.Send(std::string("POST ") + kWebhook + " HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{");
  EXPECT_EQ(Client(world.port()).Ask(Post(kWebhook, "{}")).status, 200);
  EXPECT_TRUE(slow.IsHungUp());
}

TEST(SlowClientTest, RunningRequestsAreNeverEnded) {
  World world(WithThreads(2));
  Client first(world.port());
  Client second(world.port());
  first.Send(Post("/slow", "{}"));
  second.Send(Post("/slow", "{}"));
  ASSERT_TRUE(Eventually([&] { return world.slow_running() == 2; }));
  Client third(world.port());
  third.Send(Post(kWebhook, "{}"));
  ASSERT_TRUE(Eventually([&] { return world.counters().open == 3; }));
  world.ReleaseSlow();
  EXPECT_EQ(first.Read().body, "at last");
  EXPECT_EQ(second.Read().body, "at last");
  EXPECT_EQ(third.Read().status, 200);
}

TEST(SlowClientTest, RequestThatNeverEndsIsEndedThoughBytesKeepComing) {
  ServerOptions options;
  options.receive_max = std::chrono::milliseconds(300);
  World world(options);
  Tricklers slow(world, 3);
  EXPECT_TRUE(Eventually([&] { return world.counters().overdue == 3; }));
  EXPECT_TRUE(Eventually([&] { return world.counters().open == 0; }));
}

TEST(SlowClientTest, AnswerThatIsNeverTakenIsEnded) {
  ServerOptions options;
  options.send_max = std::chrono::milliseconds(300);
  World world(options);
  Client deaf(world.port());
  deaf.Send(Get("/large"));
  EXPECT_TRUE(Eventually([&] { return world.counters().overdue == 1; }));
  EXPECT_TRUE(Eventually([&] { return world.counters().open == 0; }));
}

TEST(SlowClientTest, KeptConnectionEndsByItself) {
  ServerOptions options;
  options.idle_max = std::chrono::milliseconds(100);
  World world(options);
  Client client(world.port());
  ASSERT_EQ(client.Ask(Get("/healthz")).status, 200);
  EXPECT_TRUE(client.IsHungUp());
  EXPECT_EQ(world.counters().overdue, 0);
}

}  // namespace
}  // namespace cosell::web

#include "net/loopback_listener.h"

#include <gtest/gtest.h>

#include <future>

#include "net/https_transport.h"

namespace cosell::test {
namespace {

using std::chrono::seconds;

class LoopbackListenerTest : public ::testing::Test {
 protected:
  LoopbackListenerTest() : listener(*net::ListenOnLoopback(0)) {}

  std::future<Result<std::string>> Awaits(const std::string& answer, seconds time = seconds(30)) {
    return std::async(std::launch::async, [this, answer, time] {
      return listener->Await(
          "/callback", [answer](std::string_view query) { return query == answer; }, time);
    });
  }
  net::HttpResponse Browser(const std::string& target) {
    const auto transport = net::MakeHttpsTransport({}, /*allow_plain_http=*/true);
    const auto answer = transport->Send(
        {"GET", "http://127.0.0.1:" + std::to_string(listener->port()) + target, {}, ""});
    EXPECT_TRUE(answer.ok()) << (answer ? "" : Describe(answer.error()));
    return answer ? *answer : net::HttpResponse{};
  }

  std::unique_ptr<net::LoopbackListener> listener;
};

TEST_F(LoopbackListenerTest, TheRightAnswerIsTakenAndStrangersAreTurnedAway) {
  auto awaited = Awaits("code=1&state=right");
  EXPECT_EQ(Browser("/favicon.ico").status, 404);
  EXPECT_EQ(Browser("/callback?code=1&state=wrong").status, 404);
  const net::HttpResponse page = Browser("/callback?code=1&state=right");
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("You may close this window"), std::string::npos);
  EXPECT_EQ(page.body.find("code=1"), std::string::npos);
  const auto query = awaited.get();
  ASSERT_TRUE(query.ok());
  EXPECT_EQ(*query, "code=1&state=right");
}

TEST_F(LoopbackListenerTest, ARefusalIsToldToThePersonToo) {
  auto awaited = Awaits("error=access_denied&state=right");
  const net::HttpResponse page = Browser("/callback?error=access_denied&state=right");
  EXPECT_NE(page.body.find("not completed"), std::string::npos);
  EXPECT_TRUE(awaited.get().ok());
}

TEST_F(LoopbackListenerTest, NobodyComesInTime) {
  const auto query = Awaits("code=1", seconds(0)).get();
  ASSERT_FALSE(query.ok());
  EXPECT_EQ(query.error().kind, ErrorKind::refused);
}

TEST_F(LoopbackListenerTest, ATakenPortNamesTheMend) {
  const auto second = net::ListenOnLoopback(listener->port());
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message.find("--port"), std::string::npos);
}

}  // namespace
}  // namespace cosell::test

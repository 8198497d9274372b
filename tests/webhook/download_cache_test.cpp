#include "webhook/download_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/fake_clock.h"
#include "tests/webhook/certificate_host.h"

namespace cosell::webhook {
namespace {

using namespace std::chrono_literals;
using State = Download::State;

constexpr const char* kUrl = "https://certificates.fabrikam.example/cert/pc.cer";

class DownloadCacheTest : public testing::Test {
 protected:
  static std::string Invented(int i) {
    return "https://certificates.fabrikam.example/cert/invented" + std::to_string(i) + ".cer";
  }

  test::FakeClock clock;
  test::CertificateHost host;
  DownloadCache cache{host, clock, DownloadCache::Options{}};
};

TEST_F(DownloadCacheTest, KeptForAnHour) {
  host.Serve(kUrl, "first");
  EXPECT_EQ(*cache.Get(kUrl).bytes, "first");
  host.Serve(kUrl, "second");
  clock.Advance(59min);
  EXPECT_EQ(*cache.Get(kUrl).bytes, "first");
  clock.Advance(1min);
  EXPECT_EQ(*cache.Get(kUrl).bytes, "second");
  EXPECT_EQ(host.downloads(), 2u);
}

TEST_F(DownloadCacheTest, NoTokenAndNoBodyIsSent) {
  host.Serve(kUrl, "file");
  cache.Get(kUrl);
  const auto request = host.requests().at(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.body, "");
  EXPECT_FALSE(net::FindHeader(request.headers, "Authorization"));
}

TEST_F(DownloadCacheTest, FailuresAreRememberedForAMinute) {
  EXPECT_EQ(cache.Get(kUrl).state, State::refused);
  host.Serve(kUrl, "file");
  clock.Advance(59s);
  EXPECT_EQ(cache.Get(kUrl).state, State::refused);
  EXPECT_EQ(host.downloads(), 1u);
  clock.Advance(1s);
  EXPECT_EQ(cache.Get(kUrl).state, State::ready);
}

TEST_F(DownloadCacheTest, AnswersThatAreNoFile) {
  const std::pair<net::HttpResponse, State> kRows[] = {
      {{302, {{"Location", "https://evil.example/cert/x.cer"}}, "moved"}, State::refused},
      {{204, {}, ""}, State::refused},
      {{200, {}, ""}, State::refused},
      {{200, {}, std::string(65'537, 'x')}, State::refused},
      {{404, {}, "no"}, State::refused},
      {{503, {}, "later"}, State::unreachable},
  };
  for (const auto& [response, state] : kRows) {
    host.Answer(kUrl, response);
    clock.Advance(1min);
    EXPECT_EQ(cache.Get(kUrl).state, state) << response.status;
  }
  // One request each: the redirect was not followed.
  EXPECT_EQ(host.downloads_of(kUrl), host.downloads());
}

TEST_F(DownloadCacheTest, OldCopyServesWhileTheHostIsDown) {
  host.Serve(kUrl, "first");
  cache.Get(kUrl);
  clock.Advance(2h);
  host.GoDown();
  EXPECT_EQ(*cache.Get(kUrl).bytes, "first");
  // Taken away by its owner is something else.
  host.GoDown(false);
  host.Answer(kUrl, {404, {}, ""});
  clock.Advance(1min);
  EXPECT_EQ(cache.Get(kUrl).state, State::refused);
}

TEST_F(DownloadCacheTest, NewerCopyAtMostOnceAMinute) {
  host.Serve(kUrl, "first");
  const auto first = cache.Get(kUrl);
  host.Serve(kUrl, "second");
  EXPECT_FALSE(cache.Newer(kUrl, first.bytes));
  clock.Advance(1min);
  const auto second = cache.Newer(kUrl, first.bytes);
  ASSERT_TRUE(second);
  EXPECT_EQ(*second->bytes, "second");
  // Somebody else who still held the first copy gets the second without a download.
  EXPECT_EQ(cache.Newer(kUrl, first.bytes)->bytes, second->bytes);
  EXPECT_EQ(host.downloads(), 2u);
}

TEST_F(DownloadCacheTest, OneDownloadForAllWhoWait) {
  host.Serve(kUrl, "file");
  constexpr int kCallers = 4;
  std::atomic<int> arrived = 0;
  host.BeforeAnswer([&] {
    while (arrived < kCallers) std::this_thread::yield();
  });
  std::atomic<int> served = 0;
  std::vector<std::jthread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&] {
      ++arrived;
      if (cache.Get(kUrl).state == State::ready) ++served;
    });
  }
  callers.clear();
  EXPECT_EQ(served, kCallers);
  EXPECT_EQ(host.downloads(), 1u);
}

TEST_F(DownloadCacheTest, InventedUrlsCannotMakeUsDownloadForEver) {
  host.Serve(kUrl, "file");
  cache.Get(kUrl);
  cache.MarkProven(kUrl);
  clock.Advance(1h);
  for (int i = 0; i < 40; ++i) cache.Get(Invented(i));
  EXPECT_EQ(host.downloads(), 13u);
  EXPECT_EQ(cache.Get(Invented(40)).state, State::limited);
  // The proven URL is renewed all the same, and a minute later others have their turn.
  host.Serve(kUrl, "renewed");
  EXPECT_EQ(*cache.Get(kUrl).bytes, "renewed");
  clock.Advance(1min);
  EXPECT_EQ(cache.Get(Invented(41)).state, State::refused);
}

TEST_F(DownloadCacheTest, InventedUrlsDoNotFillTheCache) {
  host.Serve(kUrl, "file");
  cache.Get(kUrl);
  cache.MarkProven(kUrl);
  for (int i = 0; i < 200; ++i) {
    cache.Get(Invented(i));
    clock.Advance(10s);
  }
  EXPECT_EQ(host.downloads_of(kUrl), 1u);
  cache.Get(kUrl);
  EXPECT_EQ(host.downloads_of(kUrl), 1u);
  // The oldest were forgotten, so the first is asked for again.
  cache.Get(Invented(0));
  EXPECT_EQ(host.downloads_of(Invented(0)), 2u);
}

}  // namespace
}  // namespace cosell::webhook

#include "net/api_client.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <thread>

#include "support/fake_clock.h"
#include "support/recording_log.h"
#include "support/scripted_transport.h"

namespace cosell::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::FakeClock;
using test::RecordingLog;
using test::ScriptedTransport;

constexpr const char* kUrl = "https://api.contoso.example/v1.0/referrals?$filter=secretive";

// Hands out token-1, token-2, ...: a new one after each Invalidate.
class NumberedTokens final : public TokenSource {
 public:
  Result<std::string> Token() override {
    if (failure) return *failure;
    return "token-" + std::to_string(1 + invalidated);
  }
  void Invalidate(const std::string& token) override {
    EXPECT_EQ(token, "token-" + std::to_string(1 + invalidated));
    ++invalidated;
  }
  std::optional<Error> failure;
  int invalidated = 0;
};

class ApiClientTest : public testing::Test {
 protected:
  ApiClient& client() {
    if (!client_) client_ = MakeApiClient(network_, tokens_, clock_, random_, log_, options_);
    return *client_;
  }
  Result<ApiAnswer> Read(const CorrelationId& correlation = {}) {
    return client().Send({{"GET", kUrl, {}, {}}, Repeat::safe, correlation});
  }
  Result<ApiAnswer> WriteOnce() {
    return client().Send({{"POST", kUrl, {}, R"({"name":"Fabrikam deal"})"}, Repeat::never, {}});
  }
  std::string SentHeader(std::size_t request, std::string_view name) const {
    return std::string(FindHeader(network_.requests().at(request).headers, name).value_or(""));
  }
  void ExpectPlayedOut() const { EXPECT_EQ(network_.steps_left(), 0U); }

  ScriptedTransport network_;
  NumberedTokens tokens_;
  FakeClock clock_;
  SeededRandom random_{1};
  RecordingLog log_;
  ApiClient::Options options_;

 private:
  std::unique_ptr<ApiClient> client_;
};

TEST_F(ApiClientTest, CarriesTokenAndCorrelationIds) {
  network_.Answer(200, "{}");
  const auto answer = Read({"11111111-2222-4333-8444-555555555555"});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->correlation.text, "11111111-2222-4333-8444-555555555555");
  EXPECT_EQ(SentHeader(0, "Authorization"), "Bearer token-1");
  for (const char* const name : {"client-request-id", "MS-CorrelationId", "MS-RequestId"}) {
    EXPECT_EQ(SentHeader(0, name), "11111111-2222-4333-8444-555555555555");
  }
}

TEST_F(ApiClientTest, CorrelationIdIsNewPerCallAndKeptOverRepeats) {
  network_.Answer(502);
  network_.Answer(200, "{}");
  network_.Answer(200, "{}");
  ASSERT_TRUE(Read().ok());
  ASSERT_TRUE(Read().ok());
  EXPECT_FALSE(SentHeader(0, "MS-RequestId").empty());
  EXPECT_EQ(SentHeader(0, "MS-RequestId"), SentHeader(1, "MS-RequestId"));
  EXPECT_NE(SentHeader(1, "MS-RequestId"), SentHeader(2, "MS-RequestId"));
}

TEST_F(ApiClientTest, AnswersTheAdapterInterpretsComeBackAsTheyAre) {
  for (const int status : {200, 201, 204, 302, 304, 400, 403, 404, 409, 412, 413, 422, 501}) {
    network_.Answer(status, "body");
    const auto answer = WriteOnce();
    ASSERT_TRUE(answer.ok()) << status;
    EXPECT_EQ(answer->response.status, status);
    EXPECT_EQ(answer->response.body, "body");
  }
  EXPECT_EQ(clock_.slept().count(), 0);
}

TEST_F(ApiClientTest, ClockOffsetIsOursMinusTheServers) {
  network_.Answer(200, "{}", {{"Date", "Sun, 01 Mar 2026 08:59:30 GMT"}});
  network_.Answer(200, "{}");
  EXPECT_EQ(Read()->clock_offset, seconds{30});
  EXPECT_FALSE(Read()->clock_offset);
}

// --- 401

TEST_F(ApiClientTest, RefusedTokenIsRenewedOnce) {
  network_.Answer(401);
  network_.Answer(200, "{}");
  ASSERT_TRUE(WriteOnce().ok());
  EXPECT_EQ(SentHeader(1, "Authorization"), "Bearer token-2");
  EXPECT_EQ(clock_.slept().count(), 0);
}

TEST_F(ApiClientTest, TokenRefusedTwiceIsUnauthorized) {
  network_.Answer(401);
  network_.Answer(401);
  const auto answer = Read();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::unauthorized);
  EXPECT_EQ(answer.error().http_status, 401);
  EXPECT_EQ(tokens_.invalidated, 2);  // the next call must not start with the refused one
  ExpectPlayedOut();
}

TEST_F(ApiClientTest, RefusedSignInEndsTheCallUnsent) {
  tokens_.failure = Error{.kind = ErrorKind::unauthorized, .message = "sign-in was refused"};
  const auto answer = Read();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::unauthorized);
  EXPECT_TRUE(network_.requests().empty());
}

TEST_F(ApiClientTest, SignInThatIsOutOfReachIsTriedAgain) {
  tokens_.failure = Error{.kind = ErrorKind::unreachable, .message = "no DNS"};
  const auto answer = WriteOnce();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::unreachable);
  EXPECT_EQ(clock_.sleeps().size(), 3U);
  EXPECT_TRUE(network_.requests().empty());
}

// --- trouble and repeats

TEST_F(ApiClientTest, TransientTroubleIsRepeatedForASafeCall) {
  for (const int status : {408, 500, 502, 503, 504, 509}) {
    network_.Answer(status, "<html>");
    network_.Fail(ErrorKind::unknown_outcome);
    network_.Fail(ErrorKind::unreachable);
    network_.Answer(200, "{}");
    EXPECT_TRUE(Read().ok()) << status;
  }
  ExpectPlayedOut();
}

TEST_F(ApiClientTest, SafeCallGivesUpAsUnavailable) {
  for (int i = 0; i < 4; ++i) network_.Answer(500, R"({"error":{"code":"0x80040216"}})");
  const auto answer = Read();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(answer.error().http_status, 500);
  EXPECT_EQ(answer.error().code, "0x80040216");
  EXPECT_FALSE(answer.error().correlation_id.empty());
  ExpectPlayedOut();
}

TEST_F(ApiClientTest, SafeCallNeverEndsInDoubt) {
  for (int i = 0; i < 4; ++i) network_.Fail(ErrorKind::unknown_outcome);
  EXPECT_EQ(Read().error().kind, ErrorKind::unavailable);
  ExpectPlayedOut();
}

TEST_F(ApiClientTest, WriteOfUnknownOutcomeIsNotRepeated) {
  network_.Fail(ErrorKind::unknown_outcome);
  EXPECT_EQ(WriteOnce().error().kind, ErrorKind::unknown_outcome);
  for (const int status : {408, 502, 503, 504}) {
    network_.Answer(status, R"({"error":{"code":"0x80040216"}})");
    const auto answer = WriteOnce();
    ASSERT_FALSE(answer.ok()) << status;
    EXPECT_EQ(answer.error().kind, ErrorKind::unknown_outcome) << status;
    EXPECT_EQ(answer.error().code, "0x80040216");
    EXPECT_EQ(answer.error().http_status, status);
  }
  EXPECT_EQ(network_.requests().size(), 5U);
}

// Dataverse answers a duplicate with 500 and a code of its own (dynamics365.md section 11).
TEST_F(ApiClientTest, InternalErrorToAWriteIsTheAdaptersToInterpret) {
  network_.Answer(500, R"({"error":{"code":"0x80040333"}})");
  const auto answer = WriteOnce();
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->response.status, 500);
}

TEST_F(ApiClientTest, LimitsThatLetNothingThroughAreRefused) {
  options_.concurrency_max = 0;
  EXPECT_THROW(client(), std::invalid_argument);
  options_ = {.retry = {}, .requests_per_second_max = 0, .origin = {}};
  EXPECT_THROW(client(), std::invalid_argument);
}

TEST_F(ApiClientTest, WriteIsRepeatedWhereItWasCertainlyNotProcessed) {
  network_.Fail(ErrorKind::unreachable);
  network_.Answer(429, "", {{"Retry-After", "1"}});
  network_.Answer(503, "", {{"Retry-After", "1"}});
  network_.Answer(201, "{}");
  EXPECT_EQ(WriteOnce()->response.status, 201);
  ExpectPlayedOut();
}

TEST_F(ApiClientTest, UnreachableAfterAllRepeats) {
  for (int i = 0; i < 4; ++i) network_.Fail(ErrorKind::unreachable);
  EXPECT_EQ(WriteOnce().error().kind, ErrorKind::unreachable);
  ExpectPlayedOut();
}

TEST_F(ApiClientTest, OversizedAnswerIsNotAskedForAgain) {
  network_.Fail(ErrorKind::invalid_response);
  EXPECT_EQ(Read().error().kind, ErrorKind::invalid_response);
}

TEST_F(ApiClientTest, WaitsBetweenRepeatsStayWithinTheDoublingBound) {
  options_.retry.attempts_max = 8;
  for (int i = 0; i < 8; ++i) network_.Answer(503);
  ASSERT_FALSE(Read().ok());
  const auto waits = clock_.sleeps();
  ASSERT_EQ(waits.size(), 7U);
  for (std::size_t i = 0; i < waits.size(); ++i) {
    EXPECT_LE(waits[i], std::min(options_.retry.delay_first * (1 << i), options_.retry.delay_max));
  }
}

// --- throttling

TEST_F(ApiClientTest, ShortPauseIsWaitedFor) {
  network_.Answer(429, "", {{"Retry-After", "3"}});
  network_.Answer(200, "{}");
  EXPECT_TRUE(Read().ok());
  EXPECT_EQ(clock_.slept(), seconds{3});
}

TEST_F(ApiClientTest, LongPauseIsHandedBackAndHoldsEveryCall) {
  network_.Answer(429, "", {{"Retry-After", "37"}});
  const auto first = Read();
  ASSERT_FALSE(first.ok());
  EXPECT_EQ(first.error().kind, ErrorKind::throttled);
  EXPECT_EQ(first.error().retry_after, seconds{37});

  clock_.Advance(seconds{7});
  const auto second = WriteOnce();
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, ErrorKind::throttled);
  EXPECT_EQ(second.error().retry_after, seconds{30});
  EXPECT_EQ(network_.requests().size(), 1U);

  clock_.Advance(seconds{28});  // what is left is short enough to wait for
  network_.Answer(200, "{}");
  EXPECT_TRUE(Read().ok());
  EXPECT_EQ(clock_.slept(), seconds{2});
}

TEST_F(ApiClientTest, PauseWithoutATimeBacksOff) {
  network_.Answer(429, R"({"statusCode":429,"message":"Slow down."})");
  network_.Answer(200, "{}");
  EXPECT_TRUE(Read().ok());
  EXPECT_GE(clock_.slept(), options_.retry.delay_first);
}

TEST_F(ApiClientTest, ThrottledWithoutEndIsThrottled) {
  for (int i = 0; i < 4; ++i) network_.Answer(429, "", {{"Retry-After", "1"}});
  const auto answer = WriteOnce();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::throttled);
  EXPECT_EQ(answer.error().retry_after, seconds{1});
  ExpectPlayedOut();
}

TEST_F(ApiClientTest, RateStaysWithinTheTokenBucket) {
  options_.requests_per_second_max = 10;
  network_.Otherwise([](const HttpRequest&) { return HttpResponse{200, {}, "{}"}; });
  const auto started = clock_.Monotonic();
  for (int i = 0; i < 110; ++i) ASSERT_TRUE(Read().ok());
  // A burst of ten, then one every 100 ms.
  EXPECT_EQ(std::chrono::round<seconds>(clock_.Monotonic() - started), seconds{10});
}

TEST_F(ApiClientTest, ConcurrencyStaysWithinTheLimit) {
  options_.concurrency_max = 2;
  std::atomic<int> in_flight{0};
  std::atomic<int> most{0};
  std::latch both_in_flight(2);
  network_.Otherwise([&](const HttpRequest&) {
    const int now = ++in_flight;
    for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) continue;
    if (!both_in_flight.try_wait()) both_in_flight.arrive_and_wait();
    --in_flight;
    return HttpResponse{200, {}, "{}"};
  });
  ApiClient& shared = client();
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&shared] {
      EXPECT_TRUE(shared.Send({{"GET", kUrl, {}, {}}, Repeat::safe, {}}).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(most, 2);
}

// --- what must not leak

TEST_F(ApiClientTest, TokenGoesToTheConfiguredOriginAlone) {
  options_.origin = "https://api.contoso.example";
  for (const char* const url :
       {"https://tailspin.example/v1.0", "http://api.contoso.example/", "/relative"}) {
    const auto answer = client().Send({{"GET", url, {}, {}}, Repeat::safe, {}});
    ASSERT_FALSE(answer.ok()) << url;
    EXPECT_EQ(answer.error().kind, ErrorKind::invalid_input) << url;
  }
  EXPECT_TRUE(network_.requests().empty());
  network_.Answer(200, "{}");
  EXPECT_TRUE(Read().ok());
}

TEST_F(ApiClientTest, LogNamesTheCallAndNothingInIt) {
  network_.Answer(503, "remote words");
  network_.Answer(429, "remote words", {{"Retry-After", "60"}});
  ASSERT_FALSE(WriteOnce().ok() || Read().ok());
  network_.Answer(200, "remote words");
  clock_.Advance(seconds{61});
  ASSERT_TRUE(Read({"11111111-2222-4333-8444-555555555555"}).ok());
  const std::string log = log_.text();
  EXPECT_NE(log.find("method=GET host=api.contoso.example path=/v1.0/referrals status=200 "
                     "correlation_id=11111111-2222-4333-8444-555555555555 duration_ms=0"),
            std::string::npos)
      << log;
  for (const char* const secret : {"token-", "secretive", "remote words", "Fabrikam"}) {
    EXPECT_EQ(log.find(secret), std::string::npos) << secret << " in " << log;
  }
}

}  // namespace
}  // namespace cosell::net

#include "net/api_client.h"

#include <utility>

#include "base/guid.h"
#include "net/retry.h"
#include "net/traffic.h"
#include "net/url.h"
#include "net/verdict.h"

namespace cosell::net {
namespace {

using std::chrono::milliseconds;

// One call on its way, over all its attempts.
struct Journey {
  HttpRequest request;  // with everything but the token
  Repeat repeat = Repeat::safe;
  CorrelationId correlation;
  std::string host;
  std::string path;  // without the query: it may name people
  std::chrono::nanoseconds started{0};
  int attempts = 0;
  bool token_renewed = false;
  std::optional<std::string> token;  // of the current attempt; none when it could not be had

  std::string place() const { return request.method + " " + host + path; }
};

class Client final : public ApiClient {
 public:
  Client(HttpTransport& transport, TokenSource& tokens, Clock& clock, Random& random, Log& log,
         Options options)
      : transport_(transport),
        tokens_(tokens),
        clock_(clock),
        random_(random),
        log_(log),
        options_(std::move(options)),
        traffic_(clock, options_.requests_per_second_max, options_.concurrency_max) {}

  Result<ApiAnswer> Send(const ApiCall& call) override {
    Journey journey = Begin(call);
    if (!options_.origin.empty() && !SameOrigin(options_.origin, call.request.url)) {
      return Fail(journey, {.kind = ErrorKind::invalid_input,
                            .message = journey.place() + ": not at " + options_.origin +
                                       ", and a token goes nowhere else"});
    }
    while (true) {
      ++journey.attempts;
      auto outcome = Attempt(journey);
      Verdict verdict = journey.token ? Judge(outcome, RulesFor(journey), clock_.Now())
                                      : JudgeToken(outcome.error());
      if (verdict.next == Verdict::Next::answer) return Finish(journey, std::move(*outcome));
      if (!MayGoOn(journey, verdict)) return Fail(journey, std::move(verdict.error));
    }
  }

 private:
  Journey Begin(const ApiCall& call) {
    Journey journey{.request = call.request,
                    .repeat = call.repeat,
                    .correlation = call.correlation,
                    .host = {},
                    .path = {},
                    .started = clock_.Monotonic(),
                    .token = std::nullopt};
    if (const auto url = ParseUrl(call.request.url)) {
      journey.host = url->host;
      journey.path = url->path;
    }
    if (journey.correlation.empty()) journey.correlation.text = NewGuid(random_);
    for (const char* const name : {"client-request-id", "MS-CorrelationId", "MS-RequestId"}) {
      journey.request.headers.emplace_back(name, journey.correlation.text);
    }
    return journey;
  }

  CallRules RulesFor(const Journey& journey) const {
    return {.repeat = journey.repeat,
            .place = journey.place(),
            .session_expired_code = options_.session_expired_code};
  }

  Result<HttpResponse> Attempt(Journey& journey) {
    journey.token.reset();
    auto token = tokens_.Token();
    if (!token) return token.error();
    journey.token = std::move(*token);
    HttpRequest request = journey.request;
    request.headers.emplace_back(options_.token_header, options_.token_prefix + *journey.token);
    traffic_.AwaitToken();
    return SendInTurn(journey, request);
  }

  // Waits while the gate is closed; the pause of another call's 429 holds for this one too.
  Result<HttpResponse> SendInTurn(const Journey& journey, const HttpRequest& request) {
    constexpr int kTurnsMax = 10;
    milliseconds wait{0};
    for (int turn = 0; turn < kTurnsMax; ++turn) {
      wait = traffic_.GateWait();
      if (wait > options_.retry.wait_max) break;
      if (wait.count() > 0) clock_.SleepFor(wait);
      const Traffic::Slot slot(traffic_);
      if (traffic_.GateWait().count() == 0) return transport_.Send(request);
    }
    return Error{.kind = ErrorKind::throttled,
                 .message = journey.place() + ": the remote side asked us to slow down",
                 .retry_after = wait};
  }

  // Whether another attempt follows; if so, whatever must happen before it has happened.
  bool MayGoOn(Journey& journey, Verdict& verdict) {
    switch (verdict.next) {
      case Verdict::Next::renew_token:
        tokens_.Invalidate(*journey.token);
        --journey.attempts;  // says nothing about the service's health
        return !std::exchange(journey.token_renewed, true);
      case Verdict::Next::repeat:
        if (journey.attempts >= options_.retry.attempts_max) return false;
        Note(LogLevel::warning, "remote call is repeated", journey, verdict.error);
        clock_.SleepFor(BackOff(options_.retry, journey.attempts, random_));
        return true;
      case Verdict::Next::hold:
        return MayGoOnAfterHold(journey, verdict.error);
      case Verdict::Next::fail:
      case Verdict::Next::answer:
        break;
    }
    return false;
  }

  bool MayGoOnAfterHold(const Journey& journey, Error& error) {
    const milliseconds wait = error.retry_after.value_or(
        options_.retry.delay_first + BackOff(options_.retry, journey.attempts, random_));
    error.retry_after = wait;
    traffic_.CloseGate(wait);
    if (wait > options_.retry.wait_max || journey.attempts >= options_.retry.attempts_max) {
      return false;
    }
    Note(LogLevel::warning, "remote call is repeated", journey, error);
    return true;  // SendInTurn waits at the gate
  }

  Result<ApiAnswer> Finish(const Journey& journey, HttpResponse response) {
    Note(LogLevel::debug, "remote call", journey, std::to_string(response.status));
    ApiAnswer answer{std::move(response), journey.correlation, std::nullopt};
    if (const auto server = ServerTime(answer.response)) {
      answer.clock_offset = std::chrono::duration_cast<milliseconds>(clock_.Now() - *server);
    }
    return answer;
  }

  Error Fail(const Journey& journey, Error error) {
    error.correlation_id = journey.correlation.text;
    Note(LogLevel::warning, "remote call failed", journey, error);
    return error;
  }

  void Note(LogLevel level, std::string_view message, const Journey& journey, const Error& error) {
    Note(level, message, journey,
         error.http_status != 0 ? std::to_string(error.http_status)
                                : std::string(ToString(error.kind)));
  }

  void Note(LogLevel level, std::string_view message, const Journey& journey,
            const std::string& status) {
    const auto took =
        std::chrono::duration_cast<milliseconds>(clock_.Monotonic() - journey.started);
    log_.Write(level, message,
               {{"method", journey.request.method},
                {"host", journey.host},
                {"path", journey.path},
                {"status", status},
                {"correlation_id", journey.correlation.text},
                {"duration_ms", std::to_string(took.count())}});
  }

  HttpTransport& transport_;
  TokenSource& tokens_;
  Clock& clock_;
  Random& random_;
  Log& log_;
  const Options options_;
  Traffic traffic_;
};

}  // namespace

std::unique_ptr<ApiClient> MakeApiClient(HttpTransport& transport, TokenSource& tokens,
                                         Clock& clock, Random& random, Log& log,
                                         ApiClient::Options options) {
  return std::make_unique<Client>(transport, tokens, clock, random, log, std::move(options));
}

}  // namespace cosell::net

#include "net/credentials.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "net/base64.h"
#include "net/retry.h"
#include "net/sign_in.h"
#include "net/single_flight.h"

namespace cosell::net {
namespace {

using nlohmann::json;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr seconds kRenewEarly{300};
constexpr seconds kUsableAtLeast{60};
constexpr seconds kPauseWithoutHint{60};

// Something that is read, put into its form, and good until it is refused.
class FixedToken final : public TokenSource {
 public:
  using Read = std::function<Result<std::string>()>;
  explicit FixedToken(Read read) : read_(std::move(read)) {}

  Result<std::string> Token() override {
    const std::lock_guard lock(mutex_);
    if (!cached_) {
      auto token = read_();
      if (!token) return UnusableCredential(token.error());
      cached_ = *std::move(token);
    }
    return *cached_;
  }

  void Invalidate(const std::string& token) override {
    const std::lock_guard lock(mutex_);
    if (cached_ == token) cached_.reset();
  }

 private:
  const Read read_;
  std::mutex mutex_;
  std::optional<std::string> cached_;
};

struct Grant {
  std::string token;
  std::optional<seconds> lifetime;
};

std::string TextOf(const json& body, const char* name) {
  const auto found = body.find(name);
  return found != body.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<seconds> Lifetime(const json& body) {
  const auto found = body.find("expires_in");
  if (found == body.end()) return std::nullopt;
  const std::string text = found->is_string() ? found->get<std::string>() : found->dump();
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  if (count <= 0) return std::nullopt;
  return seconds{count};
}

Error Throttled(const HttpResponse& response, Instant now) {
  return Error{.kind = ErrorKind::throttled,
               .message = "sign-in: the token endpoint asked us to slow down",
               .http_status = response.status,
               .retry_after = RequestedWait(response, now).value_or(kPauseWithoutHint)};
}

// RFC 6749 section 5. Of the endpoint's own words only the `error` word gets into the Error.
Result<Grant> ReadAnswer(const HttpResponse& response, Instant now) {
  if (response.status == 429 || (response.status == 503 && RequestedWait(response, now))) {
    return Throttled(response, now);
  }
  Error error{.kind = ErrorKind::unauthorized,
              .message = {},
              .code = RemoteCode(response.body),
              .http_status = response.status};
  if (response.status >= 500) {
    error.kind = ErrorKind::unavailable;
    error.message = "sign-in: the token endpoint is out of order";
    return error;
  }
  const json body = json::parse(response.body, nullptr, false);
  if (response.status >= 400) {
    const std::string named = error.code.empty() ? std::string() : " (" + error.code + ")";
    error.message = "sign-in was refused" + named +
                    ": check client_id and client_secret, and the scope of the description file";
    return error;
  }
  Grant grant;
  if (body.is_object()) grant = {TextOf(body, "access_token"), Lifetime(body)};
  if (!grant.token.empty()) return grant;
  error.kind = ErrorKind::unavailable;
  error.message =
      "sign-in: the answer is not that of a token endpoint: check authority_url and the token path "
      "of the description file, and any proxy in between";
  return error;
}

class CredentialTokens final : public TokenSource {
 public:
  CredentialTokens(ClientCredentials credentials, HttpTransport& transport, Secrets& secrets,
                   Clock& clock)
      : credentials_(std::move(credentials)),
        transport_(transport),
        secrets_(secrets),
        clock_(clock),
        pause_(clock, "the token endpoint") {}

  Result<std::string> Token() override {
    std::unique_lock lock(mutex_);
    if (cached_ && (!cached_->renew_at || clock_.Monotonic() < *cached_->renew_at)) {
      return cached_->token;
    }
    return sign_ins_.Join(lock, [this] { return Renew(); });
  }

  void Invalidate(const std::string& token) override {
    const std::lock_guard lock(mutex_);
    if (cached_ && cached_->token == token) cached_.reset();
  }

 private:
  struct Cached {
    std::string token;
    std::optional<nanoseconds> renew_at;
    nanoseconds usable_until{0};
  };

  Result<std::string> Renew() {
    const nanoseconds asked_at = clock_.Monotonic();  // before: the answer may have taken a while
    const auto grant = Ask();
    const std::lock_guard lock(mutex_);
    if (grant) {
      cached_ = Cached{grant->token, std::nullopt, nanoseconds{0}};
      if (const auto life = grant->lifetime) {
        cached_->renew_at = asked_at + *life - std::min(kRenewEarly, *life / 2);
        cached_->usable_until = asked_at + *life - kUsableAtLeast;
      }
      return grant->token;
    }
    // Renewing begins early so that a passing failure has time to pass.
    const bool refused = grant.error().kind == ErrorKind::unauthorized;
    if (!refused && cached_ && clock_.Monotonic() < cached_->usable_until) return cached_->token;
    return grant.error();
  }

  // One at a time: the sign-ins are single.
  Result<Grant> Ask() {
    if (const auto left = pause_.Left()) return *left;
    const auto secret = secrets_.Read(credentials_.client_secret);
    if (!secret) return UnusableCredential(secret.error());
    const auto response = transport_.Send(RequestWith(*secret));
    if (!response) return NoTokenAnswer(response.error());
    auto grant = ReadAnswer(*response, clock_.Now());
    if (!grant) pause_.Heed(grant.error());
    return grant;
  }

  HttpRequest RequestWith(const std::string& secret) const {
    Parameters form{{"grant_type", "client_credentials"}};
    if (!credentials_.scope.empty()) form.emplace_back("scope", credentials_.scope);
    if (!credentials_.audience.empty()) form.emplace_back("audience", credentials_.audience);
    if (!credentials_.secret_in_header) {
      form.emplace_back("client_id", credentials_.client_id);
      form.emplace_back("client_secret", secret);
    }
    HttpRequest request = TokenRequest(credentials_.token_url, form);
    if (credentials_.secret_in_header) {
      // Each part is form-encoded first (RFC 6749 section 2.3.1).
      const std::string pair = EncodeParameters({{credentials_.client_id, secret}});
      const auto at = pair.find('=');
      request.headers.emplace_back(
          "Authorization", "Basic " + Base64(pair.substr(0, at) + ":" + pair.substr(at + 1)));
    }
    return request;
  }

  const ClientCredentials credentials_;
  HttpTransport& transport_;
  Secrets& secrets_;
  Clock& clock_;
  SignInPause pause_;
  std::mutex mutex_;
  std::optional<Cached> cached_;
  SingleFlight<std::string> sign_ins_;
};

}  // namespace

std::unique_ptr<TokenSource> MakeFixedToken(SecretSource token, Secrets& secrets) {
  return std::make_unique<FixedToken>(
      [token = std::move(token), &secrets] { return secrets.Read(token); });
}

std::unique_ptr<TokenSource> MakeBasicCredentials(std::string username, SecretSource password,
                                                  Secrets& secrets) {
  return std::make_unique<FixedToken>([username = std::move(username),
                                       password = std::move(password),
                                       &secrets]() -> Result<std::string> {
    const auto text = secrets.Read(password);
    if (!text) return text.error();
    return Base64(username + ":" + *text);
  });
}

std::unique_ptr<TokenSource> MakeClientCredentialTokens(ClientCredentials credentials,
                                                        HttpTransport& transport, Secrets& secrets,
                                                        Clock& clock) {
  return std::make_unique<CredentialTokens>(std::move(credentials), transport, secrets, clock);
}

}  // namespace cosell::net

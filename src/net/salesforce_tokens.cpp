#include "net/salesforce_tokens.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "net/salesforce_sign_in.h"
#include "net/single_flight.h"

namespace cosell::net {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

// A token refused this soon was never good, and the next one will be no better.
constexpr seconds kFresh{10};
constexpr seconds kPauseAfterFreshRefusal{30};

class Tokens final : public SalesforceTokens {
 public:
  Tokens(SalesforceIdentity identity, HttpTransport& transport, Secrets& secrets, Clock& clock,
         Log& log)
      : clock_(clock), log_(log), sign_in_(std::move(identity), transport, secrets, clock, log) {}

  Result<std::string> Token() override {
    auto grant = Current();
    if (!grant) return grant.error();
    return std::move(grant->access_token);
  }

  Result<SalesforceSession> Session() override {
    auto grant = Current();
    if (!grant) return grant.error();
    return std::move(grant->session);
  }

  void Invalidate(const std::string& token) override {
    const std::lock_guard lock(mutex_);
    if (!cached_ || cached_->grant.access_token != token) return;
    const bool fresh = clock_.Monotonic() - cached_->issued_at < kFresh;
    // The first token may have met a session that was ended on purpose; one that took a refused
    // one's place and is refused itself would begin a loop (section 2.7).
    if (fresh && cached_->is_replacement) PauseSignIns();
    cached_.reset();
    refused_before_ = true;
  }

  void Reload() override {
    sign_in_.ForgetSecrets();
    const std::lock_guard lock(mutex_);
    cached_.reset();
    refused_before_ = false;
    no_sign_in_until_ = {};
  }

 private:
  struct Cached {
    SalesforceGrant grant;
    nanoseconds issued_at{0};
    bool is_replacement = false;
  };

  Result<SalesforceGrant> Current() {
    std::unique_lock lock(mutex_);
    if (cached_) return cached_->grant;
    if (clock_.Monotonic() < no_sign_in_until_) {
      return Error{.kind = ErrorKind::unauthorized,
                   .message =
                       "sign-in: the last token was refused as soon as it was used: check "
                       "that the user may use the API, and the app's session policies"};
    }
    return sign_ins_.Join(lock, [this] { return SignIn(); });
  }

  Result<SalesforceGrant> SignIn() {
    auto grant = sign_in_.Run();
    if (!grant) return grant;
    const std::lock_guard lock(mutex_);
    cached_ = Cached{*grant, clock_.Monotonic(), refused_before_};
    return grant;
  }

  void PauseSignIns() {
    no_sign_in_until_ = clock_.Monotonic() + kPauseAfterFreshRefusal;
    log_.Warning("a new access token was refused at once, so there is no sign-in for a while",
                 {{"pause_s", std::to_string(kPauseAfterFreshRefusal.count())}});
  }

  Clock& clock_;
  Log& log_;
  SalesforceSignIn sign_in_;
  std::mutex mutex_;
  std::optional<Cached> cached_;
  bool refused_before_ = false;  // a token was refused since the start or the last Reload
  nanoseconds no_sign_in_until_{0};
  SingleFlight<SalesforceGrant> sign_ins_;
};

}  // namespace

std::unique_ptr<SalesforceTokens> MakeSalesforceTokens(SalesforceIdentity identity,
                                                       HttpTransport& transport, Secrets& secrets,
                                                       Clock& clock, Log& log) {
  return std::make_unique<Tokens>(std::move(identity), transport, secrets, clock, log);
}

}  // namespace cosell::net

#include "net/oauth.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "net/entra_sign_in.h"
#include "net/single_flight.h"

namespace cosell::net {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr seconds kRenewEarly{300};
constexpr seconds kUsableAtLeast{60};

// The cached token of one audience. Callers that come while a sign-in is under way share its
// result.
class AudienceTokens final : public TokenSource {
 public:
  AudienceTokens(EntraSignIn& sign_in, Clock& clock, std::string audience)
      : sign_in_(sign_in), clock_(clock), audience_(std::move(audience)) {}

  Result<std::string> Token() override {
    std::unique_lock lock(mutex_);
    if (cached_ && clock_.Monotonic() < cached_->renew_at) return cached_->token;
    return sign_ins_.Join(lock, [this] { return Renew(); });
  }

  void Invalidate(const std::string& token) override {
    const std::lock_guard lock(mutex_);
    if (cached_ && cached_->token == token) cached_.reset();
  }

  void Forget() {
    const std::lock_guard lock(mutex_);
    cached_.reset();
  }

 private:
  struct Cached {
    std::string token;
    nanoseconds renew_at;
    nanoseconds usable_until;
  };

  Result<std::string> Renew() {
    const nanoseconds asked_at = clock_.Monotonic();  // before: the answer may have taken a while
    const auto grant = sign_in_.Run(audience_);
    const std::lock_guard lock(mutex_);
    if (grant) {
      const auto early = std::min(kRenewEarly, grant->lifetime / 2);
      cached_ = Cached{.token = grant->access_token,
                       .renew_at = asked_at + grant->lifetime - early,
                       .usable_until = asked_at + grant->lifetime - kUsableAtLeast};
      return grant->access_token;
    }
    // Renewing begins early so that a passing failure has time to pass.
    const bool refused = grant.error().kind == ErrorKind::unauthorized;
    if (!refused && cached_ && clock_.Monotonic() < cached_->usable_until) return cached_->token;
    return grant.error();
  }

  EntraSignIn& sign_in_;
  Clock& clock_;
  const std::string audience_;
  std::mutex mutex_;
  std::optional<Cached> cached_;
  SingleFlight<std::string> sign_ins_;
};

class Tokens final : public EntraTokens {
 public:
  Tokens(EntraIdentity identity, HttpTransport& transport, Secrets& secrets, Clock& clock,
         Random& random, Log& log)
      : clock_(clock), sign_in_(std::move(identity), transport, secrets, clock, random, log) {}

  TokenSource& For(const std::string& audience) override {
    const std::lock_guard lock(mutex_);
    return audiences_.try_emplace(audience, sign_in_, clock_, audience).first->second;
  }

  void Reload() override {
    sign_in_.ForgetSecrets();
    const std::lock_guard lock(mutex_);
    for (auto& [audience, tokens] : audiences_) tokens.Forget();
  }

 private:
  Clock& clock_;
  EntraSignIn sign_in_;
  std::mutex mutex_;
  std::map<std::string, AudienceTokens> audiences_;
};

}  // namespace

std::unique_ptr<EntraTokens> MakeEntraTokens(EntraIdentity identity, HttpTransport& transport,
                                             Secrets& secrets, Clock& clock, Random& random,
                                             Log& log) {
  return std::make_unique<Tokens>(std::move(identity), transport, secrets, clock, random, log);
}

}  // namespace cosell::net

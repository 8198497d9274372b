#include <utility>

#include "base/text.h"
#include "net/interactive_sign_in.h"
#include "net/login_answer.h"
#include "net/pkce.h"
#include "net/salesforce_answer.h"
#include "net/sign_in.h"

namespace cosell::net {
namespace {

constexpr std::size_t kStateBytes = 16;

Error Refused(std::string message) {
  return Error{.kind = ErrorKind::refused, .message = "sign-in: " + std::move(message)};
}

// The web server flow (contract salesforce.md section 2).
class SalesforceLogin final : public InteractiveSignIn {
 public:
  SalesforceLogin(SalesforceIdentity identity, HttpTransport& transport, Secrets& secrets,
                  Clock& clock)
      : identity_(std::move(identity)), transport_(transport), secrets_(secrets), clock_(clock) {}

  std::string BrowserUrl(const std::string& redirect_uri) override {
    pkce_ = MakePkce();
    state_ = RandomText(kStateBytes);
    redirect_uri_ = redirect_uri;
    return BuildUrl(identity_.login_url, "/services/oauth2/authorize",
                    {{"response_type", "code"},
                     {"client_id", identity_.client_id},
                     {"redirect_uri", redirect_uri},
                     {"scope", "api refresh_token"},
                     {"state", state_},
                     {"code_challenge", pkce_.challenge},
                     {"code_challenge_method", "S256"}});
  }

  bool IsAnswer(std::string_view query) const override {
    const auto answer = QueryParameters(query);
    const auto state = answer.find("state");
    return !state_.empty() && state != answer.end() && state->second == state_;
  }

  Result<SignedIn> Redeem(std::string_view query) override {
    if (!IsAnswer(query)) return Refused("the answer does not belong to this sign-in; begin again");
    state_.clear();
    const auto answer = QueryParameters(query);
    if (const auto error = answer.find("error"); error != answer.end()) {
      return Refused("Salesforce refused (" + error->second +
                     "): look at the app's policies, its OAuth scopes (api, refresh_token) and "
                     "whether the person approved it");
    }
    const auto code = answer.find("code");
    if (code == answer.end()) return Refused("the answer holds no code; begin again");
    return Ask(code->second);
  }

  Result<DevicePrompt> BeginDevice() override {
    return Refused(
        "Salesforce is signed in to with a browser on this machine: leave out "
        "--device-code");
  }
  Result<std::optional<SignedIn>> PollDevice() override { return std::optional<SignedIn>{}; }
  std::chrono::seconds interval() const override { return std::chrono::seconds(0); }

 private:
  Result<SignedIn> Ask(const std::string& code) {
    Parameters form{{"grant_type", "authorization_code"},
                    {"code", code},
                    {"client_id", identity_.client_id},
                    {"redirect_uri", redirect_uri_},
                    {"code_verifier", pkce_.verifier}};
    if (!identity_.client_secret.empty()) {
      const auto secret = secrets_.Read(identity_.client_secret);
      if (!secret) return UnusableCredential(secret.error());
      form.emplace_back("client_secret", *secret);
    }
    const std::string url = BuildUrl(identity_.login_url, "/services/oauth2/token");
    const auto response = transport_.Send(TokenRequest(url, form));
    if (!response) return NoTokenAnswer(response.error());
    const auto grant = ReadSalesforceAnswer(*response, "authorization_code", clock_.Now());
    if (!grant) return grant.error();
    if (grant->refresh_token.empty()) {
      return Refused(
          "Salesforce gave no refresh token: give the app the OAuth scope "
          "refresh_token (\"Perform requests at any time\")");
    }
    return SignedIn{grant->refresh_token};
  }

  const SalesforceIdentity identity_;
  HttpTransport& transport_;
  Secrets& secrets_;
  Clock& clock_;
  Pkce pkce_;
  std::string state_;
  std::string redirect_uri_;
};

}  // namespace

std::unique_ptr<InteractiveSignIn> MakeSalesforceLogin(SalesforceIdentity identity,
                                                       HttpTransport& transport, Secrets& secrets,
                                                       Clock& clock) {
  return std::make_unique<SalesforceLogin>(std::move(identity), transport, secrets, clock);
}

}  // namespace cosell::net

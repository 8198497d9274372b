#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "net/entra_answer.h"
#include "net/entra_proof.h"
#include "net/interactive_sign_in.h"
#include "net/login_answer.h"
#include "net/pkce.h"
#include "net/sign_in.h"
#include "net/token_claims.h"

namespace cosell::net {
namespace {

using nlohmann::json;
using std::chrono::seconds;

constexpr std::size_t kStateBytes = 16;
constexpr seconds kSlowDown{5};
constexpr const char* kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

Error Refused(std::string message) {
  return Error{.kind = ErrorKind::refused, .message = "sign-in: " + std::move(message)};
}

std::string TextAt(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

class EntraLogin final : public InteractiveSignIn {
 public:
  EntraLogin(EntraIdentity identity, std::string audience, HttpTransport& transport,
             Secrets& secrets, Clock& clock, Random& random)
      : identity_(std::move(identity)),
        audience_(std::move(audience)),
        transport_(transport),
        secrets_(secrets),
        clock_(clock),
        random_(random) {}

  std::string BrowserUrl(const std::string& redirect_uri) override {
    pkce_ = MakePkce();
    state_ = RandomText(kStateBytes);
    redirect_uri_ = redirect_uri;
    return BuildUrl(Endpoint("authorize"), "",
                    {{"client_id", identity_.client_id},
                     {"response_type", "code"},
                     {"response_mode", "query"},
                     {"redirect_uri", redirect_uri},
                     {"scope", Scope()},
                     {"state", state_},
                     {"prompt", "select_account"},
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
      return RefusalOf(answer, error->second);
    }
    const auto code = answer.find("code");
    if (code == answer.end()) return Refused("the answer holds no code; begin again");
    return Ask({{"grant_type", "authorization_code"},
                {"code", code->second},
                {"redirect_uri", redirect_uri_},
                {"code_verifier", pkce_.verifier}});
  }

  Result<DevicePrompt> BeginDevice() override {
    const auto response = transport_.Send(TokenRequest(
        Endpoint("devicecode"), {{"client_id", identity_.client_id}, {"scope", Scope()}}));
    if (!response) return NoTokenAnswer(response.error());
    const json body = json::parse(response->body, nullptr, false);
    if (response->status != 200 || TextAt(body, "device_code").empty()) {
      return ErrorOf(*response);
    }
    device_code_ = TextAt(body, "device_code");
    DevicePrompt prompt;
    prompt.user_code = TextAt(body, "user_code");
    prompt.verification_url = TextAt(body, "verification_uri");
    prompt.interval = seconds(body.value("interval", 5));
    prompt.lifetime = seconds(body.value("expires_in", 900));
    interval_ = prompt.interval;
    return prompt;
  }

  Result<std::optional<SignedIn>> PollDevice() override {
    pending_ = false;
    auto signed_in = Ask({{"grant_type", kDeviceGrant}, {"device_code", device_code_}});
    if (pending_) return std::optional<SignedIn>{};
    if (!signed_in) return signed_in.error();
    return std::optional(*std::move(signed_in));
  }

  seconds interval() const override { return interval_; }

 private:
  std::string Endpoint(std::string_view name) const {
    return BuildUrl(identity_.authority_url,
                    "/" + UrlEncode(identity_.tenant_id) + "/oauth2/v2.0/" + std::string(name));
  }
  std::string Scope() const { return audience_ + "/.default offline_access"; }

  // A refusal that came with the redirect, in the words of one of the token endpoint.
  Error RefusalOf(const std::map<std::string, std::string>& answer, const std::string& error) {
    const auto text = answer.find("error_description");
    HttpResponse response;
    response.status = 400;
    response.body = json{{"error", error},
                         {"error_description", text == answer.end() ? std::string() : text->second}}
                        .dump(-1, ' ', false, json::error_handler_t::replace);
    return ErrorOf(response);
  }

  Error ErrorOf(const HttpResponse& response) {
    const auto grant = ReadEntraAnswer(response, clock_.Now());
    return grant ? Refused("the answer holds no code; begin again") : grant.error();
  }

  bool IsPending(const HttpResponse& response) {
    const json body = json::parse(response.body, nullptr, false);
    const std::string error = body.is_object() ? TextAt(body, "error") : std::string();
    if (error == "slow_down") interval_ += kSlowDown;
    return error == "authorization_pending" || error == "slow_down";
  }

  Result<SignedIn> Ask(Parameters form) {
    form.emplace_back("client_id", identity_.client_id);
    form.emplace_back("scope", Scope());
    const std::string url = Endpoint("token");
    const Status proven = AddEntraProof(identity_, url, secrets_, clock_, random_, form);
    if (!proven) return UnusableCredential(proven.error());
    const auto response = transport_.Send(TokenRequest(url, form));
    if (!response) return NoTokenAnswer(response.error());
    pending_ = response->status == 400 && IsPending(*response);
    const auto grant = ReadEntraAnswer(*response, clock_.Now());
    if (!grant) return grant.error();
    if (grant->refresh_token.empty()) {
      return Refused("Entra gave no refresh token: let the app ask for offline_access");
    }
    SignedIn signed_in{grant->refresh_token};
    if (const auto claims = ReadTokenClaims(grant->access_token)) signed_in.mfa = claims->mfa;
    return signed_in;
  }

  const EntraIdentity identity_;
  const std::string audience_;
  HttpTransport& transport_;
  Secrets& secrets_;
  Clock& clock_;
  Random& random_;
  Pkce pkce_;
  std::string state_;
  std::string redirect_uri_;
  std::string device_code_;
  seconds interval_{5};
  bool pending_ = false;
};

}  // namespace

std::unique_ptr<InteractiveSignIn> MakeEntraLogin(EntraIdentity identity, std::string audience,
                                                  HttpTransport& transport, Secrets& secrets,
                                                  Clock& clock, Random& random) {
  return std::make_unique<EntraLogin>(std::move(identity), std::move(audience), transport, secrets,
                                      clock, random);
}

}  // namespace cosell::net

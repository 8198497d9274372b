#include "net/entra_answer.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

#include "net/retry.h"

namespace cosell::net {
namespace {

using nlohmann::json;
using std::chrono::seconds;

constexpr int kSignInLoop = 50196;
constexpr seconds kPauseWithoutHint{60};  // what Entra itself asks for with a 429

struct Remedy {
  int code;
  std::string_view text;
};

constexpr std::string_view kLogin =
    "sign in again interactively: cosell-sync auth login CONNECTION";
constexpr std::string_view kRefreshTokenDead =
    "the refresh token (or user name and password) is not valid, or no longer; ";
constexpr std::string_view kMfa = "multi-factor authentication is demanded; ";

// The codes of section 2.4 for which more can be said than for their `error`.
constexpr Remedy kRemedies[] = {
    {50126, "user name or password is wrong: correct username and password"},
    {50034, "the user does not exist in this tenant: correct username or tenant_id"},
    {50053, "the user is locked out: wait, then correct the password"},
    {50057, "the user is disabled: enable it in Entra"},
    {50055, "the user's password has expired: change it, then update the configured one"},
    {53003,
     "a conditional access policy forbids this sign-in: exempt the account or meet the policy"},
    {65001, "consent is missing: an administrator must grant the app its permissions"},
    {65004, "the person declined what the app asks for: sign in again and accept"},
    {50105, "the person is not assigned to the app: assign the account in Entra"},
    {70017, "the person declined the sign-in: begin again"},
    {70018, "the device code is not known: begin again"},
    {70019, "nobody signed in in time: begin again"},
    {7000215, "the client secret is wrong: configure the secret's value, not its id"},
    {7000222, "the client secret has expired: create a new one in Entra and configure it"},
    {7000218, "this app needs a client secret or certificate: configure client_secret"},
    {700025, "this app is a public client and must not send a secret: remove client_secret"},
    {700016, "the app is not known in this tenant: correct client_id or tenant_id"},
    {700024, "the signed client assertion is out of its time: check this machine's clock"},
    {700027, "the certificate is not registered for this app: upload it in Entra"},
    {500011, "the service is not known in this tenant: correct the service's URL"},
    {650057, "the app has no permission for this service: add it in Entra and consent to it"},
    {70011, "the scope is not valid: correct the service's URL"},
    {90002, "the tenant does not exist: correct tenant_id"},
    {9001023, "the password grant needs a tenant of its own: set tenant_id, not \"common\""},
    {50194, "the app belongs to a single tenant: set tenant_id, not \"common\""},
    {900144, "a field of the sign-in is missing: check the auth section of the configuration"},
    {70003, "the tenant does not accept this grant: correct auth.grant"},
};

bool IsAnyOf(int code, std::initializer_list<int> codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

std::string Member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// From error_codes, else from the front of error_description; 0 when neither has one.
int AadstsCode(const json& body) {
  if (const auto codes = body.find("error_codes"); codes != body.end() && codes->is_array()) {
    for (const json& code : *codes) {
      if (code.is_number_integer()) return code.get<int>();
    }
  }
  const std::string text = Member(body, "error_description");
  constexpr std::string_view kPrefix = "AADSTS";
  int code = 0;
  if (text.starts_with(kPrefix)) {
    std::from_chars(text.data() + kPrefix.size(), text.data() + text.size(), code);
  }
  return code;
}

bool DemandsPerson(const std::string& error, const std::string& suberror, int code) {
  return error == "interaction_required" || error == "login_required" ||
         suberror == "basic_action" || suberror == "additional_action" ||
         IsAnyOf(code, {50076, 50079});
}

std::string RemedyFor(const std::string& error, const std::string& suberror, int code) {
  const auto* const known =
      std::find_if(std::begin(kRemedies), std::end(kRemedies),
                   [code](const Remedy& remedy) { return remedy.code == code; });
  if (known != std::end(kRemedies)) return std::string(known->text);
  if (DemandsPerson(error, suberror, code)) return std::string(kMfa) + std::string(kLogin);
  if (error == "consent_required" || suberror == "consent_required") {
    return "consent is missing: an administrator must grant the app its permissions";
  }
  if (error == "invalid_grant") return std::string(kRefreshTokenDead) + std::string(kLogin);
  if (error == "invalid_client") return "the app's own proof was refused: check client_secret";
  if (error == "unauthorized_client") return "the app may not use this grant: check client_id";
  return "check the auth section of the configuration";
}

Error Refused(const HttpResponse& response, const json& body, Instant now) {
  const std::string error = RemoteCode(response.body);
  const int code = AadstsCode(body);
  Error result{.kind = ErrorKind::unauthorized,
               .message = {},
               .code = code != 0 ? "AADSTS" + std::to_string(code) : error,
               .http_status = response.status};
  const std::string named = " (" + result.code + ")";
  if (code == kSignInLoop) {
    result.kind = ErrorKind::throttled;
    result.retry_after = RequestedWait(response, now).value_or(kPauseWithoutHint);
    result.message = "sign-in: Entra counts too many requests of this account" + named;
  } else if (error == "temporarily_unavailable" || response.status >= 500) {
    result.kind = ErrorKind::unavailable;
    result.message = "sign-in: Entra is busy" + named;
  } else {
    result.message =
        "sign-in was refused" + named + ": " + RemedyFor(error, Member(body, "suberror"), code);
  }
  return result;
}

Error Throttled(const HttpResponse& response, Instant now) {
  return Error{.kind = ErrorKind::throttled,
               .message = "sign-in: Entra asked us to slow down",
               .http_status = response.status,
               .retry_after = RequestedWait(response, now).value_or(kPauseWithoutHint)};
}

Error NotJson(const HttpResponse& response) {
  return Error{.kind = ErrorKind::unavailable,
               .message = "sign-in: HTTP " + std::to_string(response.status) +
                          " without the JSON of a token endpoint: check authority_url, tenant_id, "
                          "and any proxy in between",
               .http_status = response.status};
}

// Seconds: a number in v2, a text in v1. Zero when there is no sense in it.
seconds Lifetime(const json& body) {
  constexpr std::int64_t kSecondsMax = 86'400;
  std::int64_t count = 0;
  if (const auto found = body.find("expires_in"); found != body.end()) {
    const std::string text = found->is_string() ? found->get<std::string>() : found->dump();
    std::from_chars(text.data(), text.data() + text.size(), count);
  }
  return seconds{std::clamp<std::int64_t>(count, 0, kSecondsMax)};
}

}  // namespace

Result<EntraGrant> ReadEntraAnswer(const HttpResponse& response, Instant now) {
  if (response.status == 429 || (response.status == 503 && RequestedWait(response, now))) {
    return Throttled(response, now);
  }
  const json body = json::parse(response.body, nullptr, false);
  if (!body.is_object()) return NotJson(response);
  if (response.status != 200) {
    return body.contains("error") ? Refused(response, body, now) : NotJson(response);
  }
  EntraGrant grant{.access_token = Member(body, "access_token"),
                   .lifetime = Lifetime(body),
                   .refresh_token = Member(body, "refresh_token")};
  if (grant.access_token.empty() || grant.lifetime.count() <= 0) return NotJson(response);
  return grant;
}

}  // namespace cosell::net

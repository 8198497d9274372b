#include "net/salesforce_answer.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/record_id.h"
#include "base/text.h"
#include "net/retry.h"
#include "net/url.h"

namespace cosell::net {
namespace {

using nlohmann::json;

// Logins are counted per user and hour (section 2.7), and no answer names a time.
constexpr std::chrono::minutes kPauseWithoutHint{5};

struct Remedy {
  std::string_view sign;  // what it is recognised by
  std::string_view text;
};

// By the `error` word.
constexpr Remedy kByError[] = {
    {"invalid_client_id", "the app is not known: correct client_id (the consumer key)"},
    {"invalid_client", "the app's own proof was refused: correct client_id and client_secret"},
    {"unsupported_grant_type",
     "this flow is switched off for the app or the organisation: enable it in Salesforce, or "
     "correct auth.grant"},
    {"inactive_user", "the user is not active: activate it in Salesforce, or use another one"},
    {"inactive_org", "the organisation is locked or suspended: an administrator must reopen it"},
    {"invalid_app_access",
     "the user may not use the app: grant it access in the app's policies in Salesforce"},
};

// Of an invalid_grant, by a phrase in error_description, in this order.
constexpr Remedy kByPhrase[] = {
    {"approved this consumer",
     "the user has not approved the app: let the app's policies pre-authorize its users, and give "
     "the user the app's profile or permission set"},
    {"audience",
     "the signed assertion is meant for another login host: correct authority_url "
     "(test.salesforce.com for a sandbox, login.salesforce.com otherwise)"},
    {"expired authorization code",
     "the signed assertion is out of its time, or its user is unknown: check this machine's clock "
     "and auth.username"},
    {"expired",
     "the refresh token is not valid any more; sign in again: cosell-sync auth login CONNECTION"},
    {"authentication failure",
     "the user name, password or security token is wrong, or the organisation blocks this flow: "
     "correct them, and look at the user's login history in Salesforce"},
};

// Of an invalid_grant whose text says nothing we know.
constexpr Remedy kByGrant[] = {
    {"client_credentials",
     "the client credentials flow needs the organisation's own My Domain URL as authority_url, the "
     "flow enabled in the app, and a user to run as"},
    {"jwt_bearer",
     "check client_id, auth.username, and that the certificate of private_key_file is uploaded to "
     "the app"},
    {"refresh_token",
     "the refresh token is not valid, or no longer; sign in again: cosell-sync auth login "
     "CONNECTION"},
    {"password", "check auth.username, password and security_token"},
};

std::string Member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string RemedyFor(const std::string& error, const std::string& text, std::string_view grant) {
  for (const Remedy& remedy : kByError) {
    if (remedy.sign == error) return std::string(remedy.text);
  }
  if (error != "invalid_grant") return "check the auth section of the configuration";
  for (const Remedy& remedy : kByPhrase) {
    if (text.find(remedy.sign) != std::string::npos) return std::string(remedy.text);
  }
  for (const Remedy& remedy : kByGrant) {
    if (remedy.sign == grant) return std::string(remedy.text);
  }
  return "check the auth section of the configuration";
}

Error Throttled(const HttpResponse& response, const std::string& code, Instant now) {
  return Error{.kind = ErrorKind::throttled,
               .message = "sign-in: Salesforce counts too many sign-ins of this user",
               .code = code,
               .http_status = response.status,
               .retry_after = RequestedWait(response, now).value_or(kPauseWithoutHint)};
}

Error Refused(const HttpResponse& response, const json& body, std::string_view grant, Instant now) {
  const std::string error = RemoteCode(response.body);
  if (error == "rate_limit_exceeded" || error == "LOGIN_RATE_EXCEEDED") {
    return Throttled(response, error, now);
  }
  Error result{.kind = ErrorKind::unauthorized,
               .message = {},
               .code = error,
               .http_status = response.status};
  const std::string named = error.empty() ? std::string() : " (" + error + ")";
  if (response.status >= 500) {
    result.kind = ErrorKind::unavailable;
    result.message = "sign-in: Salesforce is busy" + named;
    return result;
  }
  result.message = "sign-in was refused" + named + ": " +
                   RemedyFor(error, ToLower(Member(body, "error_description")), grant);
  return result;
}

Error NotJson(const HttpResponse& response) {
  return Error{.kind = ErrorKind::unavailable,
               .message = "sign-in: HTTP " + std::to_string(response.status) +
                          " without the JSON of a token endpoint: check authority_url and any "
                          "proxy in between",
               .http_status = response.status};
}

// Every call with the token goes there, so a text that is no https URL must not be followed.
Result<std::string> InstanceOrigin(const json& body) {
  const auto url = ParseUrl(Member(body, "instance_url"));
  if (url && url->secure()) return Origin(*url);
  return Error{.kind = ErrorKind::unauthorized,
               .message =
                   "sign-in: the answer names no https instance_url to work with: check "
                   "authority_url and any proxy in between"};
}

// The last two segments of the identity URL; nothing where it has not both ids.
void AddIdentity(const json& body, SalesforceSession& session) {
  const auto url = ParseUrl(Member(body, "id"));
  if (!url) return;
  const std::vector<std::string> segments = Split(url->path, '/');
  if (segments.size() < 2) return;
  const auto organization = NormalizeSalesforceId(segments[segments.size() - 2]);
  const auto user = NormalizeSalesforceId(segments.back());
  if (!organization || !user) return;
  session.organization_id = *organization;
  session.user_id = *user;
}

}  // namespace

Result<SalesforceGrant> ReadSalesforceAnswer(const HttpResponse& response, std::string_view grant,
                                             Instant now) {
  if (response.status == 429 || (response.status == 503 && RequestedWait(response, now))) {
    return Throttled(response, {}, now);
  }
  const json body = json::parse(response.body, nullptr, false);
  if (!body.is_object()) return NotJson(response);
  if (response.status != 200) {
    return body.contains("error") ? Refused(response, body, grant, now) : NotJson(response);
  }
  SalesforceGrant result{.access_token = Member(body, "access_token"),
                         .session = {},
                         .refresh_token = Member(body, "refresh_token")};
  if (result.access_token.empty()) return NotJson(response);
  auto origin = InstanceOrigin(body);
  if (!origin) return origin.error();
  result.session.instance_url = std::move(*origin);
  AddIdentity(body, result.session);
  return result;
}

}  // namespace cosell::net

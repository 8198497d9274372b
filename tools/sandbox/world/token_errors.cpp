#include "tools/sandbox/world/token_errors.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tools/sandbox/world/reply.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

struct Row {
  int code;
  int status;
  const char* error;
  const char* suberror;
  const char* text;
};

constexpr std::array<Row, 38> kRows = {{
    {50126, 400, "invalid_grant", "", "invalid username or password."},
    {50034, 400, "invalid_grant", "", "the user does not exist in this directory."},
    {50053, 400, "invalid_grant", "", "the account is locked."},
    {50057, 400, "invalid_grant", "", "the account is disabled."},
    {50055, 400, "invalid_grant", "", "the password has expired."},
    {50076, 400, "invalid_grant", "basic_action", "multi-factor authentication is needed."},
    {50079, 400, "invalid_grant", "basic_action", "multi-factor enrolment is needed."},
    {53003, 400, "invalid_grant", "basic_action", "blocked by conditional access."},
    {65001, 400, "invalid_grant", "consent_required", "the user or admin has not consented."},
    {700082, 400, "invalid_grant", "", "the refresh token has expired due to inactivity."},
    {50173, 400, "invalid_grant", "", "the grant was revoked."},
    {70043, 400, "invalid_grant", "", "the refresh token met a sign-in frequency check."},
    {70000, 400, "invalid_grant", "", "the grant is not valid."},
    {70008, 400, "invalid_grant", "", "the code or refresh token has expired."},
    {501481, 400, "invalid_grant", "", "the code verifier does not match the challenge."},
    {65004, 400, "invalid_grant", "", "the user declined to consent."},
    {50011, 400, "invalid_request", "", "the redirect address is not registered for the app."},
    {70016, 400, "authorization_pending", "", "the user has not finished signing in."},
    {70017, 400, "authorization_declined", "", "the user declined the sign-in."},
    {70018, 400, "bad_verification_code", "", "the device code is not known."},
    {70019, 400, "expired_token", "", "the device code has expired."},
    {50196, 400, "invalid_grant", "", "a request loop was detected."},
    {7000215, 401, "invalid_client", "", "the client secret is not valid."},
    {7000222, 401, "invalid_client", "", "the client secret has expired."},
    {7000218, 401, "invalid_client", "", "client_assertion or client_secret is missing."},
    {700025, 401, "invalid_client", "", "the client is public and must not send a secret."},
    {700027, 401, "invalid_client", "", "the client assertion's signature is not valid."},
    {700016, 400, "unauthorized_client", "", "the application is unknown in this directory."},
    {500011, 400, "invalid_resource", "", "the resource is unknown in this directory."},
    {650057, 400, "invalid_resource", "", "the resource is not in the app's permissions."},
    {70011, 400, "invalid_scope", "", "the scope is not valid."},
    {90002, 400, "invalid_request", "", "the tenant was not found."},
    {50194, 400, "invalid_request", "", "the application is not multi-tenant."},
    {9001023, 400, "invalid_request", "", "the grant is not supported over /common."},
    {901002, 400, "invalid_request", "", "the resource parameter is not supported."},
    {900144, 400, "invalid_request", "", "a required parameter is missing."},
    {70003, 400, "unsupported_grant_type", "", "the grant type is not supported."},
    {90033, 503, "temporarily_unavailable", "", "a transient error has occurred."},
}};

// Codes that end in the table's other spelling (older numbers and the other two busy ones).
Row RowOf(int code) {
  const auto row =
      std::find_if(kRows.begin(), kRows.end(), [code](const Row& r) { return r.code == code; });
  if (row != kRows.end()) return *row;
  if (code == 50033 || code == 90006)
    return {code, 503, "temporarily_unavailable", "", "a transient error has occurred."};
  if (code == 70002) return {code, 401, "invalid_client", "", "error validating credentials."};
  return {code, 400, "invalid_request", "", "the request was refused."};
}

bool AsksForThePerson(int code) { return code == 50076 || code == 50079 || code == 53003; }

constexpr std::string_view kClaims =
    R"({"access_token":{"polids":{"essential":true,"values":["2c5b1a9e-0000-4000-8000-000000000001"]}}})";

}  // namespace

net::HttpResponse TokenError(int code, bool v2, const TokenTrace& trace) {
  const Row row = RowOf(code);
  std::string stamp = ReplaceAll(FormatSeconds(trace.at), "T", " ");
  Json body = {
      {"error", row.error},
      {"error_description",
       "AADSTS" + std::to_string(code) + ": " + row.text + "\r\nTrace ID: " + trace.trace_id +
           "\r\nCorrelation ID: " + trace.correlation_id + "\r\nTimestamp: " + stamp},
      {"error_codes", {code}},
      {"timestamp", stamp},
      {"trace_id", trace.trace_id},
      {"correlation_id", trace.correlation_id}};
  if (*row.suberror != '\0') body["suberror"] = row.suberror;
  if (AsksForThePerson(code)) {
    body["claims"] = kClaims;
    if (!v2) body["error"] = "interaction_required";
  }
  return JsonReply(row.status, body.dump());
}

}  // namespace cosell::sandbox

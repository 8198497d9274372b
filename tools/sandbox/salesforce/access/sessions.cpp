#include "tools/sandbox/salesforce/access/sessions.h"

#include <stdexcept>

#include "tools/sandbox/salesforce/access/access_request.h"
#include "tools/sandbox/salesforce/access/access_state.h"
#include "tools/sandbox/salesforce/access/authorize.h"
#include "tools/sandbox/salesforce/access/identity.h"
#include "tools/sandbox/salesforce/access/soap_login.h"
#include "tools/sandbox/salesforce/access/token_endpoint.h"

namespace cosell::sandbox {
namespace {

constexpr std::string_view kOAuth = "/services/oauth2/";
constexpr std::string_view kSoap = "/services/Soap/u/";
constexpr std::string_view kIdentity = "/id/";

const SalesforceUser& Known(const AccessState& state, std::string_view user) {
  const SalesforceUser* const found = state.directory.FindUser(user);
  if (found == nullptr) {
    throw std::out_of_range("no user '" + std::string(user) +
                            "' in the emulated Salesforce organisation: add it first");
  }
  return *found;
}

}  // namespace

SalesforceSessions::SalesforceSessions(Clock& clock, Random& random,
                                       SalesforceAccessOptions options)
    : state_(std::make_unique<AccessState>(clock, random, std::move(options))) {}

SalesforceSessions::~SalesforceSessions() = default;

const SalesforceAccessOptions& SalesforceSessions::options() const { return state_->options; }

SalesforceAccessSwitches& SalesforceSessions::switches() { return state_->switches; }

void SalesforceSessions::AddApp(SalesforceApp app) { state_->directory.AddApp(std::move(app)); }

void SalesforceSessions::AddUser(SalesforceUser user) {
  state_->directory.AddUser(std::move(user));
}

bool SalesforceSessions::Serves(std::string_view path) {
  return path.starts_with(kOAuth) || path.starts_with(kSoap) || path.starts_with(kIdentity);
}

net::HttpResponse SalesforceSessions::Handle(const net::HttpRequest& http) {
  const AccessRequest request = DecodeAccessRequest(http);
  const std::string& path = request.path;
  if (path == "/services/oauth2/token") return AnswerTokenRequest(*state_, request);
  if (path == "/services/oauth2/authorize") return AnswerAuthorize(*state_, request);
  if (path == "/services/oauth2/revoke") return AnswerRevoke(*state_, request);
  if (path == "/services/oauth2/introspect") return AnswerIntrospect(*state_, request);
  if (path == "/services/oauth2/userinfo") return AnswerUserInfo(*state_, request);
  if (path.starts_with(kSoap)) return AnswerSoapLogin(*state_, request);
  if (path.starts_with(kIdentity)) return AnswerIdentity(*state_, request);
  return RefuseCall(404, "NOT_FOUND", "The requested resource does not exist");
}

std::optional<std::string> SalesforceSessions::Check(std::string_view authorization) {
  const AccessSession* const session =
      state_->sessions.Use(TokenOf(authorization).value_or(std::string()));
  if (session == nullptr || !Known(*state_, session->user_id).active) return std::nullopt;
  return session->user_id;
}

std::string SalesforceSessions::IssueToken(std::string_view user) {
  return state_->sessions.Open({.user_id = Known(*state_, user).id},
                               state_->switches.access_token_chars);
}

std::string SalesforceSessions::IssueRefreshToken(std::string_view consumer_key,
                                                  std::string_view user) {
  const SalesforceApp* const app = state_->directory.FindApp(consumer_key);
  if (app == nullptr) {
    throw std::out_of_range("no app '" + std::string(consumer_key) +
                            "' in the emulated Salesforce organisation: add it first");
  }
  return state_->sessions.AddRefreshToken({app->consumer_key, Known(*state_, user).id, app->scopes},
                                          state_->switches.refresh_tokens_max);
}

void SalesforceSessions::ExpireAll() { state_->sessions.CloseAll(); }

void SalesforceSessions::ExpireAfter(std::chrono::seconds idle) {
  state_->sessions.set_idle_max(idle);
}

void SalesforceSessions::RevokeUser(std::string_view user) {
  state_->sessions.RevokeUser(Known(*state_, user).id);
}

void SalesforceSessions::ForceError(std::string_view client_or_user, std::string error,
                                    std::string description, int times) {
  state_->forced.Set(client_or_user, {std::move(error), std::move(description)}, times);
}

const SalesforceSignIns& SalesforceSessions::sign_ins() const { return state_->sign_ins; }

}  // namespace cosell::sandbox

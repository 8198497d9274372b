#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "tools/sandbox/salesforce/access/accounts.h"
#include "tools/sandbox/world/handler.h"

namespace cosell::sandbox {

struct AccessState;

// The sign-in side of the emulated Salesforce organisation (contract salesforce.md section 2): the
// token endpoint with every grant, authorize, revoke, introspect, userinfo, the identity URL and
// SOAP login. One object serves all hosts of the organisation: the login hosts and the My Domain,
// where it shares the origin with the data. Single-threaded. `clock` and `random` must outlive it.
class SalesforceSessions final : public Handler {
 public:
  SalesforceSessions(Clock& clock, Random& random, SalesforceAccessOptions options = {});
  ~SalesforceSessions() override;

  const SalesforceAccessOptions& options() const;
  SalesforceAccessSwitches& switches();

  // Takes the place of an app of the same key, or a user of the same id.
  void AddApp(SalesforceApp app);
  void AddUser(SalesforceUser user);

  // Whether a request to this path (without query) is for this handler rather than for the data
  // side of the same origin.
  static bool Serves(std::string_view path);
  // Errors are objects at the OAuth endpoints, arrays elsewhere, SOAP faults at the SOAP address.
  net::HttpResponse Handle(const net::HttpRequest& request) override;

  // The id (18 characters) of the user a whole Authorization header speaks for, "Bearer x" or
  // "OAuth x"; nothing when the token is missing, unknown, revoked, expired, or its user inactive.
  // Counts as activity of the session.
  std::optional<std::string> Check(std::string_view authorization);

  // An access token as the endpoint would issue it. `user`, here and below: user name or id; throws
  // std::out_of_range for an unknown one.
  std::string IssueToken(std::string_view user);
  // What an interactive sign-in would have left behind, with all scopes of the app.
  std::string IssueRefreshToken(std::string_view consumer_key, std::string_view user);

  // Ends every session; refresh tokens live on.
  void ExpireAll();
  // The idle time after which a session ends; 2 h to begin with. Holds for open sessions too.
  void ExpireAfter(std::chrono::seconds idle);
  // Ends the sessions of one user and withdraws its refresh tokens.
  void RevokeUser(std::string_view user);

  // The next `times` sign-ins of this consumer key or user name that would succeed are refused
  // with this error instead (section 2.6: "rate_limit_exceeded", "inactive_org"...). 0 times: until
  // an empty `error` takes it back.
  void ForceError(std::string_view client_or_user, std::string error, std::string description,
                  int times);

  const SalesforceSignIns& sign_ins() const;

 private:
  std::unique_ptr<AccessState> state_;
};

}  // namespace cosell::sandbox

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/config.h"
#include "base/clock.h"
#include "net/api_client.h"
#include "net/https_transport.h"
#include "net/oauth.h"
#include "net/salesforce_tokens.h"
#include "ports/crm.h"
#include "ports/crm_setup.h"
#include "ports/log.h"
#include "ports/partner_center.h"
#include "ports/secrets.h"
#include "ports/webhook_registrar.h"

namespace cosell::app {

// What the clients of a connection stand on; outlives them.
struct ClientGround {
  const Config& config;
  Secrets& secrets;
  Clock& clock;
  Random& random;
  Log& log;
};

// The way out of one connection: sign-in and clients for both remote sides, without a store. Safe
// from any thread.
class Clients {
 public:
  using CallObserver = std::function<void(Side side, std::string_view outcome)>;

  // `on_call` hears of every remote call, from any thread; may be empty. Throws
  // std::invalid_argument for a CA file that cannot be used, and for a description file with all
  // its problems.
  Clients(const ConnectionConfig& config, const ClientGround& ground, CallObserver on_call);
  ~Clients();

  PartnerCenter& partner_center() { return *partner_center_; }
  WebhookRegistrar& registrar() { return *registrar_; }
  Crm& crm() { return *crm_; }
  // For one thread.
  CrmSetup& crm_setup() { return *crm_setup_; }
  // The sign-in behind the referrals API.
  net::TokenSource& referrals_tokens();

 private:
  void MakeCrm(const CrmConfig& config, const ClientGround& ground);
  void MakeDataverse(const CrmConfig& config, const ClientGround& ground);
  void MakeSalesforce(const CrmConfig& config, const ClientGround& ground);
  void MakeRest(const CrmConfig& config, const ClientGround& ground);

  std::unique_ptr<net::HttpTransport> partner_center_transport_;
  std::unique_ptr<net::HttpTransport> crm_transport_;
  std::unique_ptr<net::EntraTokens> partner_center_tokens_;
  std::unique_ptr<net::EntraTokens> dataverse_tokens_;  // one of the three
  std::unique_ptr<net::SalesforceTokens> salesforce_tokens_;
  std::unique_ptr<net::TokenSource> service_tokens_;
  std::unique_ptr<net::ApiClient> referrals_api_;
  std::unique_ptr<net::ApiClient> webhooks_api_;
  std::unique_ptr<net::ApiClient> crm_api_;
  std::unique_ptr<PartnerCenter> partner_center_;
  std::unique_ptr<WebhookRegistrar> registrar_;
  std::unique_ptr<Crm> crm_;
  std::unique_ptr<CrmSetup> crm_setup_;
  std::string referrals_url_;
};

// Who signs in, as the configuration says.
net::EntraIdentity EntraIdentityOf(const AuthConfig& auth);
net::SalesforceIdentity SalesforceIdentityOf(const AuthConfig& auth);

// Proxy, trust, time-out and body limit of the configuration.
net::HttpsOptions TransportOptions(const Config& config);

}  // namespace cosell::app

#include "app/clients.h"

#include "app/counted_transport.h"
#include "crm/dataverse/dataverse_client.h"
#include "crm/salesforce/salesforce_client.h"
#include "partner_center/partner_center_client.h"

namespace cosell::app {
namespace {

net::EntraIdentity IdentityOf(const AuthConfig& auth) {
  net::EntraIdentity identity;
  identity.authority_url = auth.authority_url;
  identity.tenant_id = auth.tenant_id;
  identity.grant = std::string(ToString(auth.grant));
  identity.client_id = auth.client_id;
  identity.client_secret = auth.client_secret;
  identity.refresh_token = auth.refresh_token;
  identity.username = auth.username;
  identity.password = auth.password;
  identity.certificate_file = auth.certificate_file;
  identity.private_key_file = auth.private_key_file;
  return identity;
}

std::unique_ptr<net::HttpTransport> MakeTransport(const Config& config, Side side,
                                                  const Clients::CallObserver& on_call) {
  const auto observe = [on_call, side](const net::HttpRequest&, std::string_view outcome) {
    if (on_call) on_call(side, outcome);
  };
  return std::make_unique<CountedTransport>(net::MakeHttpsTransport(TransportOptions(config)),
                                            observe);
}

net::SalesforceIdentity SalesforceIdentityOf(const AuthConfig& auth) {
  net::SalesforceIdentity identity;
  identity.login_url = auth.authority_url;
  identity.grant = std::string(ToString(auth.grant));
  identity.client_id = auth.client_id;
  identity.client_secret = auth.client_secret;
  identity.refresh_token = auth.refresh_token;
  identity.username = auth.username;
  identity.password = auth.password;
  identity.security_token = auth.security_token;
  identity.private_key_file = auth.private_key_file;
  return identity;
}

std::unique_ptr<net::ApiClient> MakeApi(net::HttpTransport& transport, net::EntraTokens& tokens,
                                        const std::string& origin, const ClientGround& ground) {
  net::ApiClient::Options options;
  options.origin = origin;
  return net::MakeApiClient(transport, tokens.For(origin), ground.clock, ground.random, ground.log,
                            options);
}

}  // namespace

net::HttpsOptions TransportOptions(const Config& config) {
  net::HttpsOptions options;
  options.ca_files = config.ca_files;
  options.proxy_url = config.http.proxy_url;
  options.timeout = config.http.timeout;
  options.body_bytes_max = config.http.body_bytes_max;
  return options;
}

Clients::Clients(const ConnectionConfig& config, const ClientGround& ground, CallObserver on_call)
    : partner_center_transport_(MakeTransport(ground.config, Side::partner_center, on_call)),
      crm_transport_(MakeTransport(ground.config, Side::crm, on_call)) {
  const PartnerCenterConfig& partner = config.partner_center;
  partner_center_tokens_ =
      net::MakeEntraTokens(IdentityOf(partner.auth), *partner_center_transport_, ground.secrets,
                           ground.clock, ground.random, ground.log);
  referrals_api_ =
      MakeApi(*partner_center_transport_, *partner_center_tokens_, partner.referrals_url, ground);
  webhooks_api_ =
      MakeApi(*partner_center_transport_, *partner_center_tokens_, partner.webhooks_url, ground);
  partner_center_ = MakePartnerCenterClient(*referrals_api_, partner.referrals_url);
  registrar_ = MakeWebhookRegistrar(*webhooks_api_, partner.webhooks_url);
  config.crm.kind == CrmKind::salesforce ? MakeSalesforce(config.crm, ground)
                                         : MakeDataverse(config.crm, ground);
}

void Clients::MakeDataverse(const CrmConfig& config, const ClientGround& ground) {
  dataverse_tokens_ = net::MakeEntraTokens(IdentityOf(config.auth), *crm_transport_, ground.secrets,
                                           ground.clock, ground.random, ground.log);
  crm_api_ = MakeApi(*crm_transport_, *dataverse_tokens_, config.url, ground);
  DataverseOptions options;
  options.url = config.url;
  options.fields = config.fields;
  options.leads = config.leads();
  crm_ = MakeDataverseClient(*crm_api_, options, ground.clock, ground.random, ground.log);
}

// The sign-in tells where the data is (contract salesforce.md section 1), so the API client is not
// bound to an origin; the Salesforce client sends to that instance alone.
void Clients::MakeSalesforce(const CrmConfig& config, const ClientGround& ground) {
  salesforce_tokens_ = net::MakeSalesforceTokens(SalesforceIdentityOf(config.auth), *crm_transport_,
                                                 ground.secrets, ground.clock, ground.log);
  net::ApiClient::Options options;
  options.session_expired_code = "INVALID_SESSION_ID";
  crm_api_ = net::MakeApiClient(*crm_transport_, *salesforce_tokens_, ground.clock, ground.random,
                                ground.log, options);
  SalesforceOptions salesforce;
  salesforce.fields = config.fields;
  salesforce.leads = config.leads();
  crm_ = MakeSalesforceClient(*crm_api_, *salesforce_tokens_, salesforce, ground.clock,
                              ground.random, ground.log);
}

Clients::~Clients() = default;

}  // namespace cosell::app

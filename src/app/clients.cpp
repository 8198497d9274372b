#include "app/clients.h"

#include <stdexcept>

#include "app/counted_transport.h"
#include "app/rest_description.h"
#include "crm/dataverse/dataverse_client.h"
#include "crm/dataverse/dataverse_setup.h"
#include "crm/rest/rest_client.h"
#include "crm/salesforce/salesforce_client.h"
#include "crm/salesforce/salesforce_setup.h"
#include "net/credentials.h"
#include "net/url.h"
#include "partner_center/partner_center_client.h"

namespace cosell::app {
namespace {

std::unique_ptr<net::HttpTransport> MakeTransport(const Config& config, Side side,
                                                  const Clients::CallObserver& on_call) {
  const auto observe = [on_call, side](const net::HttpRequest&, std::string_view outcome) {
    if (on_call) on_call(side, outcome);
  };
  return std::make_unique<CountedTransport>(net::MakeHttpsTransport(TransportOptions(config)),
                                            observe);
}

std::unique_ptr<net::ApiClient> MakeApi(net::HttpTransport& transport, net::EntraTokens& tokens,
                                        const std::string& origin, const ClientGround& ground) {
  net::ApiClient::Options options;
  options.origin = origin;
  return net::MakeApiClient(transport, tokens.For(origin), ground.clock, ground.random, ground.log,
                            options);
}

std::unique_ptr<net::TokenSource> MakeServiceTokens(const RestDescription& description,
                                                    const CrmConfig& config,
                                                    net::HttpTransport& transport,
                                                    const ClientGround& ground) {
  const AuthConfig& auth = config.auth;
  const RestAuth scheme = description.auth();
  if (scheme.scheme == RestAuth::Scheme::basic) {
    return net::MakeBasicCredentials(auth.username, auth.password, ground.secrets);
  }
  if (scheme.scheme != RestAuth::Scheme::client_credentials) {
    return net::MakeFixedToken(auth.token, ground.secrets);
  }
  net::ClientCredentials credentials;
  credentials.token_url = net::BuildUrl(auth.authority_url, scheme.token_path);
  credentials.client_id = auth.client_id;
  credentials.client_secret = auth.client_secret;
  credentials.scope = scheme.scope;
  credentials.audience = scheme.audience;
  credentials.secret_in_header = scheme.secret_in_header;
  return net::MakeClientCredentialTokens(credentials, transport, ground.secrets, ground.clock);
}

}  // namespace

net::EntraIdentity EntraIdentityOf(const AuthConfig& auth) {
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
      crm_transport_(MakeTransport(ground.config, Side::crm, on_call)),
      referrals_url_(config.partner_center.referrals_url) {
  const PartnerCenterConfig& partner = config.partner_center;
  partner_center_tokens_ =
      net::MakeEntraTokens(EntraIdentityOf(partner.auth), *partner_center_transport_,
                           ground.secrets, ground.clock, ground.random, ground.log);
  referrals_api_ =
      MakeApi(*partner_center_transport_, *partner_center_tokens_, partner.referrals_url, ground);
  webhooks_api_ =
      MakeApi(*partner_center_transport_, *partner_center_tokens_, partner.webhooks_url, ground);
  partner_center_ = MakePartnerCenterClient(*referrals_api_, partner.referrals_url);
  registrar_ = MakeWebhookRegistrar(*webhooks_api_, partner.webhooks_url);
  MakeCrm(config.crm, ground);
}

void Clients::MakeCrm(const CrmConfig& config, const ClientGround& ground) {
  switch (config.kind) {
    case CrmKind::dynamics365:
      return MakeDataverse(config, ground);
    case CrmKind::salesforce:
      return MakeSalesforce(config, ground);
    case CrmKind::rest:
      return MakeRest(config, ground);
  }
}

void Clients::MakeDataverse(const CrmConfig& config, const ClientGround& ground) {
  dataverse_tokens_ = net::MakeEntraTokens(EntraIdentityOf(config.auth), *crm_transport_,
                                           ground.secrets, ground.clock, ground.random, ground.log);
  crm_api_ = MakeApi(*crm_transport_, *dataverse_tokens_, config.url, ground);
  DataverseOptions options;
  options.url = config.url;
  options.fields = config.fields;
  options.leads = config.leads();
  crm_ = MakeDataverseClient(*crm_api_, options, ground.clock, ground.random, ground.log);
  crm_setup_ = MakeDataverseSetup(*crm_api_, options, ground.clock, ground.random);
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
  crm_setup_ =
      MakeSalesforceSetup(*crm_api_, *salesforce_tokens_, salesforce, ground.clock, ground.log);
}

void Clients::MakeRest(const CrmConfig& config, const ClientGround& ground) {
  const auto description = LoadRestDescription(config);
  if (!description) throw std::invalid_argument(description.error().message);
  service_tokens_ = MakeServiceTokens(*description, config, *crm_transport_, ground);
  net::ApiClient::Options options = description->api_options();
  options.origin = config.url;
  crm_api_ = net::MakeApiClient(*crm_transport_, *service_tokens_, ground.clock, ground.random,
                                ground.log, options);
  crm_ = MakeRestClient(*crm_api_, *description, config.url, ground.clock, ground.log);
  crm_setup_ = MakeRestSetup(*crm_api_, *description, config.url);
}

net::TokenSource& Clients::referrals_tokens() {
  return partner_center_tokens_->For(referrals_url_);
}

Clients::~Clients() = default;

}  // namespace cosell::app

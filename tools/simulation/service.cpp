#include "tools/simulation/service.h"

#include "crm/dataverse/dataverse_client.h"
#include "crm/salesforce/salesforce_client.h"
#include "partner_center/partner_center_client.h"
#include "store/store_factory.h"
#include "tools/simulation/fault_vfs.h"
#include "webhook/dataverse_push_receiver.h"
#include "webhook/partner_center_receiver.h"
#include "webhook/salesforce_receiver.h"

namespace cosell::simulation {

const std::vector<std::pair<std::string, sandbox::CrmProduct>>& Products() {
  static const std::vector<std::pair<std::string, sandbox::CrmProduct>> products = {
      {"dynamics365", sandbox::CrmProduct::dynamics365},
      {"salesforce", sandbox::CrmProduct::salesforce}};
  return products;
}

namespace {

// Parsed once: histories are many.
const Mapping& BuiltIn(sandbox::CrmProduct product) {
  static const Mapping dynamics365 = *ParseMapping(*BuiltInMapping("dynamics365"), "built in");
  static const Mapping salesforce = *ParseMapping(*BuiltInMapping("salesforce"), "built in");
  return product == sandbox::CrmProduct::salesforce ? salesforce : dynamics365;
}

}  // namespace

Service::Service(Surroundings surroundings)
    : at_(std::move(surroundings)), refresh_token_(at_.world.NewRefreshToken()) {}

void Service::Start() {
  Kill();
  StoreOptions options;
  options.path = at_.database;
  options.clock = &at_.clock;
  options.random = &at_.random;
  options.vfs = FaultVfs();
  store_ = std::make_unique<HookedStore>(OpenStore(options), at_.saboteur, acknowledged_);
  ConnectPartnerCenter();
  at_.product == sandbox::CrmProduct::salesforce ? ConnectSalesforce() : ConnectDynamics365();
  MakeEngine();
}

void Service::Kill() {
  engine_.reset();
  receiver_.reset();
  crm_receiver_.reset();
  crm_.reset();
  partner_center_.reset();
  crm_api_.reset();
  referrals_api_.reset();
  crm_tokens_.reset();
  salesforce_tokens_.reset();
  partner_tokens_.reset();
  store_.reset();
}

std::unique_ptr<net::ApiClient> Service::Api(net::TokenSource& tokens,
                                             const std::string& session_expired_code) {
  net::ApiClient::Options options;
  options.session_expired_code = session_expired_code;
  options.requests_per_second_max = 10'000;
  return net::MakeApiClient(at_.transport, tokens, at_.clock, at_.random, log_, options);
}

void Service::ConnectPartnerCenter() {
  const auto& who = at_.world.identities();
  const auto& origins = at_.world.origins();
  net::EntraIdentity identity;
  identity.authority_url = origins.login;
  identity.tenant_id = who.tenant_id;
  identity.grant = "refresh_token";
  identity.client_id = who.partner_client_id;
  identity.client_secret.literal = who.partner_client_secret;
  identity.refresh_token.literal = refresh_token_;
  partner_tokens_ =
      net::MakeEntraTokens(identity, at_.transport, secrets_, at_.clock, at_.random, log_);
  referrals_api_ = Api(partner_tokens_->For(origins.referrals));
  partner_center_ = MakePartnerCenterClient(*referrals_api_, origins.referrals);
}

void Service::ConnectDynamics365() {
  const auto& who = at_.world.identities();
  const auto& origins = at_.world.origins();
  net::EntraIdentity identity;
  identity.authority_url = origins.login;
  identity.tenant_id = who.tenant_id;
  identity.grant = "client_credentials";
  identity.client_id = who.crm_client_id;
  identity.client_secret.literal = who.crm_client_secret;
  crm_tokens_ =
      net::MakeEntraTokens(identity, at_.transport, secrets_, at_.clock, at_.random, log_);
  crm_api_ = Api(crm_tokens_->For(origins.dataverse));
  DataverseOptions options;
  options.url = origins.dataverse;
  crm_ = MakeDataverseClient(*crm_api_, options, at_.clock, at_.random, log_);
}

void Service::ConnectSalesforce() {
  const auto& who = at_.world.identities();
  net::SalesforceIdentity identity;
  identity.login_url = at_.world.origins().salesforce;
  identity.grant = "client_credentials";
  identity.client_id = who.salesforce_consumer_key;
  identity.client_secret.literal = who.salesforce_consumer_secret;
  salesforce_tokens_ =
      net::MakeSalesforceTokens(identity, at_.transport, secrets_, at_.clock, log_);
  crm_api_ = Api(*salesforce_tokens_, "INVALID_SESSION_ID");
  crm_ = MakeSalesforceClient(*crm_api_, *salesforce_tokens_, SalesforceOptions{}, at_.clock,
                              at_.random, log_);
}

void Service::MakeEngine() {
  const Mapping& mapping = BuiltIn(at_.product);
  EngineOptions options;
  options.connection = connection();
  auto engine = std::make_unique<Engine>(
      options, mapping, MappingOptions{"https://partner.example/referrals?id={referral_id}", true},
      Engine::World{*partner_center_, *crm_, *store_, at_.clock, at_.random, executor_, log_});
  // Whatever is wrong with the remote sides shows again in the next round.
  [[maybe_unused]] const Status prepared = engine->Prepare();
  engine_ = std::move(engine);
}

RoundResult Service::Round(IntakeDepth depth, const Confirmations& confirmed) {
  const char* const kind = depth == IntakeDepth::sweep  ? "sweep"
                           : depth == IntakeDepth::poll ? "poll"
                                                        : "event";
  return engine_->Round({kind, depth, confirmed});
}

webhook::InboundAnswer Service::Receive(const webhook::InboundRequest& request) {
  if (!receiver_) {
    webhook::PartnerCenterOptions options;
    options.connection = connection();
    options.ca_files = {at_.trust_file};
    receiver_ = std::make_unique<webhook::PartnerCenterReceiver>(
        options, *store_, at_.transport, at_.clock, [] {}, [](const webhook::TestEvent&) {});
  }
  return receiver_->Receive(request);
}

std::unique_ptr<webhook::Receiver> Service::CrmReceiver() {
  if (at_.product == sandbox::CrmProduct::dynamics365)
    return std::make_unique<webhook::DataversePushReceiver>(
        webhook::DataversePushOptions{connection(), kPushKey}, *store_, at_.clock, [] {});
  webhook::SalesforcePushOptions options;
  options.connection = connection();
  options.key = kPushKey;
  options.organization_id = [this]() -> Result<std::string> {
    const auto session = salesforce_tokens_->Session();
    if (!session) return session.error();
    return session->organization_id;
  };
  return std::make_unique<webhook::SalesforceReceiver>(options, *store_, at_.clock, [] {});
}

webhook::InboundAnswer Service::ReceiveFromCrm(const webhook::InboundRequest& request) {
  if (!crm_receiver_) crm_receiver_ = CrmReceiver();
  return crm_receiver_->Receive(request);
}

std::vector<std::string> Service::ForgottenEvents() {
  std::vector<std::string> forgotten;
  const std::vector<Event> known = std::move(acknowledged_);
  acknowledged_.clear();
  for (const Event& event : known) {
    if (store_->AppendEvent(event)) forgotten.push_back(event.dedupe_key);
  }
  return forgotten;
}

}  // namespace cosell::simulation

#include "tools/bench/service.h"

#include <stdexcept>

#include "crm/dataverse/dataverse_client.h"
#include "partner_center/partner_center_client.h"
#include "store/migrator.h"
#include "tools/bench/measure.h"
#include "tools/sandbox/seed.h"
#include "tools/sandbox/seed_referral.h"

namespace cosell::bench {
namespace {

constexpr const char* kReferralLink = "https://partner.example/referrals?id={referral_id}";

template <typename T>
T Must(Result<T> result) {
  if (!result) throw std::runtime_error(Describe(result.error()));
  return std::move(*result);
}

EngineOptions Options() {
  EngineOptions options;
  options.connection = ConnectionName{"contoso"};
  options.first_share_count_max = 1'000'000;
  return options;
}

}  // namespace

MeteredTransport::MeteredTransport(net::HttpTransport& inner, std::string login_origin)
    : inner_(inner), login_origin_(std::move(login_origin)) {}

Result<net::HttpResponse> MeteredTransport::Send(const net::HttpRequest& request) {
  if (!request.url.starts_with(login_origin_)) ++calls_;
  const double wall = WallSeconds();
  const double cpu = CpuSeconds();
  auto answer = inner_.Send(request);
  seconds_ += WallSeconds() - wall;
  cpu_seconds_ += CpuSeconds() - cpu;
  return answer;
}

Service::Service(const std::string& folder, const std::string& name)
    : transport_(world_.Transport(), world_.origins().login), options_(Options()) {
  world_.switches().microsoft_decision = "none";
  world_.switches().throttle_rate_per_s = 0;
  StoreOptions store;
  store.path = folder + "/" + name + ".db";
  store.clock = &clock_;
  store.random = &random_;
  store_ = std::make_unique<store::SqliteStore>(store, store::Migrations());
  MakeClients();
  MakeEngine();
}

Service::~Service() = default;

void Service::MakeClients() {
  const auto& who = world_.identities();
  const auto& origins = world_.origins();
  net::EntraIdentity partner;
  partner.authority_url = origins.login;
  partner.tenant_id = who.tenant_id;
  partner.grant = "refresh_token";
  partner.client_id = who.partner_client_id;
  partner.client_secret.literal = who.partner_client_secret;
  partner.refresh_token.literal = world_.NewRefreshToken();
  net::EntraIdentity crm;
  crm.authority_url = origins.login;
  crm.tenant_id = who.tenant_id;
  crm.grant = "client_credentials";
  crm.client_id = who.crm_client_id;
  crm.client_secret.literal = who.crm_client_secret;
  partner_tokens_ = net::MakeEntraTokens(partner, transport_, secrets_, clock_, random_, log_);
  crm_tokens_ = net::MakeEntraTokens(crm, transport_, secrets_, clock_, random_, log_);
  referrals_api_ = Api(*partner_tokens_, origins.referrals);
  crm_api_ = Api(*crm_tokens_, origins.dataverse);
  partner_center_ = MakePartnerCenterClient(*referrals_api_, origins.referrals);
  DataverseOptions dataverse;
  dataverse.url = origins.dataverse;
  crm_ = MakeDataverseClient(*crm_api_, dataverse, clock_, random_, log_);
}

std::unique_ptr<net::ApiClient> Service::Api(net::EntraTokens& tokens, const std::string& origin) {
  net::ApiClient::Options options;
  options.requests_per_second_max = 10'000;
  return net::MakeApiClient(transport_, tokens.For(origin), clock_, random_, log_, options);
}

void Service::MakeEngine() {
  Mapping mapping = Must(ParseMapping(Must(BuiltInMapping("dynamics365")), "built in"));
  engine_ = std::make_unique<Engine>(
      options_, std::move(mapping), MappingOptions{kReferralLink, true},
      Engine::World{*partner_center_, *crm_, *store_, clock_, random_, executor_, log_});
  Must(engine_->Prepare());
}

void Service::SeedPairs(int pairs) {
  sandbox::SeedOptions options;
  options.pairs = pairs;
  options.referrals_only = 0;
  options.opportunities_only = 0;
  options.referral_link_template = kReferralLink;
  sandbox::SeedWorld(world_, options);
}

void Service::SeedReferrals(int referrals) {
  sandbox::SeedOptions options;
  options.pairs = referrals;
  options.referrals_only = 0;
  options.opportunities_only = 0;
  for (sandbox::SeedDeal deal : sandbox::PlanSeed(options, clock_.Now())) {
    deal.opportunity_id.clear();
    deal.paired = false;
    deal.origin = sandbox::SeedOrigin::microsoft;
    deal.status = "Active";
    deal.substatus = "Accepted";
    for (const std::string& referral : sandbox::SeedReferrals(deal, world_.identities())) {
      world_.PutReferral(referral);
    }
  }
}

std::int64_t Service::referrals() const {
  return static_cast<std::int64_t>(world_.ReferralIds().size());
}

void Service::Pass(std::chrono::seconds time) {
  clock_.Advance(time);
  world_.Advance();
}

RoundCost Service::Round(IntakeDepth depth) {
  Pass(std::chrono::seconds(2));
  RoundCost cost;
  const std::int64_t calls = transport_.calls();
  const std::int64_t commits = store_->commits();
  const double remote = transport_.seconds();
  const double remote_cpu = transport_.cpu_seconds();
  const double wall = WallSeconds();
  const double cpu = CpuSeconds();
  cost.result = engine_->Round({depth == IntakeDepth::sweep ? "sweep" : "poll", depth, {}});
  cost.seconds = WallSeconds() - wall;
  cost.remote_seconds = transport_.seconds() - remote;
  cost.cpu_seconds = CpuSeconds() - cpu - (transport_.cpu_seconds() - remote_cpu);
  cost.calls = transport_.calls() - calls;
  cost.commits = store_->commits() - commits;
  if (cost.result.broken || !cost.result.stopped.empty()) {
    throw std::runtime_error("a round ended early: " + cost.result.reason);
  }
  return cost;
}

EngineContext Service::Context() {
  return EngineContext{
      options_, engine_->mapping(), *partner_center_, *crm_, *store_, clock_, random_, executor_,
      log_};
}

std::vector<LinkWork> Service::Links() {
  std::vector<LinkWork> all;
  while (true) {
    const std::int64_t after = all.empty() ? 0 : all.back().link.id;
    const auto page = store_->LinksAfter(options_.connection, after, 500);
    if (page.empty()) return all;
    all.insert(all.end(), page.begin(), page.end());
  }
}

std::unique_ptr<Service> SyncedService(const std::string& folder, const std::string& name,
                                       int pairs) {
  auto service = std::make_unique<Service>(folder, name);
  service->SeedPairs(pairs);
  service->Round(IntakeDepth::sweep);
  return service;
}

}  // namespace cosell::bench

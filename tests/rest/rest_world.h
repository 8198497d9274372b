#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "crm/rest/rest_client.h"
#include "engine/engine.h"
#include "mapping/mapping.h"
#include "net/api_client.h"
#include "net/credentials.h"
#include "net/oauth.h"
#include "partner_center/partner_center_client.h"
#include "store/store_factory.h"
#include "support/fake_clock.h"
#include "support/fake_secrets.h"
#include "support/recording_log.h"
#include "support/rest_description.h"
#include "support/rest_service.h"
#include "support/temp_folder.h"
#include "tools/sandbox/world/world.h"

namespace cosell::test {

using Json = nlohmann::json;

// The whole service without sockets and threads between the emulated Partner Center and a described
// CRM: the real engine, store and clients, on a clock that moves when told. Its verbs are what
// people and Microsoft do; Sync() is what the service does.
class RestWorld {
 public:
  explicit RestWorld(Json description = ExampleDescription())
      : description_(std::move(description)),
        random_(7),
        service_(clock_),
        world_(clock_, random_) {
    options_.connection = ConnectionName{"contoso"};
    options_.first_share_count_max = 1000;
    world_.switches().microsoft_decision = "none";
    Start();
  }

  // --- the service
  void Start() {
    StoreOptions store;
    store.path = folder_.File("cosell-sync.db");
    store.clock = &clock_;
    store.random = &random_;
    store_ = OpenStore(store);
    MakePartnerCenter();
    MakeCrm();
    const auto mapping = ParseMapping(*BuiltInMapping("rest"), "the built-in mapping");
    engine_ = std::make_unique<Engine>(
        options_, *mapping,
        MappingOptions{"https://partner.example/referrals?id={referral_id}", true},
        Engine::World{*partner_center_, *crm_, *store_, clock_, random_, executor_, log_});
    if (const auto prepared = engine_->Prepare(); !prepared)
      ADD_FAILURE() << Describe(prepared.error());
  }
  // As a kill would: nothing is finished, the file stays.
  void Restart() {
    engine_.reset();
    store_.reset();
    Start();
  }
  void LoseDatabase() {
    engine_.reset();
    store_.reset();
    for (const char* name : {"cosell-sync.db", "cosell-sync.db-wal", "cosell-sync.db-shm"}) {
      std::filesystem::remove(folder_.File(name));
    }
    Start();
  }
  RoundResult Sync(IntakeDepth depth = IntakeDepth::sweep) {
    clock_.Advance(std::chrono::seconds(2));
    world_.Advance();
    return engine_->Round({depth == IntakeDepth::sweep ? "sweep" : "poll", depth, {}});
  }
  RoundResult Poll() { return Sync(IntakeDepth::poll); }
  // Rounds until one writes nothing; fails the test after three (I3).
  void Settle(IntakeDepth depth = IntakeDepth::sweep) {
    for (int round = 0; round < 4; ++round) {
      const RoundResult result = Sync(depth);
      EXPECT_FALSE(result.broken) << result.reason;
      if (result.run.written == 0) return;
      clock_.Advance(std::chrono::seconds(10));
    }
    ADD_FAILURE() << "three rounds did not bring the sides to rest";
  }
  void Pass(std::chrono::seconds time) {
    clock_.Advance(time);
    world_.Advance();
  }

  // --- Partner Center
  std::string MicrosoftSends(const std::string& name) {
    Json referral = Json::parse(R"({"type": "Shared", "qualification": "SalesQualified",
      "target": [{"type": "SolutionProfile", "id": "SOL-90210-QWK"}],
      "customerProfile": {"name": "Tannhof Brauereitechnik GmbH",
        "address": {"addressLine1": "Maelzerweg 7", "city": "Bamberg", "postalCode": "96047", "country": "DE"},
        "team": [{"firstName": "Jette", "lastName": "Korn", "email": "jette.korn@tannhof.example", "phoneNumber": "+49 951 000001"}]},
      "consent": {"consentToToShareInfoWithOthers": true, "consentToContact": true, "consentToShareReferralWithMicrosoftSellers": true},
      "details": {"notes": "Edge gateways in three plants.", "dealValue": 84500, "currency": "EUR", "closingDateTime": "2026-09-30T00:00:00Z",
        "requirements": {"solutions": [{"id": "SOL-90210-QWK", "name": "Quillwerk Sensor Hub", "type": "Name"}]}},
      "inviteContext": {"notes": "Please support.", "assistanceRequestCode": "ProofOfConceptOrDemo",
        "invitedBy": {"organizationId": "msft", "organizationName": "Microsoft"}}})");
    referral["name"] = name;
    const auto id = world_.MicrosoftSends(referral.dump());
    if (!id) ADD_FAILURE() << Describe(id.error());
    return id ? *id : "";
  }
  void PartnerSets(const std::string& id, const std::string& pointer, const Json& value) {
    const Json patch = Json::array({{{"op", "replace"}, {"path", pointer}, {"value", value}}});
    const auto edited = world_.PersonEdits(id, patch.dump());
    if (!edited) ADD_FAILURE() << Describe(edited.error());
  }
  void PartnerMoves(const std::string& id, const std::string& status,
                    const std::string& substatus) {
    const auto moved = world_.PersonMoves(id, status, substatus, "Customer chose another vendor");
    if (!moved) ADD_FAILURE() << Describe(moved.error());
  }
  Json Referral(const std::string& id) const {
    return Json::parse(world_.Referral(id), nullptr, false);
  }
  // Our own referral for this deal, or empty; more than one fails the test (I2).
  std::string ReferralOf(const std::string& deal) {
    const auto ids = world_.OwnReferralsOf(deal);
    EXPECT_LE(ids.size(), 1u) << "two referrals carry the CRM id " << deal;
    return ids.empty() ? "" : ids.front();
  }

  // --- CRM
  // A complete deal with its customer, not flagged yet.
  std::string SellerOpens(const std::string& title) {
    return service_.Opens({{"title", title},
                           {"notes", "Pilot for two yards."},
                           {"amount", {{"value", "12000.00"}}},
                           {"close_on", "2026-12-15"},
                           {"cosell", {{"products", "SOL-90210-QWK"}}}},
                          {{"name", "Pelikan Freight AB"},
                           {"address",
                            {{"street", "Hamngatan 4"},
                             {"city", "Gothenburg"},
                             {"postal_code", "41104"},
                             {"country", "SE"}}}},
                          {{"first_name", "Inga"},
                           {"last_name", "Sundqvist"},
                           {"email", "inga.sundqvist@pelikan-freight.example"},
                           {"phone", "+46 31 0000001"}});
  }
  void SellerSets(const std::string& id, const std::string& pointer, const Json& value) {
    service_.Sets(id, pointer, value);
  }
  void SellerFlags(const std::string& id) { SellerSets(id, "/cosell/sync", true); }
  Json Crm(const std::string& id, const std::string& pointer) const {
    return service_.Deal(id).value(Json::json_pointer(pointer), Json());
  }
  // The deal that carries this referral, or empty; two fail the test (I2).
  std::string DealOf(const std::string& referral_id) {
    std::string found;
    for (const std::string& id : service_.Deals()) {
      if (Crm(id, "/cosell/referral_id") != referral_id) continue;
      EXPECT_TRUE(found.empty()) << "two deals carry referral " << referral_id;
      found = id;
    }
    return found;
  }

  // --- what the remote sides saw
  std::size_t Writes() {
    sandbox::RequestLog::Filter filter;
    filter.service = "referrals";
    filter.writes_only = true;
    return world_.log().Find(filter).size() + service_.Writes().size();
  }
  Link LinkOf(const std::string& deal) {
    const auto link = store_->FindLinkByCrm(ConnectionName{"contoso"}, CrmId{deal});
    if (!link) ADD_FAILURE() << "no link for " << deal;
    return link.value_or(Link{});
  }

  Store& store() { return *store_; }
  sandbox::World& world() { return world_; }
  RestService& service() { return service_; }
  RecordingLog& log() { return log_; }

 private:
  void MakePartnerCenter() {
    const auto& who = world_.identities();
    const auto& origins = world_.origins();
    net::EntraIdentity partner;
    partner.authority_url = origins.login;
    partner.tenant_id = who.tenant_id;
    partner.grant = "refresh_token";
    partner.client_id = who.partner_client_id;
    partner.client_secret.literal = who.partner_client_secret;
    partner.refresh_token.literal = world_.NewRefreshToken();
    partner_tokens_ =
        net::MakeEntraTokens(partner, world_.Transport(), secrets_, clock_, random_, log_);
    net::ApiClient::Options options;
    options.requests_per_second_max = 10'000;
    referrals_api_ = net::MakeApiClient(world_.Transport(), partner_tokens_->For(origins.referrals),
                                        clock_, random_, log_, options);
    partner_center_ = MakePartnerCenterClient(*referrals_api_, origins.referrals);
  }
  void MakeCrm() {
    SecretSource token;
    token.literal = RestService::kToken;
    crm_tokens_ = net::MakeFixedToken(token, secrets_);
    const RestDescription described = Described(description_);
    net::ApiClient::Options options = described.api_options();
    options.requests_per_second_max = 10'000;
    options.origin = RestService::kOrigin;
    crm_api_ = net::MakeApiClient(service_, *crm_tokens_, clock_, random_, log_, options);
    crm_ = MakeRestClient(*crm_api_, described, RestService::kOrigin, clock_, log_);
  }

  const Json description_;
  TempFolder folder_;
  FakeClock clock_;
  SeededRandom random_;
  RecordingLog log_;
  FakeSecrets secrets_;
  SequentialExecutor executor_;
  RestService service_;
  sandbox::World world_;
  EngineOptions options_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<net::EntraTokens> partner_tokens_;
  std::unique_ptr<net::TokenSource> crm_tokens_;
  std::unique_ptr<net::ApiClient> referrals_api_;
  std::unique_ptr<net::ApiClient> crm_api_;
  std::unique_ptr<PartnerCenter> partner_center_;
  std::unique_ptr<cosell::Crm> crm_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace cosell::test

#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/guid.h"
#include "crm/dataverse/dataverse_client.h"
#include "engine/engine.h"
#include "net/api_client.h"
#include "net/oauth.h"
#include "partner_center/partner_center_client.h"
#include "store/store_factory.h"
#include "support/fake_clock.h"
#include "support/fake_secrets.h"
#include "support/recording_log.h"
#include "support/temp_folder.h"
#include "tools/sandbox/dataverse/dataverse_world.h"
#include "tools/sandbox/world/world.h"

namespace cosell::test {

using Json = nlohmann::json;

// The whole service without sockets and threads: the real engine, store and clients against the
// emulated remote sides, on a clock that moves when told. Its verbs are what people and Microsoft
// do; Sync() is what the service does.
class SyncWorld {
 public:
  explicit SyncWorld(EngineOptions options = {})
      : random_(7), world_(clock_, random_), options_(std::move(options)) {
    options_.connection = ConnectionName{"contoso"};
    options_.first_share_count_max = 1000;
    world_.switches().microsoft_decision = "none";
    Start();
  }

  // --- the service
  // -----------------------------------------------------------------------------------------------
  void Start() {
    StoreOptions store;
    store.path = folder_.File("cosell-sync.db");
    store.clock = &clock_;
    store.random = &random_;
    store_ = OpenStore(store);
    const auto& who = world_.identities();
    const auto& origins = world_.origins();
    net::EntraIdentity partner{origins.login,
                               who.tenant_id,
                               "refresh_token",
                               who.partner_client_id,
                               {},
                               {},
                               "",
                               {},
                               "",
                               ""};
    partner.client_secret.literal = who.partner_client_secret;
    partner.refresh_token.literal = world_.NewRefreshToken();
    net::EntraIdentity crm{origins.login,
                           who.tenant_id,
                           "client_credentials",
                           who.crm_client_id,
                           {},
                           {},
                           "",
                           {},
                           "",
                           ""};
    crm.client_secret.literal = who.crm_client_secret;
    partner_tokens_ =
        net::MakeEntraTokens(partner, world_.Transport(), secrets_, clock_, random_, log_);
    crm_tokens_ = net::MakeEntraTokens(crm, world_.Transport(), secrets_, clock_, random_, log_);
    referrals_api_ = Api(*partner_tokens_, origins.referrals);
    crm_api_ = Api(*crm_tokens_, origins.dataverse);
    partner_center_ = MakePartnerCenterClient(*referrals_api_, origins.referrals);
    DataverseOptions dataverse;
    dataverse.url = origins.dataverse;
    crm_ = MakeDataverseClient(*crm_api_, dataverse, clock_, random_, log_);
    auto mapping = ParseMapping(*BuiltInMapping("dynamics365"), "built in");
    engine_ = std::make_unique<Engine>(
        options_, *mapping,
        MappingOptions{"https://partner.example/referrals?id={referral_id}", true},
        Engine::World{*partner_center_, *crm_, *store_, clock_, random_, executor_, log_});
    if (const auto prepared = engine_->Prepare(); !prepared)
      ADD_FAILURE() << Describe(prepared.error());
  }
  // Restarts with another safety.first_share_count_max.
  void Limit(std::size_t first_share_count_max) {
    options_.first_share_count_max = first_share_count_max;
    Restart();
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
  RoundResult Sync(IntakeDepth depth = IntakeDepth::sweep, Confirmations confirmed = {}) {
    clock_.Advance(std::chrono::seconds(2));
    world_.Advance();
    return engine_->Round({depth == IntakeDepth::sweep ? "sweep" : "poll", depth, confirmed});
  }
  RoundResult Poll() { return Sync(IntakeDepth::poll); }
  // Rounds until one writes nothing; fails the test after three (I3).
  void Settle() {
    for (int round = 0; round < 4; ++round) {
      const RoundResult result = Sync();
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
  // --------------------------------------------------------------------------------------------
  static Json NewReferral(const std::string& name) {
    return Json::parse(R"({"type": "Shared", "qualification": "SalesQualified",
      "target": [{"type": "SolutionProfile", "id": "SOL-90210-QWK"}],
      "customerProfile": {"name": "Tannhof Brauereitechnik GmbH",
        "address": {"addressLine1": "Mälzerweg 7", "city": "Bamberg", "postalCode": "96047", "country": "DE"},
        "team": [{"firstName": "Jette", "lastName": "Korn", "email": "jette.korn@tannhof.example", "phoneNumber": "+49 951 000001"}]},
      "consent": {"consentToToShareInfoWithOthers": true, "consentToContact": true, "consentToShareReferralWithMicrosoftSellers": true},
      "details": {"notes": "Edge gateways in three plants.", "dealValue": 84500, "currency": "EUR", "closingDateTime": "2026-09-30T00:00:00Z",
        "requirements": {"solutions": [{"id": "SOL-90210-QWK", "name": "Quillwerk Sensor Hub", "type": "Name"}]}},
      "inviteContext": {"notes": "Please support.", "assistanceRequestCode": "ProofOfConceptOrDemo",
        "invitedBy": {"organizationId": "msft", "organizationName": "Microsoft"}}})")
        .patch(Json::array({{{"op", "add"}, {"path", "/name"}, {"value", name}}}));
  }
  std::string MicrosoftSends(const std::string& name) {
    const auto id = world_.MicrosoftSends(NewReferral(name).dump());
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

  // --- CRM
  // -------------------------------------------------------------------------------------------------------
  // A complete deal, not flagged yet.
  sandbox::SeedOpportunity NewDeal(const std::string& name) {
    sandbox::SeedOpportunity deal;
    deal.id = NewGuid(random_);
    deal.name = name;
    deal.account = "Pelikan Freight AB";
    deal.account_line1 = "Hamngatan 4";
    deal.account_city = "Göteborg";
    deal.account_postal_code = "41104";
    deal.account_country = "SE";
    deal.contact = sandbox::SeedContact{
        "Inga", "Sundqvist", "inga.sundqvist@pelikan-freight.example", "+46 31 0000001", ""};
    deal.owner =
        sandbox::SeedUser{"", "Oda", "Brandt", "oda.brandt@contoso.example", "+49 30 000002"};
    deal.estimated_value = "12000";
    deal.currency = "EUR";
    deal.estimated_close_date = "2026-12-15";
    deal.description = "Pilot for two yards.";
    deal.products = "SOL-90210-QWK";
    return deal;
  }
  // Opens the deal in the CRM; returns its id.
  std::string SellerOpens(const sandbox::SeedOpportunity& deal) {
    return world_.dataverse().Seed({deal}).front();
  }
  void SellerSets(const std::string& id, const Json& columns) {
    const auto edited = world_.dataverse().Edit(world_.dataverse().people().front(),
                                                "opportunities", id, columns.dump());
    if (!edited) ADD_FAILURE() << Describe(edited.error());
  }
  void SellerFlags(const std::string& id) {
    SellerSets(id, {{"msft_syncwithpartnercenter", true}});
  }
  void SellerWins(const std::string& id) {
    (void)world_.dataverse().Win(world_.dataverse().people().front(), id, {});
  }
  void SellerLoses(const std::string& id) {
    (void)world_.dataverse().Lose(world_.dataverse().people().front(), id, {});
  }
  std::string Crm(const std::string& id, const std::string& column) const {
    const auto row = const_cast<sandbox::World&>(world_).dataverse().Row("opportunities", id);
    return row ? row->Cell(column).value_or("") : "(no row)";
  }
  std::vector<sandbox::RowView> Opportunities() { return world_.dataverse().Rows("opportunities"); }
  // The opportunity that carries this referral identifier, or empty.
  std::string OpportunityOf(const std::string& referral_id) {
    std::string found;
    for (const auto& row : Opportunities()) {
      if (row.Cell("msft_referralidentifier") != referral_id) continue;
      EXPECT_TRUE(found.empty()) << "two opportunities carry referral " << referral_id;
      found = row.id;
    }
    return found;
  }
  // Our own referral for this opportunity, or empty; more than one fails the test (I2).
  std::string ReferralOf(const std::string& crm_id) {
    const auto ids = world_.OwnReferralsOf(crm_id);
    EXPECT_LE(ids.size(), 1u) << "two referrals carry the CRM id " << crm_id;
    return ids.empty() ? "" : ids.front();
  }

  // --- what the remote sides saw
  // -----------------------------------------------------------------------------------
  std::size_t Writes(const std::string& service = "") {
    sandbox::RequestLog::Filter filter;
    filter.service = service;
    filter.writes_only = true;
    std::size_t count = 0;
    for (const auto& entry : world_.log().Find(filter)) count += entry.service != "entra" ? 1 : 0;
    return count;
  }
  Link LinkOf(const std::string& crm_id) {
    const auto link = store_->FindLinkByCrm(ConnectionName{"contoso"}, CrmId{crm_id});
    if (!link) ADD_FAILURE() << "no link for " << crm_id;
    return link.value_or(Link{});
  }

  Store& store() { return *store_; }
  Engine& engine() { return *engine_; }
  sandbox::World& world() { return world_; }
  FakeClock& clock() { return clock_; }
  RecordingLog& log() { return log_; }
  std::string database() const { return folder_.File("cosell-sync.db"); }

 private:
  std::unique_ptr<net::ApiClient> Api(net::EntraTokens& tokens, const std::string& origin) {
    net::ApiClient::Options options;
    options.requests_per_second_max = 10'000;
    return net::MakeApiClient(world_.Transport(), tokens.For(origin), clock_, random_, log_,
                              options);
  }

  TempFolder folder_;
  FakeClock clock_;
  SeededRandom random_;
  RecordingLog log_;
  FakeSecrets secrets_;
  SequentialExecutor executor_;
  sandbox::World world_;
  EngineOptions options_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<net::EntraTokens> partner_tokens_;
  std::unique_ptr<net::EntraTokens> crm_tokens_;
  std::unique_ptr<net::ApiClient> referrals_api_;
  std::unique_ptr<net::ApiClient> crm_api_;
  std::unique_ptr<PartnerCenter> partner_center_;
  std::unique_ptr<cosell::Crm> crm_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace cosell::test

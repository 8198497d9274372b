#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/guid.h"
#include "crm/dataverse/dataverse_client.h"
#include "crm/salesforce/salesforce_client.h"
#include "engine/engine.h"
#include "net/api_client.h"
#include "net/oauth.h"
#include "partner_center/partner_center_client.h"
#include "store/store_factory.h"
#include "store/store_tools.h"
#include "support/fake_clock.h"
#include "support/fake_secrets.h"
#include "support/recording_log.h"
#include "support/temp_folder.h"
#include "tools/sandbox/desk/crm_desk.h"
#include "tools/sandbox/world/salesforce_side.h"
#include "tools/sandbox/world/world.h"

namespace cosell::test {

using Json = nlohmann::json;
using sandbox::CrmProduct;
using sandbox::SeedCrmState;

// The whole service without sockets and threads: the real engine, store and clients against the
// emulated remote sides, on a clock that moves when told. Its verbs are what people and Microsoft
// do; Sync() is what the service does.
class SyncWorld {
 public:
  explicit SyncWorld(CrmProduct product = CrmProduct::dynamics365, EngineOptions options = {},
                     const sandbox::SalesforceWorldOptions& salesforce = {})
      : product_(product),
        random_(7),
        world_(clock_, random_, {sandbox::Origins{}, sandbox::Identities{}, salesforce}),
        options_(std::move(options)),
        mapping_text_(
            *BuiltInMapping(product == CrmProduct::salesforce ? "salesforce" : "dynamics365")) {
    options_.connection = ConnectionName{"contoso"};
    options_.first_share_count_max = 1000;
    world_.switches().microsoft_decision = "none";
    Start();
  }

  // --- the service
  // -----------------------------------------------------------------------------------------------
  void Start() {
    StoreOptions store;
    store.path = folder_.File(database_);
    store.clock = &clock_;
    store.random = &random_;
    store_ = OpenStore(store);
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
    referrals_api_ = Api(partner_tokens_->For(origins.referrals));
    partner_center_ = MakePartnerCenterClient(*referrals_api_, origins.referrals);
    const bool salesforce = product_ == CrmProduct::salesforce;
    salesforce ? MakeSalesforce() : MakeDataverse();
    auto mapping = ParseMapping(mapping_text_, "the test's mapping");
    if (!mapping) {
      ADD_FAILURE() << Describe(mapping.error());
      mapping = ParseMapping(*BuiltInMapping(salesforce ? "salesforce" : "dynamics365"),
                             "the built-in mapping");
    }
    options_.policy.TakeFrom(*mapping);
    engine_ = std::make_unique<Engine>(
        options_, *mapping,
        MappingOptions{"https://partner.example/referrals?id={referral_id}", mark_},
        Engine::World{*partner_center_, *crm_, *store_, clock_, random_, executor_, log_});
    if (const auto prepared = engine_->Prepare(); !prepared)
      ADD_FAILURE() << Describe(prepared.error());
  }
  // Restarts with another mapping file.
  void MapWith(const std::string& mapping) {
    mapping_text_ = mapping;
    Restart();
  }
  // Restarts with another mapping on a copy of the database, and goes back to how it was.
  void MapCopyWith(const std::string& mapping) {
    engine_.reset();
    store_.reset();
    BackupStore(folder_.File(kDatabase), folder_.File(kCopy));
    database_ = kCopy;
    own_mapping_ = std::exchange(mapping_text_, mapping);
    Start();
  }
  void BackToOwnDatabase() {
    engine_.reset();
    store_.reset();
    for (const char* suffix : {"", "-wal", "-shm"})
      std::filesystem::remove(folder_.File(std::string(kCopy) + suffix));
    database_ = kDatabase;
    mapping_text_ = own_mapping_;
    Start();
  }
  // Restarts with "lead" in crm.records.
  void SyncLeads() {
    options_.leads = true;
    Restart();
  }
  // Restarts with another safety.first_share_count_max.
  void Limit(std::size_t first_share_count_max) {
    options_.first_share_count_max = first_share_count_max;
    Restart();
  }
  // Restarts with another `mode`.
  void Shadow(bool shadow) {
    options_.shadow = shadow;
    Restart();
  }
  // Restarts with another crm.mark.
  void Mark(bool mark) {
    mark_ = mark;
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
  // Another file in the place of the database.
  void PutDatabase(const std::string& file) {
    engine_.reset();
    store_.reset();
    for (const char* name : {"cosell-sync.db-wal", "cosell-sync.db-shm"})
      std::filesystem::remove(folder_.File(name));
    std::filesystem::copy_file(file, database(), std::filesystem::copy_options::overwrite_existing);
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
    return MicrosoftSendsAs(NewReferral(name));
  }
  // A qualified lead (contract partner-center.md section 3.8).
  std::string MicrosoftSendsLead(const std::string& name) {
    Json lead = NewReferral(name);
    lead["type"] = "Independent";
    lead["qualification"] = "MarketingQualified";
    lead["inviteContext"].erase("assistanceRequestCode");
    return MicrosoftSendsAs(lead);
  }
  // As it is given.
  std::string MicrosoftSendsAs(const Json& referral) {
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

  // --- CRM
  // -------------------------------------------------------------------------------------------------------
  // A complete deal, not flagged yet.
  sandbox::SeedDeal NewDeal(const std::string& name) {
    sandbox::SeedDeal deal;
    deal.name = name;
    deal.account_name = "Pelikan Freight AB";
    deal.address = {"Hamngatan 4", "", "Göteborg", "", "41104", "SE"};
    deal.contact = sandbox::SeedPerson{
        "Inga", "Sundqvist", "inga.sundqvist@pelikan-freight.example", "+46 31 0000001", ""};
    deal.owner = {"Oda", "Brandt", "oda.brandt@contoso.example", "+49 30 000002", ""};
    deal.value = "12000";
    deal.currency = "EUR";
    deal.closing_date = "2026-12-15";
    deal.notes = "Pilot for two yards.";
    deal.products = "SOL-90210-QWK";
    deal.visible = false;
    deal.sync = false;
    deal.created_at = deal.updated_at = clock_.Now();
    return deal;
  }
  // Opens the deal in the CRM; returns its id.
  std::string SellerOpens(const sandbox::SeedDeal& deal) { return desk().Open({deal}, "").front(); }
  // Words of the CRM desk -> plain values.
  void SellerSets(const std::string& id, const Json& fields) {
    Expect(desk().Set(id, fields.dump()));
  }
  void SellerSetsAccount(const std::string& id, const Json& fields) {
    Expect(desk().SetAccount(id, fields.dump()));
  }
  void SellerFlags(const std::string& id) { SellerSets(id, {{"sync", true}}); }
  void SellerMoves(const std::string& id, SeedCrmState state) { Expect(desk().Move(id, state)); }
  void SellerWins(const std::string& id) { SellerMoves(id, SeedCrmState::won); }
  void SellerLoses(const std::string& id) { SellerMoves(id, SeedCrmState::lost); }
  void SellerDeletes(const std::string& id) { Expect(desk().Delete(id)); }
  std::string Crm(const std::string& id, const std::string& word) {
    return desk().Value(id, word).value_or("");
  }
  std::vector<std::string> Opportunities() { return desk().Opportunities(); }
  // The opportunity that carries this referral identifier, or empty.
  std::string OpportunityOf(const std::string& referral_id) {
    std::string found;
    for (const std::string& id : Opportunities()) {
      if (Crm(id, "referral_id") != referral_id) continue;
      EXPECT_TRUE(found.empty()) << "two opportunities carry referral " << referral_id;
      found = id;
    }
    return found;
  }
  std::string Lead(const std::string& id, const std::string& word) {
    return desk().LeadValue(id, word).value_or("");
  }
  // The lead that carries this referral identifier, or empty.
  std::string LeadOf(const std::string& referral_id) {
    std::string found;
    for (const std::string& id : desk().Leads()) {
      if (Lead(id, "referral_id") != referral_id) continue;
      EXPECT_TRUE(found.empty()) << "two leads carry referral " << referral_id;
      found = id;
    }
    return found;
  }
  // Our own referral for this opportunity, or empty; more than one fails the test (I2).
  std::string ReferralOf(const std::string& crm_id) {
    const auto ids = world_.OwnReferralsOf(crm_id);
    EXPECT_LE(ids.size(), 1u) << "two referrals carry the CRM id " << crm_id;
    return ids.empty() ? "" : ids.front();
  }
  // In the world's request log and fault rules.
  std::string crm_service() { return std::string(desk().service()); }

  // --- what the remote sides saw
  // -----------------------------------------------------------------------------------
  // Writes sent to Partner Center, and records written in the CRM.
  std::size_t Writes() {
    sandbox::RequestLog::Filter filter;
    filter.service = "referrals";
    filter.writes_only = true;
    return world_.log().Find(filter).size() + desk().ServiceWrites();
  }
  Link LinkOf(const std::string& crm_id) {
    const auto link = store_->FindLinkByCrm(ConnectionName{"contoso"}, CrmId{crm_id});
    if (!link) ADD_FAILURE() << "no link for " << crm_id;
    return link.value_or(Link{});
  }

  Store& store() { return *store_; }
  Engine& engine() { return *engine_; }
  sandbox::World& world() { return world_; }
  sandbox::CrmDesk& desk() { return world_.desk(product_); }
  FakeClock& clock() { return clock_; }
  RecordingLog& log() { return log_; }
  std::string database() const { return folder_.File("cosell-sync.db"); }

 private:
  static void Expect(const Status& status) {
    if (!status) ADD_FAILURE() << Describe(status.error());
  }

  std::unique_ptr<net::ApiClient> Api(net::TokenSource& tokens,
                                      const std::string& session_expired_code = "") {
    net::ApiClient::Options options;
    options.session_expired_code = session_expired_code;
    options.requests_per_second_max = 10'000;
    return net::MakeApiClient(world_.Transport(), tokens, clock_, random_, log_, options);
  }

  void MakeDataverse() {
    const auto& who = world_.identities();
    const auto& origins = world_.origins();
    net::EntraIdentity identity;
    identity.authority_url = origins.login;
    identity.tenant_id = who.tenant_id;
    identity.grant = "client_credentials";
    identity.client_id = who.crm_client_id;
    identity.client_secret.literal = who.crm_client_secret;
    crm_tokens_ =
        net::MakeEntraTokens(identity, world_.Transport(), secrets_, clock_, random_, log_);
    crm_api_ = Api(crm_tokens_->For(origins.dataverse));
    DataverseOptions options;
    options.url = origins.dataverse;
    options.leads = options_.leads;
    crm_ = MakeDataverseClient(*crm_api_, options, clock_, random_, log_);
  }

  void MakeSalesforce() {
    const auto& who = world_.identities();
    net::SalesforceIdentity identity;
    identity.login_url = world_.origins().salesforce;
    identity.grant = "client_credentials";
    identity.client_id = who.salesforce_consumer_key;
    identity.client_secret.literal = who.salesforce_consumer_secret;
    salesforce_tokens_ =
        net::MakeSalesforceTokens(identity, world_.Transport(), secrets_, clock_, log_);
    crm_api_ = Api(*salesforce_tokens_, "INVALID_SESSION_ID");
    SalesforceOptions options;
    options.leads = options_.leads;
    crm_ = MakeSalesforceClient(*crm_api_, *salesforce_tokens_, options, clock_, random_, log_);
  }

  static constexpr const char* kDatabase = "cosell-sync.db";
  static constexpr const char* kCopy = "copy.db";

  const CrmProduct product_;
  TempFolder folder_;
  FakeClock clock_;
  SeededRandom random_;
  RecordingLog log_;
  FakeSecrets secrets_;
  SequentialExecutor executor_;
  sandbox::World world_;
  EngineOptions options_;
  std::string mapping_text_;
  bool mark_ = true;
  std::string own_mapping_;
  std::string database_ = kDatabase;
  std::unique_ptr<Store> store_;
  std::unique_ptr<net::EntraTokens> partner_tokens_;
  std::unique_ptr<net::EntraTokens> crm_tokens_;
  std::unique_ptr<net::SalesforceTokens> salesforce_tokens_;
  std::unique_ptr<net::ApiClient> referrals_api_;
  std::unique_ptr<net::ApiClient> crm_api_;
  std::unique_ptr<PartnerCenter> partner_center_;
  std::unique_ptr<cosell::Crm> crm_;
  std::unique_ptr<Engine> engine_;
};

inline std::string NameOfCrm(const testing::TestParamInfo<CrmProduct>& info) {
  return info.param == CrmProduct::salesforce ? "Salesforce" : "Dynamics365";
}

}  // namespace cosell::test

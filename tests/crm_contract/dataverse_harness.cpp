#include <map>

#include "base/guid.h"
#include "crm/dataverse/dataverse_client.h"
#include "crm_harness.h"
#include "dynamics_lead.h"
#include "lead_contract.h"
#include "net/api_client.h"
#include "net/oauth.h"
#include "shared_random.h"
#include "support/fake_clock.h"
#include "support/fake_secrets.h"
#include "support/recording_log.h"
#include "tools/sandbox/dataverse/dataverse_world.h"
#include "tools/sandbox/world/world.h"

namespace cosell::test {
namespace {

using sandbox::FaultKind;
using sandbox::FaultRule;

constexpr std::chrono::seconds kQuotaWindow{300};

sandbox::SeedOpportunity ToSeed(const Deal& deal, const std::string& id) {
  sandbox::SeedOpportunity seed;
  seed.id = id;
  seed.name = deal.name;
  seed.account = deal.account;
  seed.account_postal_code = deal.postal_code;
  seed.account_country = deal.country;
  seed.contact = sandbox::SeedContact{deal.contact_first_name, deal.contact_last_name,
                                      deal.contact_email, deal.contact_phone, ""};
  seed.estimated_value = Json(deal.value).dump();
  seed.currency = deal.currency;
  seed.estimated_close_date = deal.closing_date;
  seed.description = deal.notes;
  return seed;
}

// The Dataverse adapter against the emulated organisation, in-process: the real API client and
// sign-in between them, no socket.
class DataverseHarness final : public CrmHarness {
 public:
  DataverseHarness()
      : random_(7), world_(clock_, random_), tokens_(Tokens()), api_(Api()), crm_(Client()) {}

  Crm& crm() override { return *crm_; }
  std::string mapping_kind() const override { return "dynamics365"; }
  LongText long_text() const override { return LongText::refused; }
  CrmId unknown_id() const override { return {"0b000000-0000-4000-8000-0000000000ff"}; }

  CrmId Opens(const Deal& deal) override {
    const std::string id = NewGuid(random_);
    opened_[id] = deal;
    world_.dataverse().Seed({ToSeed(deal, id)});
    return CrmId{id};
  }
  void Sets(const CrmId& id, const std::string& column, const Json& value) override {
    Expect(
        world_.dataverse().Edit(Person(), "opportunities", id.text, Json{{column, value}}.dump()));
  }
  void Deletes(const CrmId& id) override {
    Expect(world_.dataverse().Delete(Person(), "opportunities", id.text));
  }
  // As an administrator does it: the row is imported again under its own id.
  void Undeletes(const CrmId& id) override {
    world_.dataverse().Seed({ToSeed(opened_.at(id.text), id.text)});
  }
  std::size_t Accounts(const std::string& name) override { return Count("accounts", "name", name); }
  std::size_t Contacts(const std::string& email) override {
    return Count("contacts", "emailaddress1", email);
  }

  bool has_leads() const override { return true; }
  bool can_qualify() const override { return true; }
  std::vector<Attribute> NewLead(const std::string& marker) const override {
    return LeadOfDynamics(marker);
  }
  std::string lead_notes() const override { return "description"; }
  std::vector<Attribute> Disqualified() const override {
    return {{"statecode", "2"}, {"statuscode", "4"}};
  }
  CrmId OpensLead() override {
    const Json lead = {{"subject", "Robotics enquiry"}, {"lastname", "Example"}};
    return CrmId{world_.dataverse().Create(Person(), "leads", lead.dump()).value()};
  }
  void NotesOnLead(const CrmId& id, const std::string& notes) override {
    Expect(
        world_.dataverse().Edit(Person(), "leads", id.text, Json{{"description", notes}}.dump()));
  }
  void DeletesLead(const CrmId& id) override {
    Expect(world_.dataverse().Delete(Person(), "leads", id.text));
  }
  CrmId QualifiesLead(const CrmId& id) override {
    return CrmId{world_.dataverse().Qualify(Person(), id.text).value()};
  }
  void LosesTheAnswerToQualifying() override {
    FaultRule rule;
    rule.service = "dataverse";
    rule.kind = FaultKind::drop_after;
    rule.method = "POST";
    rule.path = "QualifyLead";
    Expect(world_.faults().Add(rule));
  }

  void Pass(std::chrono::seconds time) override {
    clock_.Advance(time);
    world_.Advance();
  }
  void Suffers(Trouble trouble) override {
    FaultRule rule;
    rule.service = "dataverse";
    rule.times = 0;
    switch (trouble) {
      case Trouble::throttled:
        rule.status = 429;
        rule.retry_after_s = static_cast<int>(kQuotaWindow.count());
        break;
      case Trouble::unreachable:
        rule.kind = FaultKind::unreachable;
        break;
      case Trouble::unavailable:
        rule.status = 503;
        break;
      case Trouble::unauthorized:
        rule.status = 401;
        rule.body = "empty";
        break;
      case Trouble::forbidden:
        world_.dataverse().switches().application_user_missing = true;
        return;
      case Trouble::garbled:
        rule.kind = FaultKind::html;
        break;
    }
    Expect(world_.faults().Add(rule));
  }
  void Recovers() override {
    world_.faults().Clear();
    world_.dataverse().switches().application_user_missing = false;
    Pass(kQuotaWindow);
  }
  void LosesTheAnswerTo(std::size_t writes) override {
    FaultRule rule;
    rule.service = "dataverse";
    rule.kind = FaultKind::drop_after;
    rule.method = writes == 1 ? "PATCH" : "POST";
    rule.path = writes == 1 ? "opportunities\\(" : "batch";
    Expect(world_.faults().Add(rule));
  }
  void ForgetsCursors() override { world_.dataverse().ExpireChangeTracking(); }

 private:
  static void Expect(const Status& done) { EXPECT_TRUE(done.ok()) << Describe(done.error()); }

  std::unique_ptr<net::EntraTokens> Tokens() {
    const auto& who = world_.identities();
    net::EntraIdentity identity;
    identity.authority_url = world_.origins().login;
    identity.tenant_id = who.tenant_id;
    identity.grant = "client_credentials";
    identity.client_id = who.crm_client_id;
    identity.client_secret.literal = who.crm_client_secret;
    return net::MakeEntraTokens(identity, world_.Transport(), secrets_, clock_, random_, log_);
  }
  std::unique_ptr<net::ApiClient> Api() {
    net::ApiClient::Options options;
    options.requests_per_second_max = 10'000;
    return net::MakeApiClient(world_.Transport(), tokens_->For(world_.origins().dataverse), clock_,
                              random_, log_, options);
  }
  std::unique_ptr<Crm> Client() {
    DataverseOptions options;
    options.url = world_.origins().dataverse;
    options.page_size = kPageSize;
    options.leads = true;
    return MakeDataverseClient(*api_, options, clock_, random_, log_);
  }
  std::string Person() { return world_.dataverse().people().front(); }
  std::size_t Count(const std::string& set, const std::string& column, const std::string& value) {
    std::size_t count = 0;
    for (const auto& row : world_.dataverse().Rows(set)) count += row.Cell(column) == value ? 1 : 0;
    return count;
  }

  FakeClock clock_;
  SharedRandom random_;
  RecordingLog log_;
  FakeSecrets secrets_;
  sandbox::World world_;
  std::unique_ptr<net::EntraTokens> tokens_;
  std::unique_ptr<net::ApiClient> api_;
  std::unique_ptr<Crm> crm_;
  std::map<std::string, Deal> opened_;
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Dataverse, CrmContractTest,
                         ::testing::Values([]() -> std::unique_ptr<CrmHarness> {
                           return std::make_unique<DataverseHarness>();
                         }));

INSTANTIATE_TEST_SUITE_P(Dataverse, CrmLeadTest,
                         ::testing::Values([]() -> std::unique_ptr<CrmHarness> {
                           return std::make_unique<DataverseHarness>();
                         }));

}  // namespace cosell::test

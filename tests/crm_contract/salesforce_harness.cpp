#include <mutex>

#include "base/record_id.h"
#include "crm/salesforce/salesforce_client.h"
#include "crm_harness.h"
#include "lead_contract.h"
#include "net/api_client.h"
#include "net/salesforce_tokens.h"
#include "shared_random.h"
#include "support/fake_clock.h"
#include "support/fake_secrets.h"
#include "support/recording_log.h"
#include "tools/sandbox/salesforce/access/sessions.h"
#include "tools/sandbox/salesforce/salesforce_world.h"

namespace cosell::test {
namespace {

constexpr const char* kConsumerKey = "contract-suite";
constexpr const char* kConsumerSecret = "secret+1&2=3%";
constexpr int kUntilRecovered = 1'000'000;
// The adapter rests this long at most when the day's calls are used up, or sign-in is refused.
constexpr std::chrono::seconds kQuotaWindow{20 * 60};
constexpr std::chrono::seconds kBeyondEveryCursor{21 * 24 * 3600};

// The network between the adapter and the emulated organisation: sign-in and data on one origin.
class SalesforceNetwork final : public net::HttpTransport {
 public:
  SalesforceNetwork(sandbox::SalesforceSessions& sessions, sandbox::SalesforceWorld& world)
      : sessions_(sessions), world_(world) {}

  Result<net::HttpResponse> Send(const net::HttpRequest& request) override {
    const std::lock_guard lock(mutex_);
    if (down_) return Lost(ErrorKind::unreachable);
    const std::string path = PathOf(request.url);
    if (sandbox::SalesforceSessions::Serves(path)) return sessions_.Handle(request);
    auto answer = world_.Handle(request);
    if (request.method != "PATCH" || !loses_next_write_) return answer;
    loses_next_write_ = false;
    return Lost(ErrorKind::unknown_outcome);
  }

  void Down(bool down) {
    const std::lock_guard lock(mutex_);
    down_ = down;
  }
  void LoseNextWrite() {
    const std::lock_guard lock(mutex_);
    loses_next_write_ = true;
  }

 private:
  static Error Lost(ErrorKind kind) {
    Error error;
    error.kind = kind;
    error.message = "The network was told to lose this";
    return error;
  }
  std::string PathOf(const std::string& url) const {
    const std::size_t origin = world_.origin().size();
    return url.substr(origin, url.find('?') - origin);
  }

  sandbox::SalesforceSessions& sessions_;
  sandbox::SalesforceWorld& world_;
  std::mutex mutex_;
  bool down_ = false;
  bool loses_next_write_ = false;
};

sandbox::SeedSalesforceOpportunity ToSeed(const Deal& deal) {
  sandbox::SeedSalesforceOpportunity seed;
  seed.name = deal.name;
  seed.account = deal.account;
  seed.account_postal_code = deal.postal_code;
  seed.account_country = deal.country;
  seed.contact = sandbox::SeedSalesforceContact{deal.contact_first_name, deal.contact_last_name,
                                                deal.contact_email, deal.contact_phone, ""};
  seed.estimated_value = Json(deal.value).dump();
  seed.currency = deal.currency;
  seed.estimated_close_date = deal.closing_date;
  seed.description = deal.notes;
  return seed;
}

// The Salesforce adapter against the emulated organisation, in-process: the real API client and
// sign-in between them, no socket.
class SalesforceHarness final : public CrmHarness {
 public:
  SalesforceHarness()
      : random_(7),
        sessions_(clock_, random_),
        world_(sessions_.options().instance_url, clock_, random_,
               [this](std::string_view authorization) { return sessions_.Check(authorization); }),
        network_(sessions_, world_),
        tokens_(Tokens()),
        api_(Api()),
        crm_(Client()) {
    world_.switches().page_size_max = kPageSize;
    // Whether a similar account will do is the organisation's own rule, not the port's.
    world_.switches().duplicate_rules.clear();
  }

  Crm& crm() override { return *crm_; }
  std::string mapping_kind() const override { return "salesforce"; }
  LongText long_text() const override { return LongText::cut; }
  CrmId unknown_id() const override { return {NormalizeSalesforceId("0065g00000ZZZZZ").value()}; }

  CrmId Opens(const Deal& deal) override { return {world_.Seed({ToSeed(deal)}).front()}; }
  void Sets(const CrmId& id, const std::string& column, const Json& value) override {
    Expect(world_.Edit(Person(), "Opportunity", id.text, Json{{column, value}}.dump()));
  }
  void Deletes(const CrmId& id) override {
    Expect(world_.Delete(Person(), "Opportunity", id.text));
  }
  void Undeletes(const CrmId& id) override {
    Expect(world_.Undelete(Person(), "Opportunity", id.text));
  }
  std::size_t Accounts(const std::string& name) override { return Count("Account", "Name", name); }
  std::size_t Contacts(const std::string& email) override {
    return Count("Contact", "Email", email);
  }

  bool has_leads() const override { return true; }
  std::vector<Attribute> NewLead(const std::string& marker) const override {
    const Deal deal;
    return {{"Title", Json("Robotics enquiry").dump()},
            {"Company", Json(deal.account).dump()},
            {"FirstName", Json(deal.contact_first_name).dump()},
            {"LastName", Json(deal.contact_last_name).dump()},
            {"Email", Json(deal.contact_email).dump()},
            {"Description", Json(deal.notes).dump()},
            {"Sync_with_Partner_Center__c", "true"},
            {"Referral_Identifier__c", Json(marker).dump()}};
  }
  std::string lead_notes() const override { return "Description"; }
  std::vector<Attribute> Disqualified() const override {
    return {{"Status", Json("Closed - Not Converted").dump()}};
  }
  CrmId OpensLead() override {
    const Json lead = {{"LastName", "Example"}, {"Company", "Tailspin Freight AB"}};
    return {world_.Create(Person(), "Lead", lead.dump()).value()};
  }
  void NotesOnLead(const CrmId& id, const std::string& notes) override {
    Expect(world_.Edit(Person(), "Lead", id.text, Json{{"Description", notes}}.dump()));
  }
  void DeletesLead(const CrmId& id) override { Expect(world_.Delete(Person(), "Lead", id.text)); }
  CrmId QualifiesLead(const CrmId& id) override {
    return {world_.ConvertLead(Person(), id.text, "Robotics enquiry").value().opportunity_id};
  }

  void Pass(std::chrono::seconds time) override {
    clock_.Advance(time);
    world_.Settle();
  }
  void Suffers(Trouble trouble) override {
    sandbox::SalesforceFault fault;
    fault.count = kUntilRecovered;
    switch (trouble) {
      case Trouble::throttled:
        world_.switches().request_limit_exceeded = true;
        return;
      case Trouble::unreachable:
        network_.Down(true);
        return;
      case Trouble::unauthorized:
        sessions_.ForceError(kConsumerKey, "invalid_client", "invalid client credentials", 0);
        sessions_.ExpireAll();
        return;
      case Trouble::unavailable:
        break;
      case Trouble::forbidden:
        fault.status = 403;
        fault.error_code = "API_DISABLED_FOR_ORG";
        break;
      case Trouble::garbled:
        fault.status = 200;
        fault.html = true;
        fault.after_commit = true;
        break;
    }
    world_.Inject(fault);
  }
  void Recovers() override {
    world_.switches().request_limit_exceeded = false;
    network_.Down(false);
    sessions_.ForceError(kConsumerKey, "", "", 0);
    world_.ClearFaults();
    Pass(kQuotaWindow);
  }
  void LosesTheAnswerTo(std::size_t) override { network_.LoseNextWrite(); }
  void ForgetsCursors() override { Pass(kBeyondEveryCursor); }

 private:
  static void Expect(const Status& done) { EXPECT_TRUE(done.ok()) << Describe(done.error()); }

  std::unique_ptr<net::SalesforceTokens> Tokens() {
    sandbox::SalesforceUser user;
    user.id = world_.options().api_user_id;
    user.username = "sync@northwind.example";
    sandbox::SalesforceApp app;
    app.consumer_key = kConsumerKey;
    app.consumer_secret = kConsumerSecret;
    app.run_as_user = user.id;
    sessions_.AddUser(user);
    sessions_.AddApp(app);
    net::SalesforceIdentity identity;
    identity.login_url = world_.origin();
    identity.grant = "client_credentials";
    identity.client_id = kConsumerKey;
    identity.client_secret.literal = kConsumerSecret;
    return net::MakeSalesforceTokens(identity, network_, secrets_, clock_, log_);
  }
  std::unique_ptr<net::ApiClient> Api() {
    net::ApiClient::Options options;
    options.requests_per_second_max = 10'000;
    options.session_expired_code = "INVALID_SESSION_ID";
    return net::MakeApiClient(network_, *tokens_, clock_, random_, log_, options);
  }
  std::unique_ptr<Crm> Client() {
    SalesforceOptions options;
    options.page_size = kPageSize;
    options.leads = true;
    return MakeSalesforceClient(*api_, *tokens_, options, clock_, random_, log_);
  }
  std::string Person() { return world_.people().front(); }
  std::size_t Count(const std::string& object, const std::string& field, const std::string& value) {
    std::size_t count = 0;
    for (const auto& row : world_.Rows(object)) count += row.Field(field) == value ? 1 : 0;
    return count;
  }

  FakeClock clock_;
  SharedRandom random_;
  RecordingLog log_;
  FakeSecrets secrets_;
  sandbox::SalesforceSessions sessions_;
  sandbox::SalesforceWorld world_;
  SalesforceNetwork network_;
  std::unique_ptr<net::SalesforceTokens> tokens_;
  std::unique_ptr<net::ApiClient> api_;
  std::unique_ptr<Crm> crm_;
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Salesforce, CrmContractTest,
                         ::testing::Values([]() -> std::unique_ptr<CrmHarness> {
                           return std::make_unique<SalesforceHarness>();
                         }));

INSTANTIATE_TEST_SUITE_P(Salesforce, CrmLeadTest,
                         ::testing::Values([]() -> std::unique_ptr<CrmHarness> {
                           return std::make_unique<SalesforceHarness>();
                         }));

}  // namespace cosell::test

#include "crm/rest/rest_client.h"
#include "crm_contract.h"
#include "crm_harness.h"
#include "net/api_client.h"
#include "net/credentials.h"
#include "shared_random.h"
#include "support/fake_clock.h"
#include "support/fake_secrets.h"
#include "support/recording_log.h"
#include "support/rest_description.h"
#include "support/rest_service.h"

namespace cosell::test {
namespace {

// A call that is throttled rests this long at most.
constexpr std::chrono::seconds kQuotaWindow{90};
constexpr std::chrono::hours kBeyondEveryCursor{24 * 100};

// What services do otherwise than the example's.
struct Kind {
  bool lags = false;            // lists and searches lag: each deal is read by itself
  bool replaces = false;        // PUT of the whole record, with a version in it
  bool feed = false;            // deleted deals have a list of their own
  bool bare = false;            // no precondition, no unique marker
  const char* page = "cursor";  // how its list is paged
};

// The adapter for described services against a small one in memory, through the real API client.
class RestHarness final : public CrmHarness {
 public:
  explicit RestHarness(Kind kind)
      : kind_(kind), random_(11), service_(clock_), tokens_(Tokens()), api_(Api()), crm_(Client()) {
    service_.switches().page_size_max = kPageSize;
    service_.switches().etags = !kind.replaces && !kind.bare;
    service_.switches().versions = kind.replaces;
    service_.switches().unique = !kind.bare;
    service_.switches().lists_deleted = !kind.feed;
  }

  Crm& crm() override { return *crm_; }
  std::string mapping_kind() const override { return "rest"; }
  LongText long_text() const override { return LongText::refused; }
  CrmId unknown_id() const override { return {"d-9"}; }

  CrmId Opens(const Deal& deal) override {
    return {service_.Opens(
        {{"title", deal.name},
         {"notes", deal.notes},
         {"amount", {{"value", Json(deal.value).dump()}, {"currency", deal.currency}}},
         {"close_on", deal.closing_date}},
        {{"name", deal.account},
         {"address", {{"postal_code", deal.postal_code}, {"country", deal.country}}}},
        {{"first_name", deal.contact_first_name},
         {"last_name", deal.contact_last_name},
         {"email", deal.contact_email},
         {"phone", deal.contact_phone}})};
  }
  void Sets(const CrmId& id, const std::string& column, const Json& value) override {
    const Json member = description_["opportunity"]["attributes"][column]["member"];
    service_.Sets(id.text, member.get<std::string>(), value);
  }
  void Deletes(const CrmId& id) override { service_.Deletes(id.text); }
  void Undeletes(const CrmId& id) override { service_.Undeletes(id.text); }
  std::size_t Accounts(const std::string& name) override {
    return service_.Count("accounts", "/name", name);
  }
  std::size_t Contacts(const std::string& email) override {
    return service_.Count("contacts", "/email", email);
  }

  void Pass(std::chrono::seconds time) override { clock_.Advance(time); }
  void Suffers(Trouble trouble) override {
    RestService::Switches& switches = service_.switches();
    switch (trouble) {
      case Trouble::throttled:
        switches.status = 429;
        return;
      case Trouble::unreachable:
        switches.unreachable = true;
        return;
      case Trouble::unavailable:
        switches.status = 503;
        return;
      case Trouble::unauthorized:
        switches.status = 401;
        return;
      case Trouble::forbidden:
        switches.status = 403;
        return;
      case Trouble::garbled:
        switches.garbled = true;
        return;
    }
  }
  void Recovers() override {
    service_.switches().status = 0;
    service_.switches().unreachable = false;
    service_.switches().garbled = false;
    Pass(kQuotaWindow);
  }
  void LosesTheAnswerTo(std::size_t writes) override {
    service_.LoseNextAnswer(writes);  // one call per record
  }
  void ForgetsCursors() override { Pass(kBeyondEveryCursor); }

 private:
  Json Description() const {
    Json description = ExampleDescription();
    Json& deal = description["opportunity"];
    deal["list"]["page"]["size"] = kPageSize;
    if (kind_.lags) deal["list"].erase("records");
    if (kind_.replaces) {
      deal["update"] = {{"method", "PUT"}, {"path", "/deals/{id}"}, {"sends", "whole"}};
      deal["precondition"] = {{"by", "version"}, {"member", "/version"}};
    }
    if (kind_.bare) {
      deal["precondition"] = {{"by", "none"}};
      deal["create"].erase("once");
    }
    if (kind_.feed) {
      deal["deleted"] = Json::parse(R"({"by": "feed", "id": "/id",
          "deleted_at": {"member": "/at"},
          "list": {"path": "/deals/deleted", "items": "/data", "since": {"parameter": "since"}}})");
    }
    const std::string page = kind_.page;
    // Pages that are counted must not shift with every edit.
    if (page == "number" || page == "offset") deal["list"]["query"]["sort"] = "id";
    if (page == "link") deal["list"]["page"] = {{"by", "link"}, {"next", "/next_link"}};
    if (page == "number") {
      deal["list"]["page"] = {{"by", "number"}, {"parameter", "page"}};
    }
    if (page == "offset") {
      deal["list"]["page"] = {{"by", "offset"}, {"parameter", "offset"}};
    }
    return description;
  }
  std::unique_ptr<net::TokenSource> Tokens() {
    SecretSource token;
    token.literal = RestService::kToken;
    return net::MakeFixedToken(token, secrets_);
  }
  std::unique_ptr<net::ApiClient> Api() {
    description_ = Description();
    net::ApiClient::Options options = Described(description_).api_options();
    options.requests_per_second_max = 10'000;
    options.origin = RestService::kOrigin;
    return net::MakeApiClient(service_, *tokens_, clock_, random_, log_, options);
  }
  std::unique_ptr<Crm> Client() {
    return MakeRestClient(*api_, Described(description_), RestService::kOrigin, clock_, log_);
  }

  const Kind kind_;
  FakeClock clock_;
  SharedRandom random_;
  RecordingLog log_;
  FakeSecrets secrets_;
  RestService service_;
  Json description_;
  std::unique_ptr<net::TokenSource> tokens_;
  std::unique_ptr<net::ApiClient> api_;
  std::unique_ptr<Crm> crm_;
};

template <const Kind& kind>
std::unique_ptr<CrmHarness> Make() {
  return std::make_unique<RestHarness>(kind);
}

constexpr Kind kExample{};
constexpr Kind kReadEach{true, false, false, false, "link"};
constexpr Kind kReplacing{false, true, true, false, "number"};
constexpr Kind kBare{false, false, false, true, "offset"};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Rest, CrmContractTest, ::testing::Values(&Make<kExample>));
INSTANTIATE_TEST_SUITE_P(RestReadEach, CrmContractTest, ::testing::Values(&Make<kReadEach>));
INSTANTIATE_TEST_SUITE_P(RestReplacing, CrmContractTest, ::testing::Values(&Make<kReplacing>));
INSTANTIATE_TEST_SUITE_P(RestBare, CrmContractTest, ::testing::Values(&Make<kBare>));

}  // namespace cosell::test

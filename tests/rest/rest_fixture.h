#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/clock.h"
#include "crm/rest/rest_client.h"
#include "net/api_client.h"
#include "net/credentials.h"
#include "support/fake_clock.h"
#include "support/fake_secrets.h"
#include "support/recording_log.h"
#include "support/rest_description.h"
#include "support/rest_service.h"

namespace cosell::test {

using Json = nlohmann::json;

// The adapter for described services against the small one in memory. A test bends the description
// and the service before its first call.
class RestTest : public ::testing::Test {
 protected:
  static constexpr auto kKind = RecordKind::opportunity;
  static constexpr const char* kMarker = "7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a001";

  Json& deal() { return description_["opportunity"]; }
  RestService::Switches& switches() { return service_.switches(); }

  Crm& crm() {
    if (!crm_) Connect();
    return *crm_;
  }
  CrmSetup& setup() {
    crm();
    return *setup_;
  }

  std::string Opens(const std::string& title, const Json& more = Json::object()) {
    Json made = {{"title", title}, {"amount", {{"value", "12000.00"}}}};
    made.merge_patch(more);
    return service_.Opens(made, nullptr, nullptr);
  }
  CrmRecord ReadOne(const std::string& id) {
    const auto read = crm().Read(kKind, {CrmId{id}}, Crm::Detail::own);
    if (!read) ADD_FAILURE() << Describe(read.error());
    return read && !read->empty() ? read->front() : CrmRecord{};
  }
  Json Of(const CrmRecord& record, const std::string& attribute) {
    return Json::parse(record.raw).value(attribute, Json("(absent)"));
  }
  CrmWriteResult Update(const std::string& id, const std::string& etag,
                        const std::vector<Attribute>& attributes) {
    CrmWrite write;
    write.id.text = id;
    write.etag = etag;
    write.attributes = attributes;
    return crm().Write({write}).front();
  }
  CrmWrite Create(const std::string& marker = kMarker) {
    CrmWrite write;
    write.kind = CrmWrite::Kind::create;
    write.marker.text = marker;
    write.attributes = {{"name", "\"Cold chain pilot\""}, {"stage", "\"Open\""}};
    return write;
  }
  CrmChanges Changes(const std::string& cursor) {
    auto changes = crm().Changes(kKind, cursor);
    if (!changes) ADD_FAILURE() << Describe(changes.error());
    return changes ? *std::move(changes) : CrmChanges{};
  }

  FakeClock clock_;
  SeededRandom random_{5};
  RecordingLog log_;
  FakeSecrets secrets_;
  RestService service_{clock_};
  Json description_ = ExampleDescription();

 private:
  void Connect() {
    SecretSource token;
    token.literal = RestService::kToken;
    tokens_ = net::MakeFixedToken(token, secrets_);
    const RestDescription described = Described(description_);
    net::ApiClient::Options options = described.api_options();
    options.requests_per_second_max = 10'000;
    options.origin = RestService::kOrigin;
    api_ = net::MakeApiClient(service_, *tokens_, clock_, random_, log_, options);
    crm_ = MakeRestClient(*api_, described, RestService::kOrigin, clock_, log_);
    setup_ = MakeRestSetup(*api_, described, RestService::kOrigin);
    crm_->Select(kKind, {"name", "notes", "value", "currency", "stage", "sync", "referral_id",
                         "account_id.name", "contact_id.email", "owner_id.name"});
  }

  std::unique_ptr<net::TokenSource> tokens_;
  std::unique_ptr<net::ApiClient> api_;
  std::unique_ptr<Crm> crm_;
  std::unique_ptr<CrmSetup> setup_;
};

inline Attribute Set(const std::string& name, const Json& value) { return {name, value.dump()}; }

}  // namespace cosell::test

#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/text.h"
#include "support/fake_clock.h"
#include "tools/sandbox/world/world.h"

namespace cosell::sandbox {

using Json = nlohmann::json;

// A world without sockets at 2026-03-01T09:00:00Z, spoken to by hand as the contract describes.
class WorldTest : public testing::Test {
 protected:
  struct Reply {
    int status = 0;
    Json body;  // discarded when it is no JSON
    std::string text;
    net::Headers headers;
    std::string Header(std::string_view name) const {
      return std::string(net::FindHeader(headers, name).value_or(""));
    }
    std::string code() const { return body["error"]["code"]; }
  };

  Reply Send(net::HttpRequest request) {
    auto answer = world.Transport().Send(request);
    if (!answer) return {-1, Json(), answer.error().message, {}};
    return {answer->status, Json::parse(answer->body, nullptr, false), answer->body,
            answer->headers};
  }

  std::string TokenFor(const std::string& audience) {
    const Identities& who = world.identities();
    return world.entra().IssueAccessToken({audience, who.tenant_id, who.partner_client_id,
                                           who.user_object_id, who.user_name, false, true});
  }

  // A fresh token for Call: the last one may have expired with the clock.
  void SignInAgain() { token_.clear(); }

  // A call to the referrals API as the sync account; `path` is what follows /referrals.
  Reply Call(const std::string& method, const std::string& path, const std::string& body = "",
             net::Headers headers = {}) {
    if (token_.empty()) token_ = TokenFor(world.origins().referrals);
    headers.emplace_back("Authorization", "Bearer " + token_);
    headers.emplace_back("Content-Type", "application/json");
    return Send(
        {method, world.origins().referrals + "/v1.0/engagements/referrals" + path, headers, body});
  }
  Reply Get(const std::string& id) { return Call("GET", "/" + id); }
  Reply List(const std::string& query) { return Call("GET", "?" + query); }
  Reply Filter(const std::string& filter) { return List("$filter=" + UrlEncode(filter)); }
  Reply Post(const Json& body) { return Call("POST", "", body.dump()); }
  Reply Patch(const std::string& id, const Json& operations, net::Headers headers = {}) {
    return Call("PATCH", "/" + id, operations.dump(), std::move(headers));
  }

  // A complete deal of our own (contract 8.6, step 1).
  static Json Deal() {
    return Json::parse(R"({
      "name": "Harbour telemetry rollout", "externalReferenceId": "opp-000187",
      "qualification": "SalesQualified", "type": "Shared",
      "target": [{"type": "SolutionProfile", "id": "SOL-88210-TSR"}],
      "customerProfile": {"name": "Northwind Harbour Logistics AS", "size": "251to1000employees",
        "address": {"addressLine1": "Quay 7", "city": "Bergen", "postalCode": "5003",
                    "country": "NO"},
        "team": [{"firstName": "Ingrid", "lastName": "Falk", "phoneNumber": "+4755500101",
                  "email": "ingrid.falk@northwindharbour.example"}]},
      "consent": {"consentToToShareInfoWithOthers": true, "ConsentToContact": true,
                  "consentToShareReferralWithMicrosoftSellers": true},
      "details": {"notes": "Pilot on two cranes first.", "dealValue": 84000.5, "currency": "EUR",
        "closingDateTime": "2026-09-30T00:00:00Z",
        "requirements": {"solutions": [{"type": "Name", "id": "SOL-88210-TSR",
                                        "name": "Tailspin Crane Monitor"}]}},
      "team": [{"firstName": "Bram", "lastName": "Oud", "phoneNumber": "+31205550123",
                "email": "bram.oud@tailspinrobotics.example"}]})");
  }

  // The connected referral that asks Microsoft (step 2).
  static Json AskMicrosoft(const std::string& engagement_id) {
    Json body = Deal();
    body["engagementId"] = engagement_id;
    body["target"] = {{{"type", "BusinessProfileLocation"}, {"id", "msft"}}};
    body["inviteContext"] = {{"notes", "Need an architecture review."},
                             {"assistanceRequestCode", "CustomerTechnicalArchitecture"}};
    return body;
  }

  // Creates the deal and returns the referral as answered.
  Json Created(const Json& body) {
    const Reply reply = Post(body);
    EXPECT_EQ(reply.status, 201) << reply.text;
    return reply.body;
  }
  Json Created() { return Created(Deal()); }

  static Json Replace(const std::string& path, const Json& value) {
    return Json::array({{{"op", "replace"}, {"path", path}, {"value", value}}});
  }
  static Json StatusPatch(const std::string& status, const std::string& substatus) {
    return Json::array({{{"op", "replace"}, {"path", "/status"}, {"value", status}},
                        {{"op", "replace"}, {"path", "/substatus"}, {"value", substatus}}});
  }

  Json Stored(const std::string& id) { return Json::parse(world.Referral(id)); }

  test::FakeClock clock;
  SeededRandom random{7};
  World world{clock, random};

 private:
  std::string token_;
};

}  // namespace cosell::sandbox

#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "support/fake_clock.h"
#include "tools/sandbox/salesforce/access/sessions.h"
#include "tools/sandbox/world/encoding.h"
#include "tools/sandbox/world/x509.h"

namespace cosell::sandbox {

using Json = nlohmann::json;

constexpr const char* kLogin = "https://login.salesforce.com";
constexpr const char* kMyDomain = "https://northwind-orchard.my.salesforce.com";
constexpr const char* kKey = "3MVG9.invented.key";
constexpr const char* kSecret = "s3cret+1&2=3%";
constexpr const char* kSyncName = "cosell-sync@northwind-orchard.example";
constexpr const char* kSyncId = "0055g00000DnYxEAAV";
constexpr const char* kSellerName = "seller@northwind-orchard.example";
constexpr const char* kSellerId = "0055g00000DnYxFAAV";
constexpr const char* kPassword = "Tr0ub4dor&+";
constexpr const char* kSecurityToken = "Xk29fQpLmN0aBcDeFgHiJkLmN";

// The sign-in side of Northwind Orchard's organisation at 2026-03-01T09:00:00Z, with one app, the
// integration's account and a seller, spoken to by hand as the contract describes.
class AccessTest : public testing::Test {
 protected:
  struct Reply {
    int status = 0;
    Json body;  // discarded when it is no JSON
    std::string text;
    net::Headers headers;
    std::string Header(std::string_view name) const {
      return std::string(net::FindHeader(headers, name).value_or(""));
    }
    std::string Text(const char* name) const { return body.value(name, ""); }
  };
  using Form = std::vector<std::pair<std::string, std::string>>;

  AccessTest() {
    sessions.AddUser({kSyncId, kSyncName, kPassword, kSecurityToken, "Cosell Sync",
                      "ops@northwind-orchard.example"});
    sessions.AddUser({kSellerId, kSellerName, "seller-password", "SellerToken", "Seller",
                      "seller@northwind-orchard.example"});
    sessions.AddApp(App());
  }

  static SalesforceApp App() {
    SalesforceApp app;
    app.consumer_key = kKey;
    app.consumer_secret = kSecret;
    app.run_as_user = kSyncName;
    return app;
  }

  Reply Send(net::HttpRequest request) {
    const net::HttpResponse answer = sessions.Handle(request);
    return {answer.status, Json::parse(answer.body, nullptr, false), answer.body, answer.headers};
  }
  Reply Get(const std::string& url, net::Headers headers = {}) {
    return Send({"GET", url, std::move(headers), ""});
  }
  Reply Post(const std::string& url, const Form& form, net::Headers headers = {}) {
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    std::string body;
    for (const auto& [name, value] : form)
      body += (body.empty() ? "" : "&") + name + "=" + UrlEncode(value);
    return Send({"POST", url, std::move(headers), body});
  }

  // To the token endpoint of a host.
  Reply Ask(const std::string& origin, const Form& form, net::Headers headers = {}) {
    return Post(origin + "/services/oauth2/token", form, std::move(headers));
  }
  // The app's own form for one grant.
  static Form AppForm(const std::string& grant, Form more = {}) {
    more.insert(more.begin(),
                {{"grant_type", grant}, {"client_id", kKey}, {"client_secret", kSecret}});
    return more;
  }
  Reply Refresh(const std::string& token) {
    return Ask(kLogin, AppForm("refresh_token", {{"refresh_token", token}}));
  }
  Reply SignInWithPassword(const std::string& password) {
    return Ask(kLogin, AppForm("password", {{"username", kSyncName}, {"password", password}}));
  }
  std::string Token() { return Ask(kMyDomain, AppForm("client_credentials")).Text("access_token"); }

  bool IsOpen(const std::string& token) { return sessions.Check("Bearer " + token).has_value(); }

  static net::Headers Bearer(const std::string& token) {
    return {{"Authorization", "Bearer " + token}};
  }

  static void ExpectRefused(const Reply& reply, const std::string& error,
                            const std::string& description) {
    EXPECT_EQ(reply.status, 400) << reply.text;
    EXPECT_EQ(reply.Text("error"), error);
    EXPECT_EQ(reply.Text("error_description"), description);
  }
  static void ExpectNoSession(const Reply& reply) {
    EXPECT_EQ(reply.status, 401);
    ASSERT_TRUE(reply.body.is_array()) << reply.text;
    EXPECT_EQ(reply.body[0]["errorCode"], "INVALID_SESSION_ID");
  }

  test::FakeClock clock;
  SeededRandom random{11};
  SalesforceSessions sessions{clock, random};
};

}  // namespace cosell::sandbox

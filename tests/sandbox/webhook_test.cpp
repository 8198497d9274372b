#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "tests/sandbox/world_fixture.h"
#include "tools/sandbox/world/encoding.h"

namespace cosell::sandbox {
namespace {

using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;

X509Ptr FromPem(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  return {PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free};
}

X509Ptr FromDer(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return {d2i_X509(nullptr, &at, static_cast<long>(der.size())), X509_free};
}

bool Chains(X509* leaf, X509* intermediate, X509* root) {
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(),
                                                                      X509_STORE_free);
  X509_STORE_add_cert(store.get(), root);
  STACK_OF(X509)* helpers = sk_X509_new_null();
  sk_X509_push(helpers, intermediate);
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context(
      X509_STORE_CTX_new(), X509_STORE_CTX_free);
  X509_STORE_CTX_init(context.get(), store.get(), leaf, helpers);
  const bool good = X509_verify_cert(context.get()) == 1;
  sk_X509_free(helpers);
  return good;
}

bool Signed(X509* leaf, const std::string& body, const std::string& base64) {
  std::string signature(base64.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(signature.data()),
                                   reinterpret_cast<const unsigned char*>(base64.data()),
                                   static_cast<int>(base64.size()));
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, X509_get0_pubkey(leaf));
  return size == 258 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          256, reinterpret_cast<const unsigned char*>(body.data()),
                          body.size()) == 1;
}

struct Callback {
  std::string url;
  net::Headers headers;
  std::string body;
  std::string Header(std::string_view name) const {
    return std::string(net::FindHeader(headers, name).value_or(""));
  }
};

// Registration, delivery and signature (contract partner-center.md section 4).
class WebhookTest : public WorldTest {
 protected:
  Reply Registration(const std::string& method, const std::string& path = "",
                     const Json& body = Json()) {
    return Send({method,
                 world.origins().webhooks + "/webhooks/v1/registration" + path,
                 {{"Authorization", "Bearer " + TokenFor(world.origins().webhooks)},
                  {"Content-Type", "application/json"}},
                 body.is_null() ? "" : body.dump()});
  }
  static Json Wish(bool ms_header = false) {
    return {{"WebhookUrl", "https://hooks.contoso.example/webhooks/contoso/partner-center?x=1"},
            {"WebhookEvents",
             {"referral-created", "referral-updated", "related-referral-created",
              "related-referral-updated", "test-created"}},
            {"SignatureTokenToMsSignatureHeader", ms_header}};
  }
  void Register(bool ms_header = false) {
    ASSERT_EQ(Registration("POST", "", Wish(ms_header)).status, 200);
  }
  // Delivers what is due to a receiver that answers `status`.
  std::vector<Callback> Deliver(int status = 200) {
    std::vector<Callback> got;
    world.Deliver(
        [&](const std::string& url, const net::Headers& headers, const std::string& body) {
          got.push_back({url, headers, body});
          return OutgoingAnswer{status, ""};
        });
    return got;
  }
  std::string Download(const std::string& url) { return Send({"GET", url, {}, ""}).text; }
  // Whether a callback passes the documented check, fetching what a verifier fetches.
  bool Holds(const Callback& callback) {
    const std::string header = callback.Header("Authorization") + callback.Header("x-ms-signature");
    if (!header.starts_with("Signature ")) return false;
    const X509Ptr leaf = FromPem(Download(callback.Header("X-MS-Certificate-Url")));
    const X509Ptr intermediate = FromDer(Download(world.origins().aia + "/cert/intermediate.crt"));
    const X509Ptr root = FromPem(world.signing().RootPem());
    return leaf && Chains(leaf.get(), intermediate.get(), root.get()) &&
           Signed(leaf.get(), callback.body, header.substr(10));
  }
};

TEST_F(WebhookTest, ThereIsOneRegistrationPerTenant) {
  EXPECT_EQ(Registration("GET").status, 404);
  EXPECT_EQ(Registration("PUT", "", Wish()).status, 404);
  Register();
  const Reply view = Registration("GET");
  EXPECT_EQ(view.body["webhookUrl"], Wish()["WebhookUrl"]);
  EXPECT_FALSE(view.body.contains("subscriberId"));
  const Reply second = Registration("POST", "", Wish());
  EXPECT_EQ(second.status, 409);
  EXPECT_EQ(second.body["source"], "webhooks");
  EXPECT_EQ(Registration("PUT", "", Wish(true)).body["signatureTokenToMsSignatureHeader"], true);
  EXPECT_EQ(Registration("DELETE").status, 404);
  world.switches().registration_pascal_case = true;
  EXPECT_TRUE(Registration("GET").body.contains("WebhookUrl"));
}

TEST_F(WebhookTest, RegistrationsAreChecked) {
  Json wish = Wish();
  wish["WebhookUrl"] = "http://hooks.contoso.example/";
  EXPECT_EQ(Registration("POST", "", wish).status, 400);
  wish = Wish();
  wish["WebhookEvents"] = {"registration-test"};
  EXPECT_EQ(Registration("POST", "", wish).status, 400);
  const Json events = Registration("GET", "/events").body;
  EXPECT_NE(std::find(events.begin(), events.end(), "related-referral-updated"), events.end());
}

TEST_F(WebhookTest, AValidationEventIsDeliveredAndReported) {
  EXPECT_EQ(Registration("POST", "/validationEvents").status, 400);
  Register();
  const std::string id = Registration("POST", "/validationEvents").body["correlationId"];
  EXPECT_EQ(Registration("GET", "/validationEvents/" + id).body["status"], "inProgress");
  const auto got = Deliver();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(Json::parse(got[0].body)["EventName"], "test-created");
  EXPECT_EQ(Json::parse(got[0].body)["ResourceName"], "test");
  const Json report = Registration("GET", "/validationEvents/" + id).body;
  EXPECT_EQ(report["status"], "completed");
  EXPECT_EQ(report["results"][0]["responseCode"], "OK");
  EXPECT_FALSE(report["results"][0]["dateTimeUtc"].get<std::string>().ends_with("Z"));
  EXPECT_EQ(Registration("POST", "/validationEvents").status, 200);
  EXPECT_EQ(Registration("POST", "/validationEvents").status, 429) << "two a minute";
  clock.Advance(std::chrono::hours(24 * 8));
  EXPECT_EQ(Registration("GET", "/validationEvents/" + id).status, 404);
}

TEST_F(WebhookTest, EveryChangeRaisesItsEvent) {
  Register();
  const Json own = Created();
  ASSERT_EQ(Patch(own["id"], Replace("/details/notes", "x")).status, 204);
  Created(AskMicrosoft(own["engagementId"]));
  clock.Advance(std::chrono::seconds(5));
  std::vector<std::string> names;
  for (const Callback& callback : Deliver()) {
    const Json body = Json::parse(callback.body);
    names.push_back(body["EventName"]);
    EXPECT_EQ(body.size(), 5u);
    EXPECT_EQ(callback.url, Wish()["WebhookUrl"].get<std::string>());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"referral-created", "referral-updated",
                                             "related-referral-created", "related-referral-updated",
                                             "referral-updated"}));
}

TEST_F(WebhookTest, TheBodyIsTheContractsVectorToTheByte) {
  Register();
  world.events().Raise("referral-updated", "7f1c2c50-3b1e-4a57-9a1f-0d8f6b6f2f10",
                       *ParseInstant("2024-05-14T09:31:07.4412309Z"));
  const auto got = Deliver();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].body.size(), 252u);
  std::string hex;
  for (const char c : Sha256(got[0].body)) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned char>(c));
    hex += two;
  }
  EXPECT_EQ(hex, "2523c3ae2501d13f4642c65f9131f458f6a70f3c85fcdc88f8ff880016d15d9f");
}

TEST_F(WebhookTest, TheSignatureHoldsInTheRegisteredHeader) {
  Register();
  Created();
  const auto plain = Deliver();
  ASSERT_EQ(plain.size(), 1u);
  EXPECT_TRUE(plain[0].Header("x-ms-signature").empty());
  EXPECT_TRUE(Holds(plain[0]));
  ASSERT_EQ(Registration("PUT", "", Wish(true)).status, 200);
  Created();
  const auto other = Deliver();
  EXPECT_TRUE(other.at(0).Header("Authorization").empty());
  EXPECT_TRUE(Holds(other.at(0)));
}

TEST_F(WebhookTest, TheCertificateIsServedAsPemOrDerAndRenewedInPlace) {
  Register();
  Created();
  const Callback before = Deliver().at(0);
  world.switches().certificate_pem = false;
  const std::string url = before.Header("X-MS-Certificate-Url");
  EXPECT_TRUE(FromDer(Download(url)));
  world.switches().certificate_pem = true;
  world.signing().RotateLeaf();
  EXPECT_FALSE(Holds(before)) << "the key changed";
  Created();
  EXPECT_TRUE(Holds(Deliver().at(0)));
}

TEST_F(WebhookTest, TamperedCallbacksDoNotHoldAndAreSentAgainHonestly) {
  Register();
  for (const char* mode :
       {"body_byte", "wrong_key", "expired_certificate", "foreign_issuer", "untrusted_root",
        "foreign_host", "sha1", "missing_signature", "missing_certificate_url", "bearer"}) {
    ASSERT_TRUE(world.events().Tamper(mode, 1).ok());
    Created();
    const auto bad = Deliver(401);
    ASSERT_EQ(bad.size(), 1u) << mode;
    EXPECT_FALSE(Holds(bad[0])) << mode;
    clock.Advance(std::chrono::seconds(1));
    const auto good = Deliver();
    ASSERT_EQ(good.size(), 1u) << mode;
    EXPECT_TRUE(Holds(good[0])) << mode;
  }
  EXPECT_FALSE(world.events().Tamper("unheard of", 1).ok());
}

TEST_F(WebhookTest, TenAttemptsWithGrowingPausesThenTheOfflineQueue) {
  Register();
  Created();
  int attempts = 0;
  std::vector<std::chrono::seconds> pauses;
  while (const auto due = world.events().NextDue()) {
    pauses.push_back(std::chrono::duration_cast<std::chrono::seconds>(*due - clock.Now()));
    clock.SetNow(*due);
    attempts += static_cast<int>(Deliver(503).size());
  }
  EXPECT_EQ(attempts, 10);
  EXPECT_EQ(pauses[1], std::chrono::seconds(1));
  EXPECT_EQ(pauses[9], std::chrono::seconds(256));
  EXPECT_EQ(world.events().deliveries().front().state, Delivery::State::dead);
}

TEST_F(WebhookTest, EventsGetLostDuplicatedAndReorderedByChance) {
  Register();
  world.switches().event_lost_percent = 30;
  world.switches().event_duplicate_percent = 30;
  world.switches().event_reorder_ms = 5'000;
  for (int i = 0; i < 60; ++i) Created();
  clock.Advance(std::chrono::seconds(5));
  std::map<std::string, int> times;
  std::vector<std::string> order;
  for (const Callback& callback : Deliver()) {
    order.push_back(Json::parse(callback.body)["ResourceUri"]);
    ++times[order.back()];
  }
  EXPECT_LT(times.size(), 60u) << "some are lost";
  EXPECT_GT(order.size(), times.size()) << "some come twice";
  std::vector<std::string> made;
  for (const Delivery& delivery : world.events().deliveries())
    if (delivery.state == Delivery::State::delivered)
      made.push_back(Json::parse(delivery.body)["ResourceUri"]);
  EXPECT_NE(order, made) << "some overtake others";
}

TEST_F(WebhookTest, NobodyIsToldWhatNobodyAskedFor) {
  Created();
  EXPECT_TRUE(Deliver().empty());
  Json wish = Wish();
  wish["WebhookEvents"] = {"test-created"};
  ASSERT_EQ(Registration("POST", "", wish).status, 200);
  Created();
  EXPECT_TRUE(Deliver().empty());
}

}  // namespace
}  // namespace cosell::sandbox

#include "webhook/partner_center_receiver.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "base/guid.h"
#include "model/digest.h"
#include "tests/support/fake_clock.h"
#include "tests/webhook/certificate_host.h"
#include "tests/webhook/inbox_store.h"
#include "tests/webhook/signing_authority.h"

namespace cosell::webhook {
namespace {

using namespace std::chrono_literals;
using test::Identity;
using test::Wish;

constexpr const char* kUrl = "https://certificates.fabrikam.example/cert/pc-dispatch.cer";
constexpr const char* kIssuerUrl = "http://certificates.fabrikam.example/pki/issuing.crt";
constexpr const char* kReferral = "7f1c2c50-3b1e-4a57-9a1f-0d8f6b6f2f10";

// The body of contract partner-center.md section 8.9, compact.
const std::string kBody =
    R"({"EventName":"referral-updated","ResourceUri":"https://api.partnercenter.microsoft.com/engagements/v1/referrals/7f1c2c50-3b1e-4a57-9a1f-0d8f6b6f2f10","ResourceName":"referral","AuditUri":null,"ResourceChangeUtcDate":"2024-05-14T09:31:07.4412309+00:00"})";

Instant At(const char* text) { return *ParseInstant(text); }

Wish Authority(const std::string& name) {
  Wish wish;
  wish.common_name = name;
  wish.is_authority = true;
  wish.from = At("2020-01-01T00:00:00Z");
  wish.until = At("2040-01-01T00:00:00Z");
  return wish;
}

Wish Signer() {
  Wish wish;
  wish.common_name = "pcnotifications-dispatch.microsoft.com";
  wish.from = At("2025-09-01T00:00:00Z");
  wish.until = At("2026-09-01T00:00:00Z");
  return wish;
}

// One public key infrastructure for all tests, since keys take their time.
struct Infrastructure {
  Identity root = MakeRoot(Authority("Test Root"), test::NewRsaKey());
  Identity issuing = Issue(Authority("Test Issuing"), test::NewRsaKey(), root);
  std::shared_ptr<EVP_PKEY> signer_key = test::NewRsaKey();
  std::shared_ptr<EVP_PKEY> other_key = test::NewRsaKey();
  Identity signer = Issue(Signer(), signer_key, issuing);
};

const Infrastructure& Pki() {
  static const Infrastructure pki;
  return pki;
}

// A file in the temporary folder, gone with its owner.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content) {
    SystemRandom random;
    path_ = std::filesystem::temp_directory_path() / ("cosell-" + NewGuid(random) + ".pem");
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::string Body(const std::string& event, const std::string& resource) {
  return R"({"EventName":")" + event + R"(","ResourceUri":")" + resource +
         R"(","ResourceName":"referral","AuditUri":null,"ResourceChangeUtcDate":"2024-05-14T09:31:07Z"})";
}

class PartnerCenterReceiverTest : public testing::Test {
 protected:
  PartnerCenterReceiverTest() { Trust(Pem(Pki().root) + Pem(Pki().issuing)); }

  // Starts a receiver that believes `anchors`; the system's when empty.
  void Trust(const std::string& anchors) {
    PartnerCenterOptions options;
    options.connection = {"contoso"};
    options.certificate_hosts = {"certificates.fabrikam.example"};
    if (!anchors.empty()) {
      ca_file = std::make_unique<TemporaryFile>(anchors);
      options.ca_files = {ca_file->path()};
    }
    receiver = std::make_unique<PartnerCenterReceiver>(
        options, store, host, clock, [this] { ++woken; },
        [this](const TestEvent& event) { tests.push_back(event); });
  }

  static net::Headers Signed(const std::string& signature, const std::string& url = kUrl,
                             const std::string& algorithm = "rsa-sha256") {
    return {{"Content-Type", "application/json"},
            {"x-ms-signature", "Signature " + signature},
            {"X-MS-Certificate-Url", url},
            {"X-MS-Signature-Algorithm", algorithm}};
  }

  InboundAnswer Receive(const net::Headers& headers, const std::string& body = kBody) {
    return receiver->Receive({headers, "", body, "203.0.113.7"});
  }
  // A genuine delivery of `body`.
  InboundAnswer Deliver(const std::string& body = kBody) {
    host.Serve(kUrl, Pem(Pki().signer));
    return Receive(Signed(Sign(Pki().signer, body)), body);
  }
  // A delivery signed by `signer`, whose certificate the host serves as `file`.
  std::string ReasonFor(const Identity& signer, const std::string& file) {
    host.Serve(kUrl, file);
    return Receive(Signed(Sign(signer, kBody))).reason;
  }
  std::string ReasonFor(const Wish& wish, const Identity& issuer) {
    const Identity signer = Issue(wish, Pki().signer_key, issuer);
    return ReasonFor(signer, Pem(signer) + Pem(issuer));
  }

  test::FakeClock clock;
  test::CertificateHost host;
  test::InboxStore store;
  int woken = 0;
  std::vector<TestEvent> tests;
  std::unique_ptr<TemporaryFile> ca_file;
  std::unique_ptr<PartnerCenterReceiver> receiver;
};

// --- what is taken in

TEST_F(PartnerCenterReceiverTest, TheContractsVector) {
  ASSERT_EQ(kBody.size(), 252u);
  ASSERT_EQ(Sha256Hex(kBody), "2523c3ae2501d13f4642c65f9131f458f6a70f3c85fcdc88f8ff880016d15d9f");
  const auto answer = Deliver();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.reason, "accepted");
  EXPECT_EQ(answer.detail, "");
  ASSERT_EQ(store.events().size(), 1u);
  const Event event = store.events()[0];
  EXPECT_EQ(event.connection.text, "contoso");
  EXPECT_EQ(event.side, Side::partner_center);
  EXPECT_EQ(event.source, "webhook");
  EXPECT_EQ(event.name, "referral-updated");
  EXPECT_EQ(event.record_id, kReferral);
  EXPECT_EQ(event.changed_at, At("2024-05-14T09:31:07.4412309Z"));
  EXPECT_EQ(event.received_at, clock.Now());
  EXPECT_EQ(event.dedupe_key,
            WebhookDedupeKey("referral-updated", kReferral, "2024-05-14T09:31:07.4412309+00:00"));
  EXPECT_EQ(woken, 1);
}

TEST_F(PartnerCenterReceiverTest, EveryFormOfTheSignatureHeader) {
  host.Serve(kUrl, Pem(Pki().signer));
  const std::string signature = Sign(Pki().signer, kBody);
  const std::pair<std::string, std::string> kForms[] = {
      {"x-ms-signature", "Signature " + signature},
      {"X-MS-Signature", signature},
      {"x-ms-signature", "  signature   " + signature + " "},
      {"Authorization", "Signature " + signature},
      {"authorization", "SIGNATURE " + signature},
  };
  for (const auto& form : kForms) {
    auto headers = Signed("");
    headers[1] = form;
    EXPECT_EQ(Receive(headers).status, 200) << form.first;
  }
}

TEST_F(PartnerCenterReceiverTest, LongerHashes) {
  host.Serve(kUrl, Pem(Pki().signer));
  EXPECT_EQ(Receive(Signed(Sign(Pki().signer, kBody, EVP_sha384()), kUrl, "RSA-SHA384")).status,
            200);
  EXPECT_EQ(Receive(Signed(Sign(Pki().signer, kBody, EVP_sha512()), kUrl, "rsa-sha512")).status,
            200);
}

TEST_F(PartnerCenterReceiverTest, CamelCaseMembers) {
  EXPECT_EQ(
      Deliver(
          R"({"eventName":"Referral-Created","resourceUri":"https://api.partner.microsoft.com/v1.0/engagements/referrals/7F1C2C50-3B1E-4A57-9A1F-0D8F6B6F2F10/?x=1"})")
          .reason,
      "accepted");
  EXPECT_EQ(store.events().at(0).name, "referral-created");
  EXPECT_EQ(store.events().at(0).record_id, kReferral);
}

TEST_F(PartnerCenterReceiverTest, RelatedReferralsAreQueuedToo) {
  const std::string uri = std::string("http://evil.example/referrals/") + kReferral;
  for (const char* event :
       {"referral-created", "related-referral-created", "related-referral-updated"}) {
    EXPECT_EQ(Deliver(Body(event, uri)).reason, "accepted");
  }
  EXPECT_EQ(store.events().size(), 3u);
  // The URI of a body is never fetched.
  EXPECT_EQ(host.downloads_of(kUrl), host.downloads());
}

TEST_F(PartnerCenterReceiverTest, DuplicateDelivery) {
  Deliver();
  const auto answer = Deliver();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.reason, "duplicate");
  EXPECT_EQ(store.events().size(), 1u);
  EXPECT_EQ(woken, 1);
}

TEST_F(PartnerCenterReceiverTest, EventsWithoutADateAreNoRepeats) {
  const std::string body =
      R"({"EventName":"referral-updated","ResourceUri":"x/7f1c2c50-3b1e-4a57-9a1f-0d8f6b6f2f10"})";
  Deliver(body);
  clock.Advance(1s);
  EXPECT_EQ(Deliver(body).reason, "accepted");
}

TEST_F(PartnerCenterReceiverTest, TestEvent) {
  const auto answer = Deliver(Body("test-created",
                                   "http://api.partnercenter.microsoft.com/webhooks/v1/"
                                   "registration/test/6c7d0b1a-90a1-4c0e-b1f2-0a9b8c7d6e5f"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.reason, "test_event");
  ASSERT_EQ(tests.size(), 1u);
  EXPECT_EQ(tests[0].resource_id, "6c7d0b1a-90a1-4c0e-b1f2-0a9b8c7d6e5f");
  EXPECT_EQ(tests[0].received_at, clock.Now());
  EXPECT_TRUE(store.events().empty());
}

TEST_F(PartnerCenterReceiverTest, EventsThatAreNoneOfOurs) {
  EXPECT_EQ(Deliver(Body("subscription-updated", kReferral)).reason, "ignored_event");
  EXPECT_EQ(Deliver(Body("referral-updated", "https://x.example/referrals/17")).reason,
            "ignored_resource");
  EXPECT_EQ(Deliver(Body("referral-updated", "")).status, 200);
  EXPECT_TRUE(store.events().empty());
  EXPECT_EQ(woken, 0);
}

TEST_F(PartnerCenterReceiverTest, GenuineButNotJson) {
  for (const std::string body : {"<html/>", "[]", "{}", "{\"EventName\":17}", "\"x\"", ""}) {
    const auto answer = Deliver(body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.reason, "body_unreadable");
  }
}

TEST_F(PartnerCenterReceiverTest, FailingStoreAsksForARepeat) {
  store.Break();
  const auto answer = Deliver();
  EXPECT_EQ(answer.status, 503);
  EXPECT_GT(answer.retry_after.count(), 0);
  EXPECT_EQ(answer.reason, "store_failed");
  EXPECT_NE(answer.detail.find("disk full"), std::string::npos);
  EXPECT_EQ(answer.text.find("disk"), std::string::npos);
  EXPECT_EQ(woken, 0);
  store.Break(false);
  EXPECT_EQ(Deliver().reason, "accepted");
}

// --- what is turned away before anything is downloaded

TEST_F(PartnerCenterReceiverTest, OversizedBody) {
  const auto answer = Receive(Signed("AAAA"), std::string(1'048'577, 'x'));
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.reason, "too_large");
  EXPECT_EQ(host.downloads(), 0u);
}

TEST_F(PartnerCenterReceiverTest, ContentLengthThatIsNotTheBodys) {
  for (const char* length : {"251", "253", "-252", "x", ""}) {
    auto headers = Signed(Sign(Pki().signer, kBody));
    headers.emplace_back("Content-Length", length);
    EXPECT_EQ(Receive(headers).reason, "length_mismatch") << length;
  }
  host.Serve(kUrl, Pem(Pki().signer));
  auto headers = Signed(Sign(Pki().signer, kBody));
  headers.emplace_back("Content-Length", "252");
  EXPECT_EQ(Receive(headers).status, 200);
}

TEST_F(PartnerCenterReceiverTest, MissingHeaders) {
  const auto all = Signed(Sign(Pki().signer, kBody));
  const std::tuple<std::size_t, int, std::string> kRows[] = {
      {1, 401, "signature_missing"},
      {2, 400, "certificate_url_missing"},
      {3, 400, "algorithm_missing"},
  };
  for (const auto& [missing, status, reason] : kRows) {
    auto headers = all;
    headers.erase(headers.begin() + static_cast<std::ptrdiff_t>(missing));
    const auto answer = Receive(headers);
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.reason, reason);
  }
  EXPECT_EQ(host.downloads(), 0u);
}

TEST_F(PartnerCenterReceiverTest, OtherSchemesAreNoSignature) {
  const std::string signature = Sign(Pki().signer, kBody);
  for (const std::string& value :
       {"Bearer " + signature, "Basic " + signature, signature, std::string()}) {
    auto headers = Signed("");
    headers[1] = {"Authorization", value};
    const auto answer = Receive(headers);
    EXPECT_EQ(answer.status, 401) << value;
    EXPECT_EQ(answer.reason, "signature_missing");
  }
  auto headers = Signed("");
  headers[1] = {"x-ms-signature", "Bearer " + signature};
  EXPECT_EQ(Receive(headers).reason, "signature_missing");
  EXPECT_EQ(host.downloads(), 0u);
}

TEST_F(PartnerCenterReceiverTest, SignatureThatIsNotBase64) {
  const std::string signature = Sign(Pki().signer, kBody);
  for (const std::string& text : {std::string(), std::string("AAA"), std::string("A==="),
                                  std::string("AA=A"), std::string("AA==AAAA"), "AAA\n" + signature,
                                  signature.substr(0, 100) + "-_!?", std::string(4096, 'A')}) {
    auto headers = Signed("");
    headers[1].second = text;
    const auto answer = Receive(headers);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.reason, "signature_malformed") << text;
  }
  EXPECT_EQ(host.downloads(), 0u);
}

TEST_F(PartnerCenterReceiverTest, WeakOrUnknownAlgorithm) {
  for (const char* algorithm :
       {"rsa-sha1", "RSA-SHA1", "rsa-md5", "sha256", "rsa-sha256x", "ecdsa-sha256", "none", ""}) {
    const auto answer = Receive(Signed(Sign(Pki().signer, kBody, EVP_sha1()), kUrl, algorithm));
    EXPECT_EQ(answer.status, 401) << algorithm;
    EXPECT_EQ(answer.reason, "algorithm_refused");
  }
  EXPECT_EQ(host.downloads(), 0u);
}

TEST_F(PartnerCenterReceiverTest, CertificateUrlOutsideTheAllowListIsNeverFetched) {
  for (const char* url :
       {"https://evil.example/cert/x.cer", "http://certificates.fabrikam.example/cert/x.cer",
        "https://certificates.fabrikam.example.evil.example/cert/x.cer",
        "https://xcertificates.fabrikam.example/cert/x.cer",
        "https://certificates.fabrikam.example@evil.example/cert/x.cer",
        "https://203.0.113.9/cert/x.cer", "https://certificates.fabrikam.example:444/cert/x.cer",
        "https://certificates.fabrikam.example/cert/../x.cer", ""}) {
    const auto answer = Receive(Signed(Sign(Pki().signer, kBody), url));
    EXPECT_EQ(answer.status, 401) << url;
    EXPECT_EQ(answer.reason, "certificate_url_refused");
  }
  EXPECT_EQ(host.downloads(), 0u);
}

// --- certificates

TEST_F(PartnerCenterReceiverTest, CertificateInPemOrDer) {
  EXPECT_EQ(ReasonFor(Pki().signer, Pem(Pki().signer)), "accepted");
  clock.Advance(1h);
  host.Serve(kUrl, Der(Pki().signer));
  EXPECT_EQ(Receive(Signed(Sign(Pki().signer, kBody))).reason, "duplicate");
  EXPECT_EQ(host.downloads(), 2u);
}

TEST_F(PartnerCenterReceiverTest, CertificateThatCannotBeHad) {
  const auto signature = Sign(Pki().signer, kBody);
  host.Answer(kUrl, {302, {{"Location", "https://evil.example/cert/x.cer"}}, ""});
  EXPECT_EQ(Receive(Signed(signature)).reason, "certificate_refused");
  clock.Advance(1min);
  host.Serve(kUrl, std::string(70'000, 'x'));
  EXPECT_EQ(Receive(Signed(signature)).reason, "certificate_refused");
  clock.Advance(1min);
  host.GoDown();
  const auto answer = Receive(Signed(signature));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.reason, "certificate_unreachable");
  EXPECT_GT(answer.retry_after.count(), 0);
  EXPECT_EQ(host.downloads_of(kUrl), 3u);
  EXPECT_EQ(host.downloads(), 3u);
}

TEST_F(PartnerCenterReceiverTest, FileThatIsNoCertificate) {
  const std::string pem = Pem(Pki().signer);
  for (const std::string& file :
       {std::string("<html/>"), pem.substr(0, pem.size() / 2), Der(Pki().signer).substr(1),
        Der(Pki().signer) + "x", pem + pem.substr(0, pem.size() / 2)}) {
    clock.Advance(1h);
    EXPECT_EQ(ReasonFor(Pki().signer, file), "certificate_unreadable");
  }
}

TEST_F(PartnerCenterReceiverTest, ChangedBody) {
  host.Serve(kUrl, Pem(Pki().signer));
  const std::string signature = Sign(Pki().signer, kBody);
  for (const std::size_t at : {std::size_t{0}, std::size_t{100}, kBody.size() - 1}) {
    std::string changed = kBody;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    const auto answer = Receive(Signed(signature), changed);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.reason, "signature_wrong");
  }
  EXPECT_EQ(Receive(Signed(signature), kBody + " ").reason, "signature_wrong");
  EXPECT_TRUE(store.events().empty());
}

TEST_F(PartnerCenterReceiverTest, SignedWithAnotherKey) {
  const Identity forger{Pki().signer.certificate, Pki().other_key};
  EXPECT_EQ(ReasonFor(forger, Pem(Pki().signer)), "signature_wrong");
}

TEST_F(PartnerCenterReceiverTest, AlgorithmOfTheHeaderIsTheOneThatCounts) {
  host.Serve(kUrl, Pem(Pki().signer));
  EXPECT_EQ(Receive(Signed(Sign(Pki().signer, kBody, EVP_sha1()))).reason, "signature_wrong");
  EXPECT_EQ(Receive(Signed(Sign(Pki().signer, kBody), kUrl, "rsa-sha512")).reason,
            "signature_wrong");
}

TEST_F(PartnerCenterReceiverTest, CertificateOutsideItsValidity) {
  Wish past = Signer();
  past.until = At("2026-02-01T00:00:00Z");
  EXPECT_EQ(ReasonFor(past, Pki().issuing), "certificate_expired");
  clock.Advance(1h);
  Wish future = Signer();
  future.from = At("2026-06-01T00:00:00Z");
  EXPECT_EQ(ReasonFor(future, Pki().issuing), "certificate_expired");
}

TEST_F(PartnerCenterReceiverTest, ValidityIsJudgedAtTheClocksTime) {
  EXPECT_EQ(Deliver().reason, "accepted");
  clock.SetNow(At("2026-10-01T00:00:00Z"));
  EXPECT_EQ(Deliver().reason, "certificate_expired");
}

TEST_F(PartnerCenterReceiverTest, IssuerOfAnotherOrganisation) {
  for (const std::vector<std::string>& organizations :
       std::vector<std::vector<std::string>>{{"Microsoft Corporation Fake"},
                                             {"microsoft corporation"},
                                             {"Microsoft"},
                                             {"Fabrikam", "Microsoft Corporation"},
                                             {"Microsoft Corporation", "Fabrikam"},
                                             {}}) {
    clock.Advance(1h);
    Wish wish = Authority("O=Microsoft Corporation");
    wish.organizations = organizations;
    const Identity issuing = Issue(wish, Pki().other_key, Pki().root);
    EXPECT_EQ(ReasonFor(Signer(), issuing), "issuer_refused");
  }
}

TEST_F(PartnerCenterReceiverTest, ChainToAnUnknownRoot) {
  const Identity root = MakeRoot(Authority("Test Root"), Pki().other_key);
  const Identity issuing = Issue(Authority("Test Issuing"), Pki().other_key, root);
  const Identity signer = Issue(Signer(), Pki().signer_key, issuing);
  EXPECT_EQ(ReasonFor(signer, Pem(signer) + Pem(issuing) + Pem(root)), "chain_untrusted");
  clock.Advance(1h);
  const Identity self_signed = MakeRoot(Signer(), Pki().signer_key);
  EXPECT_EQ(ReasonFor(self_signed, Pem(self_signed)), "chain_untrusted");
}

TEST_F(PartnerCenterReceiverTest, SignerIsNoAuthority) {
  const Identity rogue = Issue(Signer(), Pki().other_key, Pki().signer);
  EXPECT_EQ(ReasonFor(rogue, Pem(rogue) + Pem(Pki().signer)), "chain_untrusted");
}

TEST_F(PartnerCenterReceiverTest, CertificateSignedWithSha1) {
  Wish wish = Signer();
  wish.digest = EVP_sha1();
  EXPECT_EQ(ReasonFor(wish, Pki().issuing), "chain_untrusted");
}

TEST_F(PartnerCenterReceiverTest, WeakOrForeignKey) {
  const Identity weak = Issue(Signer(), test::NewRsaKey(1024), Pki().issuing);
  EXPECT_EQ(ReasonFor(weak, Pem(weak)), "key_refused");
  clock.Advance(1h);
  const Identity elliptic = Issue(Signer(), test::NewEllipticKey(), Pki().issuing);
  EXPECT_EQ(ReasonFor(elliptic, Pem(elliptic)), "key_refused");
}

TEST_F(PartnerCenterReceiverTest, SystemTrustDoesNotKnowATestRoot) {
  Trust("");
  EXPECT_EQ(ReasonFor(Pki().signer, Pem(Pki().signer) + Pem(Pki().issuing) + Pem(Pki().root)),
            "chain_untrusted");
}

TEST_F(PartnerCenterReceiverTest, AnchorsThatAreNone) {
  EXPECT_THROW(Trust("no certificate"), std::invalid_argument);
  EXPECT_THROW(Trust(Pem(Pki().issuing)), std::invalid_argument);
  EXPECT_NO_THROW(Trust(Der(Pki().root)));
}

// --- chains that are not complete

TEST_F(PartnerCenterReceiverTest, IntermediateBesideTheSignersCertificate) {
  Trust(Pem(Pki().root));
  EXPECT_EQ(ReasonFor(Pki().signer, Pem(Pki().signer) + Pem(Pki().issuing)), "accepted");
}

TEST_F(PartnerCenterReceiverTest, IntermediateMissing) {
  Trust(Pem(Pki().root));
  EXPECT_EQ(ReasonFor(Pki().signer, Pem(Pki().signer)), "chain_untrusted");
}

TEST_F(PartnerCenterReceiverTest, IntermediateByItsIssuerUrl) {
  Trust(Pem(Pki().root));
  host.Serve(kIssuerUrl, Der(Pki().issuing));
  Wish wish = Signer();
  wish.issuer_url = kIssuerUrl;
  const Identity signer = Issue(wish, Pki().signer_key, Pki().issuing);
  EXPECT_EQ(ReasonFor(signer, Pem(signer)), "accepted");
  EXPECT_EQ(ReasonFor(signer, Pem(signer)), "duplicate");
  EXPECT_EQ(host.downloads_of(kIssuerUrl), 1u);
}

TEST_F(PartnerCenterReceiverTest, IssuerUrlOutsideTheAllowListIsNeverFetched) {
  Trust(Pem(Pki().root));
  Wish wish = Signer();
  wish.issuer_url = "http://evil.example/pki/issuing.crt";
  host.Serve(wish.issuer_url, Der(Pki().issuing));
  const Identity signer = Issue(wish, Pki().signer_key, Pki().issuing);
  EXPECT_EQ(ReasonFor(signer, Pem(signer)), "chain_untrusted");
  EXPECT_EQ(host.downloads_of(wish.issuer_url), 0u);
}

TEST_F(PartnerCenterReceiverTest, LongChainOfIssuerUrlsIsGivenUp) {
  Trust(Pem(Pki().root));
  const std::string base = "http://certificates.fabrikam.example/pki/";
  Identity issuer = Pki().root;
  for (int i = 0; i < 7; ++i) {
    Wish wish = Authority("Test Issuing " + std::to_string(i));
    if (i > 0) wish.issuer_url = base + std::to_string(i - 1) + ".crt";
    issuer = Issue(wish, Pki().other_key, issuer);
    host.Serve(base + std::to_string(i) + ".crt", Der(issuer));
  }
  Wish wish = Signer();
  wish.issuer_url = base + "6.crt";
  const Identity signer = Issue(wish, Pki().signer_key, issuer);
  EXPECT_EQ(ReasonFor(signer, Pem(signer)), "chain_untrusted");
  EXPECT_EQ(host.downloads(), 5u);  // the signer's own certificate and four issuers
}

TEST_F(PartnerCenterReceiverTest, IssuerUrlThatServesTheRoot) {
  Trust(Pem(Pki().root));
  host.Serve(kIssuerUrl, Der(Pki().root));
  Wish wish = Signer();
  wish.issuer_url = kIssuerUrl;
  const Identity signer = Issue(wish, Pki().signer_key, Pki().issuing);
  EXPECT_EQ(ReasonFor(signer, Pem(signer)), "chain_untrusted");
  EXPECT_EQ(host.downloads_of(kIssuerUrl), 1u);
}

// --- renewal and floods

TEST_F(PartnerCenterReceiverTest, CertificateRenewedUnderItsUrl) {
  EXPECT_EQ(Deliver().reason, "accepted");
  const Identity renewed = Issue(Signer(), Pki().other_key, Pki().issuing);
  host.Serve(kUrl, Pem(renewed));
  clock.Advance(2min);
  const std::string body = Body("referral-created", kReferral);
  EXPECT_EQ(Receive(Signed(Sign(renewed, body)), body).reason, "accepted");
  EXPECT_EQ(host.downloads(), 2u);
}

TEST_F(PartnerCenterReceiverTest, ForgedRequestsDoNotCauseDownloads) {
  EXPECT_EQ(Deliver().reason, "accepted");
  const Identity forger{Pki().signer.certificate, Pki().other_key};
  const auto forged = Signed(Sign(forger, kBody));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Receive(forged).reason, "signature_wrong");
  EXPECT_EQ(host.downloads(), 1u);
  clock.Advance(1min);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Receive(forged).reason, "signature_wrong");
  EXPECT_EQ(host.downloads(), 2u);
  EXPECT_EQ(Deliver().reason, "duplicate");
}

TEST_F(PartnerCenterReceiverTest, TooManyDifferentCertificateUrls) {
  const std::string signature = Sign(Pki().signer, kBody);
  for (int i = 0; i < 30; ++i) {
    const auto answer = Receive(Signed(
        signature, "https://certificates.fabrikam.example/cert/x" + std::to_string(i) + ".cer"));
    EXPECT_EQ(answer.status, i < 12 ? 401 : 503);
    EXPECT_EQ(answer.reason, i < 12 ? "certificate_refused" : "download_limit");
  }
  EXPECT_EQ(host.downloads(), 12u);
}

TEST_F(PartnerCenterReceiverTest, ForgersLearnNothing) {
  std::set<std::string> texts;
  host.Serve(kUrl, Pem(Pki().signer));
  const Identity forger{Pki().signer.certificate, Pki().other_key};
  texts.insert(Receive(Signed(Sign(forger, kBody))).text);
  texts.insert(Receive(Signed("x")).text);
  texts.insert(Receive(Signed("AAAA", "https://evil.example/cert/x.cer")).text);
  texts.insert(Receive(Signed("AAAA", kUrl, "rsa-sha1")).text);
  EXPECT_EQ(texts.size(), 1u);
}

}  // namespace
}  // namespace cosell::webhook

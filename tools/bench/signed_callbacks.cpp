#include "tools/bench/signed_callbacks.h"

#include <fstream>
#include <stdexcept>

#include "base/clock.h"
#include "base/guid.h"
#include "tools/bench/measure.h"
#include "webhook/certificates.h"
#include "webhook/signature_headers.h"

namespace cosell::bench {
namespace {

constexpr const char* kCertificateUrl =
    "https://certificates.fabrikam.example/cert/pc-dispatch.cer";

test::Wish MakeWish(const std::string& common_name, bool is_authority) {
  test::Wish wish;
  wish.common_name = common_name;
  wish.is_authority = is_authority;
  wish.from = SystemClock().Now() - std::chrono::hours(24);
  wish.until = wish.from + std::chrono::hours(24 * 365);
  return wish;
}

std::string Body(const std::string& referral_id) {
  return R"({"EventName":"referral-updated","ResourceUri":)"
         R"("https://api.partnercenter.microsoft.com/engagements/v1/referrals/)" +
         referral_id +
         R"(","ResourceName":"referral","AuditUri":null,)"
         R"("ResourceChangeUtcDate":"2026-03-01T09:31:07.4412309+00:00"})";
}

webhook::InboundRequest Callback(const test::Identity& signer, const std::string& referral_id) {
  webhook::InboundRequest request;
  request.body = Body(referral_id);
  request.headers = {{"Content-Type", "application/json"},
                     {"x-ms-signature", "Signature " + Sign(signer, request.body)},
                     {"X-MS-Certificate-Url", kCertificateUrl},
                     {"X-MS-Signature-Algorithm", "rsa-sha256"}};
  return request;
}

}  // namespace

SignedCallbacks::SignedCallbacks(int count, std::string trust_file)
    : trust_file_(std::move(trust_file)) {
  const auto root = MakeRoot(MakeWish("Bench Root", true), test::NewRsaKey());
  const auto issuing = Issue(MakeWish("Bench Issuing", true), test::NewRsaKey(), root);
  signer_ = Issue(MakeWish("Bench Signer", false), test::NewRsaKey(), issuing);
  WriteTrust(root, issuing);
  host_.Serve(Pem(signer_));
  SeededRandom random(11);
  for (int i = 0; i < count; ++i) requests_.push_back(Callback(signer_, NewGuid(random)));
}

double SignedCallbacks::VerificationUs(double seconds) const {
  const webhook::InboundRequest& request = requests_.front();
  const auto claim = webhook::ReadSignatureClaim(request.headers);
  const auto& signature = std::get<webhook::SignatureClaim>(claim).signature;
  std::int64_t verified = 0;
  return 1e6 / PerCpuSecond(seconds, &verified, [&] {
           return webhook::VerifyRsa(signer_.certificate.get(), "sha256", signature, request.body);
         });
}

std::string SignedCallbacks::host() { return "certificates.fabrikam.example"; }

void SignedCallbacks::WriteTrust(const test::Identity& root, const test::Identity& issuing) const {
  std::ofstream file(trust_file_, std::ios::binary);
  file << Pem(root) << Pem(issuing);
  if (!file.flush()) throw std::runtime_error("cannot write '" + trust_file_ + "'");
}

}  // namespace cosell::bench

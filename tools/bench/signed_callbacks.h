#pragma once

#include <string>
#include <vector>

#include "net/http.h"
#include "tests/webhook/signing_authority.h"
#include "webhook/receiver.h"

namespace cosell::bench {

// Genuine callbacks as Partner Center sends them (contract partner-center.md sections 4.3 and 4.4):
// each about another referral, each with its own RSA-2048 signature, under a root, an issuing and a
// signing certificate made here. Making one costs a signature, so make them before the clock runs.
class SignedCallbacks {
 public:
  // `trust_file` is written: the certificates a receiver must trust.
  SignedCallbacks(int count, std::string trust_file);

  const std::vector<webhook::InboundRequest>& requests() const { return requests_; }
  const std::string& trust_file() const { return trust_file_; }
  // CPU microseconds of one bare RSA-2048 verification of such a callback, from about `seconds`.
  double VerificationUs(double seconds) const;
  // The one host certificates may come from, and what it serves.
  static std::string host();
  net::HttpTransport& transport() { return host_; }

 private:
  // Answers every request with the signing certificate. Safe from any thread.
  class CertificateHost final : public net::HttpTransport {
   public:
    void Serve(std::string certificate) { certificate_ = std::move(certificate); }
    Result<net::HttpResponse> Send(const net::HttpRequest&) override {
      return net::HttpResponse{200, {}, certificate_};
    }

   private:
    std::string certificate_;
  };

  void WriteTrust(const test::Identity& root, const test::Identity& issuing) const;

  std::string trust_file_;
  test::Identity signer_;
  CertificateHost host_;
  std::vector<webhook::InboundRequest> requests_;
};

}  // namespace cosell::bench

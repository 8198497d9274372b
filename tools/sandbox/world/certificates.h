#pragma once

#include "tools/sandbox/world/handler.h"
#include "tools/sandbox/world/signing.h"
#include "tools/sandbox/world/switches.h"

namespace cosell::sandbox {

// The certificate host: /cert/pcnotifications-dispatch.microsoft.com.cer (PEM or DER by switch),
// the certificates of the tampering modes, and the intermediates as /cert/*.crt (DER), which is all
// the plain-http AIA origin serves. Single-threaded.
class CertificateHost final : public Handler {
 public:
  CertificateHost(SigningChain& chain, const Switches& switches)
      : chain_(chain), switches_(switches) {}
  net::HttpResponse Handle(const net::HttpRequest& request) override;

 private:
  std::string Leaf(SigningChain::Leaf leaf);

  SigningChain& chain_;
  const Switches& switches_;
};

// The path of a leaf's certificate on its host.
std::string CertificatePath(SigningChain::Leaf leaf);

}  // namespace cosell::sandbox

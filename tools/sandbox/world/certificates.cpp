#include "tools/sandbox/world/certificates.h"

#include "tools/sandbox/world/encoding.h"
#include "tools/sandbox/world/reply.h"

namespace cosell::sandbox {

std::string CertificatePath(SigningChain::Leaf leaf) {
  switch (leaf) {
    case SigningChain::Leaf::expired:
      return "/cert/expired.cer";
    case SigningChain::Leaf::foreign_issuer:
      return "/cert/foreign-issuer.cer";
    case SigningChain::Leaf::untrusted_root:
      return "/cert/untrusted-root.cer";
    case SigningChain::Leaf::honest:
      break;
  }
  return "/cert/pcnotifications-dispatch.microsoft.com.cer";
}

std::string CertificateHost::Leaf(SigningChain::Leaf leaf) {
  if (!switches_.certificate_pem) return chain_.LeafDer(leaf);
  return chain_.LeafPem(leaf) + (switches_.certificate_bundle ? chain_.IntermediatePem() : "");
}

net::HttpResponse CertificateHost::Handle(const net::HttpRequest& request) {
  const std::string path = ParseUrl(request.url).path;
  if (request.method != "GET") return TextReply(405, "Method not allowed", "text/plain");
  using L = SigningChain::Leaf;
  for (const L leaf : {L::honest, L::expired, L::foreign_issuer, L::untrusted_root})
    if (path == CertificatePath(leaf))
      return TextReply(200, Leaf(leaf), "application/octet-stream");
  if (path == "/cert/intermediate.crt")
    return TextReply(200, chain_.IntermediateDer(false), "application/pkix-cert");
  if (path == "/cert/foreign-intermediate.crt")
    return TextReply(200, chain_.IntermediateDer(true), "application/pkix-cert");
  return TextReply(404, "The specified resource does not exist.", "text/plain");
}

}  // namespace cosell::sandbox

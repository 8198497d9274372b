#include "net/entra_proof.h"

#include "net/client_assertion.h"

namespace cosell::net {

Status AddEntraProof(const EntraIdentity& identity, const std::string& token_url, Secrets& secrets,
                     const Clock& clock, Random& random, Parameters& form) {
  if (!identity.certificate_file.empty()) {
    const auto assertion = MakeClientAssertion(identity.certificate_file, identity.private_key_file,
                                               identity.client_id, token_url, clock.Now(), random);
    if (!assertion) return assertion.error();
    form.emplace_back("client_assertion_type",
                      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.emplace_back("client_assertion", *assertion);
  } else if (!identity.client_secret.empty()) {
    const auto secret = secrets.Read(identity.client_secret);
    if (!secret) return secret.error();
    form.emplace_back("client_secret", *secret);
  }
  return Done{};
}

}  // namespace cosell::net

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace cosell::webhook {

// What became of a signature.
enum class Verdict {
  genuine,
  certificate_unreadable,  // the file holds no certificate
  certificate_expired,     // some certificate of the chain is outside its validity
  chain_untrusted,         // no path to an anchor
  issuer_refused,          // the issuer's organisation is another one
  key_refused,             // not RSA, or shorter than 2048 bits
  signature_wrong,         // the bytes were not signed with this key
};

// A body and what is said to prove it. Views; valid during the call only.
struct SignedBody {
  std::string_view body;              // as received
  std::string_view signature;         // decoded
  std::string hash;                   // "sha256", "sha384", "sha512"
  std::string_view certificate_file;  // PEM (the first is the signer's) or DER
};

// Steps 7 to 10 of contract partner-center.md section 4.4. Server-auth purpose is not asked for:
// the certificate signs messages, not connections. Immutable; safe from any thread.
class SignatureVerifier {
 public:
  // `ca_files` (PEM or DER, absolute paths) hold the anchors, which are their self-signed
  // certificates, and any intermediates; when empty the system's anchors count. Throws
  // std::invalid_argument naming a file that cannot be read, or when they hold no anchor.
  SignatureVerifier(std::string issuer_organization, const std::vector<std::string>& ca_files);
  ~SignatureVerifier();

  // Delivers the issuer certificate a caIssuers URL stands for; nothing when that URL is not
  // allowed or does not answer.
  using FetchIssuer = std::function<std::optional<std::string>(const std::string& url)>;

  // Validity is judged at `now`. Missing intermediates are asked of `fetch_issuer`, at most four.
  Verdict Verify(const SignedBody& signed_body, Instant now, const FetchIssuer& fetch_issuer) const;

 private:
  struct Trust;
  const std::string issuer_organization_;
  const std::unique_ptr<Trust> trust_;
};

}  // namespace cosell::webhook

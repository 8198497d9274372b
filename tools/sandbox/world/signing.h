#pragma once

#include <memory>
#include <string>

namespace cosell::sandbox {

// The keys and certificates webhooks are signed with (contract partner-center.md 4.4): root ->
// intermediate (O=Microsoft Corporation) -> leaf, RSA-2048, valid 2020 to 2049; and the wrong ones
// for tampering. Made by OpenSSL at first use, so a world that delivers nothing pays nothing, and
// shared by all worlds of one process, because RSA keys take long to make; the only part of a world
// that is not repeatable. Single-threaded; chains of different worlds may be used by different
// threads.
class SigningChain {
 public:
  // `aia_origin`: where leaves say their intermediate can be fetched ("http://host:port").
  explicit SigningChain(std::string aia_origin);
  ~SigningChain();

  enum class Leaf { honest, expired, foreign_issuer, untrusted_root };

  std::string RootPem();
  std::string IntermediatePem();
  // The certificate as the certificate host serves it.
  std::string LeafPem(Leaf leaf);
  std::string LeafDer(Leaf leaf);
  std::string IntermediateDer(bool foreign);

  // Base64 of the signature over the raw body, with the leaf's key (or a key nobody certified).
  std::string Sign(const std::string& body, bool sha1 = false);
  std::string SignWithWrongKey(const std::string& body);

  // Renews the leaf under the same URL, with a new key.
  void RotateLeaf();

 private:
  struct Material;
  static std::shared_ptr<const Material> Shared(const std::string& aia_origin);
  const Material& Made();
  std::string aia_origin_;
  std::shared_ptr<const Material> material_;
};

}  // namespace cosell::sandbox

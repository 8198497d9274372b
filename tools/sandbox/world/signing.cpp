#include "tools/sandbox/world/signing.h"

#include <map>
#include <mutex>

#include "tools/sandbox/world/encoding.h"
#include "tools/sandbox/world/x509.h"

namespace cosell::sandbox {
namespace {

constexpr const char* kLeafName = "pcnotifications-dispatch.microsoft.com";
constexpr const char* kMicrosoft = "Microsoft Corporation";

// The same key once more; OpenSSL counts the owners.
KeyPtr Shared(const KeyPtr& key) {
  EVP_PKEY_up_ref(key.get());
  return {key.get(), EVP_PKEY_free};
}
CertificatePtr Shared(const CertificatePtr& certificate) {
  X509_up_ref(certificate.get());
  return {certificate.get(), X509_free};
}

CertificatePtr NewAuthority(const char* name, const char* organization, EVP_PKEY* key, X509* issuer,
                            EVP_PKEY* issuer_key) {
  CertificateWish wish;
  wish.common_name = name;
  wish.organization = organization;
  wish.authority = true;
  return NewCertificate(wish, key, issuer, issuer_key);
}

}  // namespace

struct SigningChain::Material {
  explicit Material(const std::string& aia_origin) : aia(aia_origin) { MakeLeaves(); }
  // The same authorities with a new leaf.
  explicit Material(const Material& other)
      : aia(other.aia),
        root_key(cosell::sandbox::Shared(other.root_key)),
        intermediate_key(cosell::sandbox::Shared(other.intermediate_key)),
        other_key(cosell::sandbox::Shared(other.other_key)),
        root(cosell::sandbox::Shared(other.root)),
        intermediate(cosell::sandbox::Shared(other.intermediate)),
        foreign_intermediate(cosell::sandbox::Shared(other.foreign_intermediate)),
        other_root(cosell::sandbox::Shared(other.other_root)) {
    MakeLeaves();
  }

  CertificateWish LeafWish(const char* issuer_file) const {
    CertificateWish wish;
    wish.common_name = kLeafName;
    wish.organization = kMicrosoft;
    wish.issuers_url = aia + "/cert/" + issuer_file;
    return wish;
  }

  void MakeLeaves() {
    honest = NewCertificate(LeafWish("intermediate.crt"), leaf_key.get(), intermediate.get(),
                            intermediate_key.get());
    CertificateWish old = LeafWish("intermediate.crt");
    old.not_after = "20210101000000Z";
    expired = NewCertificate(old, leaf_key.get(), intermediate.get(), intermediate_key.get());
    foreign = NewCertificate(LeafWish("foreign-intermediate.crt"), leaf_key.get(),
                             foreign_intermediate.get(), intermediate_key.get());
    untrusted = NewCertificate(LeafWish("intermediate.crt"), leaf_key.get(), other_root.get(),
                               other_key.get());
  }

  std::string aia;
  KeyPtr root_key = NewRsaKey();
  KeyPtr intermediate_key = NewRsaKey();
  KeyPtr leaf_key = NewRsaKey();
  KeyPtr other_key = NewRsaKey();
  CertificatePtr root =
      NewAuthority("Sandbox Signature Root", kMicrosoft, root_key.get(), nullptr, root_key.get());
  CertificatePtr intermediate = NewAuthority("Sandbox Signature CA", kMicrosoft,
                                             intermediate_key.get(), root.get(), root_key.get());
  CertificatePtr foreign_intermediate =
      NewAuthority("Tailspin CA", "Not Microsoft Corporation", intermediate_key.get(), root.get(),
                   root_key.get());
  CertificatePtr other_root =
      NewAuthority("Sandbox Signature CA", kMicrosoft, other_key.get(), nullptr, other_key.get());
  CertificatePtr honest{nullptr, X509_free};
  CertificatePtr expired{nullptr, X509_free};
  CertificatePtr foreign{nullptr, X509_free};
  CertificatePtr untrusted{nullptr, X509_free};

  X509* Of(Leaf leaf) const {
    switch (leaf) {
      case Leaf::expired:
        return expired.get();
      case Leaf::foreign_issuer:
        return foreign.get();
      case Leaf::untrusted_root:
        return untrusted.get();
      case Leaf::honest:
        break;
    }
    return honest.get();
  }
};

SigningChain::SigningChain(std::string aia_origin) : aia_origin_(std::move(aia_origin)) {}
SigningChain::~SigningChain() = default;

std::shared_ptr<const SigningChain::Material> SigningChain::Shared(const std::string& aia_origin) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const Material>> made;
  const std::lock_guard lock(mutex);
  std::shared_ptr<const Material>& material = made[aia_origin];
  if (!material) material = std::make_shared<const Material>(aia_origin);
  return material;
}

const SigningChain::Material& SigningChain::Made() {
  if (!material_) material_ = Shared(aia_origin_);
  return *material_;
}

std::string SigningChain::RootPem() { return ToPem(Made().root.get()); }
std::string SigningChain::IntermediatePem() { return ToPem(Made().intermediate.get()); }
std::string SigningChain::LeafPem(Leaf leaf) { return ToPem(Made().Of(leaf)); }
std::string SigningChain::LeafDer(Leaf leaf) { return ToDer(Made().Of(leaf)); }

std::string SigningChain::IntermediateDer(bool foreign) {
  return ToDer(foreign ? Made().foreign_intermediate.get() : Made().intermediate.get());
}

std::string SigningChain::Sign(const std::string& body, bool sha1) {
  return Base64(SignBytes(Made().leaf_key.get(), sha1 ? EVP_sha1() : EVP_sha256(), body));
}

std::string SigningChain::SignWithWrongKey(const std::string& body) {
  return Base64(SignBytes(Made().other_key.get(), EVP_sha256(), body));
}

void SigningChain::RotateLeaf() { material_ = std::make_shared<const Material>(Made()); }

}  // namespace cosell::sandbox

#pragma once

#include <openssl/x509.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// X.509 by OpenSSL, for the .cpp files of this room only. Functions are pure and leave nothing in
// OpenSSL's per-thread error queue.
namespace cosell::webhook {

struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeX509Stack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
struct FreeStore {
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
};
using Certificate = std::unique_ptr<X509, FreeX509>;
using Certificates = std::vector<Certificate>;

// Every certificate in a PEM text, or the one of a DER file. Empty when there is none, or when a
// PEM text breaks off within one.
Certificates ParseCertificates(std::string_view file);

bool IsSelfSigned(X509* certificate);

// The issuer's organisation (attribute O) as UTF-8; nothing unless there is exactly one.
std::optional<std::string> IssuerOrganization(const X509* certificate);

// The URLs a certificate names for its issuer's certificate (AIA caIssuers), in its order.
std::vector<std::string> IssuerUrls(const X509* certificate);

// Whether the certificate's key is RSA with at least 2048 bits.
bool HasStrongRsaKey(X509* certificate);

// RSASSA-PKCS1-v1_5 over `message`; `hash` is "sha256", "sha384" or "sha512".
bool VerifyRsa(X509* certificate, const std::string& hash, std::string_view signature,
               std::string_view message);

}  // namespace cosell::webhook

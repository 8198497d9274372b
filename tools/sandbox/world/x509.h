#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

// Certificates made on the spot, on OpenSSL. Not for the headers other rooms include. Every
// function throws std::runtime_error when OpenSSL fails.
namespace cosell::sandbox {

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using CertificatePtr = std::unique_ptr<X509, decltype(&X509_free)>;

KeyPtr NewRsaKey();  // 2048 bits

struct CertificateWish {
  std::string common_name;
  std::string organization;
  bool authority = false;         // may sign certificates
  std::string alternative_names;  // "DNS:localhost,IP:127.0.0.1"; empty: none
  std::string issuers_url;        // Authority Information Access; empty: none
  std::string not_before = "20200101000000Z";
  std::string not_after = "20491231000000Z";
};

// Signed by `issuer` and its key; self-signed when `issuer` is null (then `issuer_key` is `key`).
CertificatePtr NewCertificate(const CertificateWish& wish, EVP_PKEY* key, X509* issuer,
                              EVP_PKEY* issuer_key);

std::string ToPem(X509* certificate);
std::string ToDer(X509* certificate);
std::string ToPem(EVP_PKEY* key);  // PKCS #8, not encrypted

// RSASSA-PKCS1-v1_5; the raw signature.
std::string SignBytes(EVP_PKEY* key, const EVP_MD* digest, const std::string& bytes);

}  // namespace cosell::sandbox

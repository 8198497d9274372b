#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace cosell::test {

struct FreeOpenSsl {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

// A certificate and its key. A value.
struct Identity {
  std::shared_ptr<X509> certificate;
  std::shared_ptr<EVP_PKEY> key;
};

// What a certificate shall say.
struct Wish {
  std::string common_name;
  std::vector<std::string> organizations{"Microsoft Corporation"};
  bool is_authority = false;
  std::string issuer_url;  // AIA caIssuers
  Instant from;
  Instant until;
  const EVP_MD* digest = EVP_sha256();
};

std::shared_ptr<EVP_PKEY> NewRsaKey(unsigned bits = 2048);
std::shared_ptr<EVP_PKEY> NewEllipticKey();

// A self-signed root, and a certificate signed by `issuer`.
Identity MakeRoot(const Wish& wish, std::shared_ptr<EVP_PKEY> key);
Identity Issue(const Wish& wish, std::shared_ptr<EVP_PKEY> key, const Identity& issuer);

std::string Pem(const Identity& identity);
std::string Der(const Identity& identity);

// Base64 of an RSASSA-PKCS1-v1_5 signature.
std::string Sign(const Identity& identity, std::string_view message,
                 const EVP_MD* digest = EVP_sha256());
std::string Base64(std::string_view bytes);

}  // namespace cosell::test

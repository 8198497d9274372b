#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

// Internal to net: certificates and keys from PEM files. Errors are invalid_input and name the
// file, never what is in it.
namespace cosell::net {

struct FreeOpenSsl {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Certificate = std::unique_ptr<X509, FreeOpenSsl>;
using PrivateKey = std::unique_ptr<EVP_PKEY, FreeOpenSsl>;

// All certificates of a file, at least one, in its order.
Result<std::vector<Certificate>> ReadCertificates(const std::string& path);
// The private key of a file; one under a passphrase cannot be used.
Result<PrivateKey> ReadPrivateKey(const std::string& path);

}  // namespace cosell::net

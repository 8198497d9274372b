#include "tools/sandbox/world/x509.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace cosell::sandbox {
namespace {

void Need(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL could not make ") + what);
}

void AddName(X509_NAME* name, const char* field, const std::string& value) {
  if (value.empty()) return;
  Need(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(value.data()),
                                  static_cast<int>(value.size()), -1, 0) == 1,
       "a name");
}

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()), X509_EXTENSION_free);
  Need(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "an extension");
}

void AddExtensions(X509* certificate, X509* issuer, const CertificateWish& wish) {
  AddExtension(certificate, issuer, NID_basic_constraints,
               wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  AddExtension(certificate, issuer, NID_key_usage,
               wish.authority ? "critical,keyCertSign,cRLSign"
                              : "critical,digitalSignature,keyEncipherment");
  AddExtension(certificate, issuer, NID_subject_key_identifier, "hash");
  AddExtension(certificate, issuer, NID_authority_key_identifier, "keyid");
  if (!wish.alternative_names.empty()) {
    AddExtension(certificate, issuer, NID_subject_alt_name, wish.alternative_names);
    AddExtension(certificate, issuer, NID_ext_key_usage, "serverAuth");
  }
  if (!wish.issuers_url.empty())
    AddExtension(certificate, issuer, NID_info_access, "caIssuers;URI:" + wish.issuers_url);
}

void SetSerial(X509* certificate) {
  unsigned char bytes[8];
  Need(RAND_bytes(bytes, sizeof bytes) == 1, "a serial number");
  std::uint64_t serial = 0;
  for (const unsigned char byte : bytes) serial = serial << 8 | byte;
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1);
}

std::string Drain(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

}  // namespace

KeyPtr NewRsaKey() {
  KeyPtr key(EVP_RSA_gen(2048), EVP_PKEY_free);
  Need(key != nullptr, "a key");
  return key;
}

CertificatePtr NewCertificate(const CertificateWish& wish, EVP_PKEY* key, X509* issuer,
                              EVP_PKEY* issuer_key) {
  CertificatePtr made(X509_new(), X509_free);
  X509* certificate = made.get();
  Need(certificate != nullptr, "a certificate");
  X509_set_version(certificate, 2);
  SetSerial(certificate);
  Need(ASN1_TIME_set_string(X509_getm_notBefore(certificate), wish.not_before.c_str()) == 1 &&
           ASN1_TIME_set_string(X509_getm_notAfter(certificate), wish.not_after.c_str()) == 1,
       "a validity");
  AddName(X509_get_subject_name(certificate), "O", wish.organization);
  AddName(X509_get_subject_name(certificate), "CN", wish.common_name);
  X509* parent = issuer == nullptr ? certificate : issuer;
  X509_set_issuer_name(certificate, X509_get_subject_name(parent));
  X509_set_pubkey(certificate, key);
  AddExtensions(certificate, parent, wish);
  Need(X509_sign(certificate, issuer_key, EVP_sha256()) > 0, "a signature");
  return made;
}

std::string ToPem(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()), BIO_free);
  Need(PEM_write_bio_X509(bio.get(), certificate) == 1, "PEM");
  return Drain(bio.get());
}

std::string ToDer(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()), BIO_free);
  Need(i2d_X509_bio(bio.get(), certificate) == 1, "DER");
  return Drain(bio.get());
}

std::string ToPem(EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_mem()), BIO_free);
  Need(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
       "PEM");
  return Drain(bio.get());
}

std::string SignBytes(EVP_PKEY* key, const EVP_MD* digest, const std::string& bytes) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  Need(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key) == 1, "a signature");
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key));
  std::string signature(size, '\0');
  Need(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                      reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) == 1,
       "a signature");
  signature.resize(size);
  return signature;
}

}  // namespace cosell::sandbox

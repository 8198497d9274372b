#include "tests/webhook/signing_authority.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace cosell::test {
namespace {

void Check(bool good) {
  if (!good) throw std::runtime_error("OpenSSL refused to build the test certificates");
}

void AddToName(X509_NAME* name, const char* attribute, const std::string& value) {
  Check(X509_NAME_add_entry_by_txt(name, attribute, MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(value.data()),
                                   static_cast<int>(value.size()), -1, 0) == 1);
}

void AddExtension(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  Check(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

std::time_t Seconds(Instant at) { return static_cast<std::time_t>(ToUnixMs(at) / 1000); }

std::shared_ptr<X509> Unsigned(const Wish& wish, EVP_PKEY* key) {
  static long serial = 0;
  std::shared_ptr<X509> made(X509_new(), FreeOpenSsl{});
  X509* const certificate = made.get();
  Check(X509_set_version(certificate, X509_VERSION_3) == 1);
  Check(ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial) == 1);
  Check(ASN1_TIME_set(X509_getm_notBefore(certificate), Seconds(wish.from)) != nullptr);
  Check(ASN1_TIME_set(X509_getm_notAfter(certificate), Seconds(wish.until)) != nullptr);
  AddToName(X509_get_subject_name(certificate), "CN", wish.common_name);
  for (const auto& name : wish.organizations) {
    AddToName(X509_get_subject_name(certificate), "O", name);
  }
  Check(X509_set_pubkey(certificate, key) == 1);
  AddExtension(certificate, NID_basic_constraints,
               wish.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!wish.issuer_url.empty()) {
    AddExtension(certificate, NID_info_access, "caIssuers;URI:" + wish.issuer_url);
  }
  return made;
}

std::string Content(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(length));
  BIO_free(bio);
  return text;
}

}  // namespace

std::shared_ptr<EVP_PKEY> NewRsaKey(unsigned bits) {
  std::shared_ptr<EVP_PKEY> key(EVP_RSA_gen(bits), FreeOpenSsl{});
  Check(key != nullptr);
  return key;
}

std::shared_ptr<EVP_PKEY> NewEllipticKey() {
  std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), FreeOpenSsl{});
  Check(key != nullptr);
  return key;
}

Identity MakeRoot(const Wish& wish, std::shared_ptr<EVP_PKEY> key) {
  Identity root{Unsigned(wish, key.get()), std::move(key)};
  X509* const certificate = root.certificate.get();
  Check(X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1);
  Check(X509_sign(certificate, root.key.get(), wish.digest) != 0);
  return root;
}

Identity Issue(const Wish& wish, std::shared_ptr<EVP_PKEY> key, const Identity& issuer) {
  Identity made{Unsigned(wish, key.get()), std::move(key)};
  Check(X509_set_issuer_name(made.certificate.get(),
                             X509_get_subject_name(issuer.certificate.get())) == 1);
  Check(X509_sign(made.certificate.get(), issuer.key.get(), wish.digest) != 0);
  return made;
}

std::string Pem(const Identity& identity) {
  BIO* bio = BIO_new(BIO_s_mem());
  Check(PEM_write_bio_X509(bio, identity.certificate.get()) == 1);
  return Content(bio);
}

std::string Der(const Identity& identity) {
  BIO* bio = BIO_new(BIO_s_mem());
  Check(i2d_X509_bio(bio, identity.certificate.get()) == 1);
  return Content(bio);
}

std::string Sign(const Identity& identity, std::string_view message, const EVP_MD* digest) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  std::size_t length = 0;
  Check(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, identity.key.get()) == 1);
  Check(EVP_DigestSign(context.get(), nullptr, &length, bytes, message.size()) == 1);
  std::string signature(length, '\0');
  Check(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                       bytes, message.size()) == 1);
  signature.resize(length);
  return Base64(signature);
}

std::string Base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

}  // namespace cosell::test

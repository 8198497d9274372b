#include "webhook/certificates.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <limits>

namespace cosell::webhook {
namespace {

constexpr int kRsaBitsMin = 2048;
constexpr std::string_view kPemMark = "-----BEGIN";

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Certificates ParsePem(std::string_view file) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(file.data(), static_cast<int>(file.size())), &BIO_free);
  Certificates certificates;
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(certificate);
  }
  // The end of the text is an error like any other here; it alone is no fault.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) certificates.clear();
  return certificates;
}

Certificates ParseDer(std::string_view file) {
  Certificates certificates;
  const unsigned char* at = Bytes(file);
  Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(file.size())));
  if (certificate && at == Bytes(file) + file.size()) {
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

std::optional<std::string> Utf8(const ASN1_STRING* text) {
  unsigned char* utf8 = nullptr;
  const int length = ASN1_STRING_to_UTF8(&utf8, text);
  if (length < 0) return std::nullopt;
  std::string copy(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(length));
  OPENSSL_free(utf8);
  return copy;
}

}  // namespace

Certificates ParseCertificates(std::string_view file) {
  if (file.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return {};
  ERR_clear_error();
  auto certificates =
      file.find(kPemMark) != std::string_view::npos ? ParsePem(file) : ParseDer(file);
  ERR_clear_error();
  return certificates;
}

bool IsSelfSigned(X509* certificate) { return X509_self_signed(certificate, 0) == 1; }

std::optional<std::string> IssuerOrganization(const X509* certificate) {
  const X509_NAME* issuer = X509_get_issuer_name(certificate);
  const int at = X509_NAME_get_index_by_NID(issuer, NID_organizationName, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(issuer, NID_organizationName, at) >= 0) {
    return std::nullopt;
  }
  return Utf8(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(issuer, at)));
}

std::vector<std::string> IssuerUrls(const X509* certificate) {
  std::vector<std::string> urls;
  const std::unique_ptr<AUTHORITY_INFO_ACCESS, decltype(&AUTHORITY_INFO_ACCESS_free)> access(
      static_cast<AUTHORITY_INFO_ACCESS*>(
          X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr)),
      &AUTHORITY_INFO_ACCESS_free);
  ERR_clear_error();
  if (!access) return urls;
  for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
    const ACCESS_DESCRIPTION* description = sk_ACCESS_DESCRIPTION_value(access.get(), i);
    if (OBJ_obj2nid(description->method) != NID_ad_ca_issuers ||
        description->location->type != GEN_URI) {
      continue;
    }
    const ASN1_STRING* uri = description->location->d.uniformResourceIdentifier;
    urls.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                      static_cast<std::size_t>(ASN1_STRING_length(uri)));
  }
  return urls;
}

bool HasStrongRsaKey(X509* certificate) {
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  const bool strong = key != nullptr && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
                      EVP_PKEY_get_bits(key) >= kRsaBitsMin;
  ERR_clear_error();
  return strong;
}

bool VerifyRsa(X509* certificate, const std::string& hash, std::string_view signature,
               std::string_view message) {
  const EVP_MD* digest = EVP_get_digestbyname(hash.c_str());
  EVP_PKEY* key = X509_get0_pubkey(certificate);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  // For an RSA key the padding is PKCS #1 v1.5 unless something else is asked for.
  const bool good = digest != nullptr && key != nullptr && context &&
                    EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
                    EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                                     Bytes(message), message.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace cosell::webhook

#include "tools/sandbox/salesforce/access/jwt.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/text.h"
#include "tools/sandbox/world/encoding.h"
#include "tools/sandbox/world/x509.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

std::string TextOf(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<std::int64_t> WholeNumber(const std::string& digits) {
  std::int64_t number = 0;
  const char* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, number);
  if (error != std::errc() || end != last) return std::nullopt;
  return number;
}

std::optional<std::int64_t> SecondsOf(const Json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end()) return std::nullopt;
  if (found->is_string()) return WholeNumber(found->get<std::string>());
  if (found->is_number_integer()) return found->get<std::int64_t>();
  // Python clients write time.time() + 180 as it comes.
  const double number = found->is_number() ? found->get<double>() : -1;
  if (number < 0 || number > 1e15) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

KeyPtr PublicKeyOf(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  if (pem.find("CERTIFICATE") == std::string::npos) {
    return KeyPtr(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  }
  const CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr),
                                   X509_free);
  return KeyPtr(certificate ? X509_get_pubkey(certificate.get()) : nullptr, EVP_PKEY_free);
}

const unsigned char* Bytes(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool Verify(EVP_PKEY* key, const BearerAssertion& assertion) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(assertion.signature), assertion.signature.size(),
                          Bytes(assertion.signed_part), assertion.signed_part.size()) == 1;
}

}  // namespace

std::optional<BearerAssertion> ParseBearerAssertion(std::string_view text) {
  const std::vector<std::string> parts = Split(text, '.');
  if (parts.size() != 3) return std::nullopt;
  const Json header = Json::parse(FromBase64Url(parts[0]), nullptr, false);
  const Json claims = Json::parse(FromBase64Url(parts[1]), nullptr, false);
  if (!header.is_object() || !claims.is_object()) return std::nullopt;
  if (TextOf(header, "alg") != "RS256") return std::nullopt;
  return BearerAssertion{TextOf(claims, "iss"),     TextOf(claims, "sub"),
                         TextOf(claims, "aud"),     SecondsOf(claims, "exp"),
                         parts[0] + "." + parts[1], FromBase64Url(parts[2])};
}

bool IsSignedBy(const BearerAssertion& assertion, const std::string& pem) {
  const KeyPtr key = PublicKeyOf(pem);
  const bool signed_by =
      key && EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA && Verify(key.get(), assertion);
  ERR_clear_error();
  return signed_by;
}

}  // namespace cosell::sandbox

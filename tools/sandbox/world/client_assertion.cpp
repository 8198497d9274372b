#include "tools/sandbox/world/client_assertion.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tools/sandbox/world/encoding.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key PublicKeyOf(const std::string& certificate_pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())), BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
  return Key(certificate ? X509_get_pubkey(certificate.get()) : nullptr, EVP_PKEY_free);
}

bool SignatureHolds(EVP_PKEY* key, bool pss, std::string_view signed_text,
                    const std::string& signature) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  EVP_PKEY_CTX* key_context = nullptr;
  if (EVP_DigestVerifyInit(context.get(), &key_context, EVP_sha256(), nullptr, key) != 1)
    return false;
  if (pss && EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) != 1) return false;
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(),
                          reinterpret_cast<const unsigned char*>(signed_text.data()),
                          signed_text.size()) == 1;
}

std::string TextOf(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

bool ClaimsHold(const Json& claims, std::string_view client_id, std::string_view endpoint,
                Instant now) {
  if (!claims.is_object() || !claims.contains("exp") || !claims["exp"].is_number()) return false;
  return EqualsIgnoreCase(TextOf(claims, "iss"), client_id) &&
         EqualsIgnoreCase(TextOf(claims, "sub"), client_id) &&
         EqualsIgnoreCase(TextOf(claims, "aud"), endpoint) &&
         claims["exp"].get<double>() * 1000 > static_cast<double>(ToUnixMs(now));
}

}  // namespace

bool VerifyClientAssertion(std::string_view assertion, const std::string& certificate_pem,
                           std::string_view client_id, std::string_view endpoint, Instant now) {
  const std::vector<std::string> parts = Split(assertion, '.');
  if (parts.size() != 3) return false;
  const Json header = Json::parse(FromBase64Url(parts[0]), nullptr, false);
  const Json claims = Json::parse(FromBase64Url(parts[1]), nullptr, false);
  if (!header.is_object()) return false;
  const std::string algorithm = TextOf(header, "alg");
  if (algorithm != "RS256" && algorithm != "PS256") return false;
  const Key key = PublicKeyOf(certificate_pem);
  return key && ClaimsHold(claims, client_id, endpoint, now) &&
         SignatureHolds(key.get(), algorithm == "PS256", parts[0] + "." + parts[1],
                        FromBase64Url(parts[2]));
}

}  // namespace cosell::sandbox

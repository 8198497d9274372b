#include "net/client_assertion.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/guid.h"
#include "base/time.h"
#include "net/base64.h"
#include "net/pem.h"

namespace cosell::net {
namespace {

constexpr std::int64_t kLifetimeSeconds = 600;

std::string Thumbprint(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  X509_digest(certificate, EVP_sha1(), digest.data(), &length);
  return std::string(reinterpret_cast<const char*>(digest.data()), length);
}

// Empty when OpenSSL cannot sign with this key.
std::string SignRs256(EVP_PKEY* key, const std::string& text) {
  const std::unique_ptr<EVP_MD_CTX, FreeOpenSsl> context(EVP_MD_CTX_new());
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t length = 0;
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &length, bytes, text.size()) != 1) {
    return {};
  }
  std::string signature(length, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), out, &length, bytes, text.size()) != 1) return {};
  signature.resize(length);
  return signature;
}

std::string Part(const nlohmann::json& json) {
  return Base64Url(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

Result<std::string> MakeClientAssertion(const std::string& certificate_file,
                                        const std::string& private_key_file,
                                        const std::string& client_id, const std::string& token_url,
                                        Instant now, Random& random) {
  const auto certificates = ReadCertificates(certificate_file);
  if (!certificates) return certificates.error();
  const auto key = ReadPrivateKey(private_key_file);
  if (!key) return key.error();
  const X509* const certificate = certificates->front().get();
  const bool pair = EVP_PKEY_get_base_id(key->get()) == EVP_PKEY_RSA &&
                    X509_check_private_key(certificate, key->get()) == 1;
  ERR_clear_error();
  if (!pair) {
    return Error{.kind = ErrorKind::invalid_input,
                 .message = private_key_file + ": is not the RSA key of the certificate in " +
                            certificate_file};
  }
  const std::int64_t seconds = ToUnixMs(now) / 1000;
  const std::string signed_part =
      Part({{"alg", "RS256"}, {"typ", "JWT"}, {"x5t", Base64Url(Thumbprint(certificate))}}) + "." +
      Part({{"aud", token_url},
            {"iss", client_id},
            {"sub", client_id},
            {"jti", NewGuid(random)},
            {"iat", seconds},
            {"nbf", seconds},
            {"exp", seconds + kLifetimeSeconds}});
  const std::string signature = SignRs256(key->get(), signed_part);
  ERR_clear_error();
  if (signature.empty()) {
    return Error{.kind = ErrorKind::invalid_input,
                 .message = private_key_file + ": OpenSSL cannot sign with this key"};
  }
  return signed_part + "." + Base64Url(signature);
}

}  // namespace cosell::net

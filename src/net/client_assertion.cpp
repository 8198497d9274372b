#include "net/client_assertion.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/guid.h"
#include "base/time.h"
#include "net/base64.h"
#include "net/jwt.h"
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

std::string Text(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
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
  const nlohmann::json header{
      {"alg", "RS256"}, {"typ", "JWT"}, {"x5t", Base64Url(Thumbprint(certificate))}};
  const nlohmann::json claims{{"aud", token_url},
                              {"iss", client_id},
                              {"sub", client_id},
                              {"jti", NewGuid(random)},
                              {"iat", seconds},
                              {"nbf", seconds},
                              {"exp", seconds + kLifetimeSeconds}};
  return SignJwt(key->get(), private_key_file, Text(header), Text(claims));
}

}  // namespace cosell::net

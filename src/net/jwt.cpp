#include "net/jwt.h"

#include <openssl/err.h>

#include "net/base64.h"

namespace cosell::net {
namespace {

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

}  // namespace

Result<std::string> SignJwt(EVP_PKEY* key, const std::string& key_file, const std::string& header,
                            const std::string& claims) {
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
    return Error{.kind = ErrorKind::invalid_input,
                 .message = key_file + ": is no RSA key, and RS256 needs one"};
  }
  const std::string signed_part = Base64Url(header) + "." + Base64Url(claims);
  const std::string signature = SignRs256(key, signed_part);
  ERR_clear_error();
  if (signature.empty()) {
    return Error{.kind = ErrorKind::invalid_input,
                 .message = key_file + ": OpenSSL cannot sign with this key"};
  }
  return signed_part + "." + Base64Url(signature);
}

}  // namespace cosell::net

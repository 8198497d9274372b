#include "net/pkce.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

#include "net/base64.h"

namespace cosell::net {
namespace {

constexpr std::size_t kVerifierBytes = 32;  // 43 characters, the least that is allowed

}  // namespace

std::string RandomText(std::size_t bytes) {
  std::string text(bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(text.data()), static_cast<int>(bytes)) != 1) {
    throw std::runtime_error("the operating system gives no random numbers");
  }
  return Base64Url(text);
}

std::string ChallengeOf(std::string_view verifier) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(verifier.data(), verifier.size(), digest.data(), &size, EVP_sha256(), nullptr) !=
      1) {
    throw std::runtime_error("SHA-256 is not available");
  }
  return Base64Url({reinterpret_cast<const char*>(digest.data()), size});
}

Pkce MakePkce() {
  Pkce pkce;
  pkce.verifier = RandomText(kVerifierBytes);
  pkce.challenge = ChallengeOf(pkce.verifier);
  return pkce;
}

}  // namespace cosell::net

#include "model/digest.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace cosell {
namespace {

std::string Hex(const unsigned char* bytes, std::size_t size) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  out.reserve(size * 2);
  for (std::size_t i = 0; i < size; ++i) {
    out += kHex[bytes[i] >> 4];
    out += kHex[bytes[i] & 0xf];
  }
  return out;
}

using Digest = std::array<unsigned char, 32>;

// Looked up once, for as long as the process lives: looking up takes longer than most digests.
const EVP_MD* Algorithm(const char* name) { return EVP_MD_fetch(nullptr, name, nullptr); }

const EVP_MD* Sha256() {
  static const EVP_MD* const algorithm = Algorithm("SHA2-256");
  return algorithm;
}

const EVP_MD* Sha3() {
  static const EVP_MD* const algorithm = Algorithm("SHA3-256");
  return algorithm;
}

Digest Compute(const EVP_MD* algorithm, std::string_view bytes) {
  Digest digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm, nullptr) != 1 ||
      size != digest.size()) {
    throw std::runtime_error("OpenSSL could not compute a digest");
  }
  return digest;
}

}  // namespace

std::string Sha256Hex(std::string_view bytes) {
  const Digest digest = Compute(Sha256(), bytes);
  return Hex(digest.data(), digest.size());
}

std::string Sha3Hex(std::string_view bytes) {
  const Digest digest = Compute(Sha3(), bytes);
  return Hex(digest.data(), digest.size());
}

std::string ContentHash(std::string_view bytes) {
  const Digest digest = Compute(Sha256(), bytes);
  return Hex(digest.data(), 16);
}

std::string DerivedGuid(std::string_view space, std::string_view name) {
  std::string text = "cosell-sync:";
  text.append(space).append(":").append(name);
  Digest digest = Compute(Sha256(), text);
  digest[6] = static_cast<unsigned char>((digest[6] & 0x0f) | 0x80);
  digest[8] = static_cast<unsigned char>((digest[8] & 0x3f) | 0x80);
  const std::string hex = Hex(digest.data(), 16);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20, 12);
}

}  // namespace cosell

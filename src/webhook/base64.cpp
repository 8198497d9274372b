#include "webhook/base64.h"

#include <openssl/evp.h>

#include <algorithm>

namespace cosell::webhook {
namespace {

bool IsBase64Char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

}  // namespace

std::optional<std::string> DecodeBase64(std::string_view text, std::size_t bytes_max) {
  if (text.empty() || text.size() % 4 != 0 || text.size() / 4 * 3 > bytes_max + 2) {
    return std::nullopt;
  }
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  const std::string_view digits = text.substr(0, text.size() - padding);
  if (!std::all_of(digits.begin(), digits.end(), IsBase64Char)) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  // OpenSSL counts padding as zero bytes, and would skip blanks if it met any.
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  if (bytes.size() > bytes_max) return std::nullopt;
  return bytes;
}

}  // namespace cosell::webhook

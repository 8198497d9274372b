#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <map>
#include <string>

#include "base/text.h"
#include "net/base64.h"
#include "net/url.h"

// What tests of the sign-ins read off a request to a token endpoint.
namespace cosell::test {

inline std::map<std::string, std::string> FormFields(const std::string& body) {
  std::map<std::string, std::string> fields;
  for (const std::string& pair : Split(body, '&')) {
    const auto equals = pair.find('=');
    fields[net::UrlDecode(pair.substr(0, equals))] = net::UrlDecode(pair.substr(equals + 1));
  }
  return fields;
}

inline std::string FromBase64Url(std::string text) {
  text = ReplaceAll(ReplaceAll(std::move(text), "-", "+"), "_", "/");
  const std::size_t padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string bytes(text.size() / 4 * 3, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                  reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  bytes.resize(bytes.size() - padding);
  return bytes;
}

// Whether the certificate's key signed `text` with RS256; tells the certificate's x5t as well.
inline bool SignatureHolds(const std::string& certificate_file, const std::string& text,
                           const std::string& signature, std::string& thumbprint) {
  std::FILE* const file = std::fopen(certificate_file.c_str(), "rb");
  X509* const certificate = PEM_read_X509(file, nullptr, nullptr, nullptr);
  std::fclose(file);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  X509_digest(certificate, EVP_sha1(), digest, &length);
  thumbprint = net::Base64Url({reinterpret_cast<const char*>(digest), length});
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, X509_get0_pubkey(certificate));
  const int holds = EVP_DigestVerify(
      context, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
      reinterpret_cast<const unsigned char*>(text.data()), text.size());
  EVP_MD_CTX_free(context);
  X509_free(certificate);
  return holds == 1;
}

}  // namespace cosell::test

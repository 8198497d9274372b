#include "tools/sandbox/world/encoding.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace cosell::sandbox {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string WithoutDefaultPort(std::string origin) {
  auto drop = [&origin](std::string_view scheme, std::string_view port) {
    if (origin.starts_with(scheme) && origin.ends_with(port))
      origin.resize(origin.size() - port.size());
  };
  drop("https://", ":443");
  drop("http://", ":80");
  return origin;
}

}  // namespace

std::string Base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), Bytes(bytes),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string Base64Url(std::string_view bytes) {
  std::string out = Base64(bytes);
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  while (out.ends_with('=')) out.pop_back();
  return out;
}

std::string FromBase64Url(std::string_view text) {
  std::string padded(text);
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  const std::size_t padding = (4 - padded.size() % 4) % 4;
  padded.append(padding, '=');
  std::string out(padded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), Bytes(padded),
                                   static_cast<int>(padded.size()));
  if (size < 0 || padding > 2) return "";
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

std::string Sha256(std::string_view bytes) {
  std::string out(32, '\0');
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size,
             EVP_sha256(), nullptr);
  return out;
}

std::string UrlDecode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
        HexDigit(text[i + 2]) >= 0) {
      out += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::map<std::string, std::string> ParseForm(std::string_view text) {
  std::map<std::string, std::string> out;
  for (const std::string& pair : Split(text, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value =
        equals < pair.size() ? std::string_view(pair).substr(equals + 1) : "";
    out[UrlDecode(std::string_view(pair).substr(0, equals))] = UrlDecode(value);
  }
  return out;
}

Url ParseUrl(std::string_view text) {
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return {};
  const std::string scheme = ToLower(text.substr(0, scheme_end));
  if (scheme != "https" && scheme != "http") return {};
  const std::size_t rest = std::min(text.find_first_of("/?", scheme_end + 3), text.size());
  Url url;
  url.origin = WithoutDefaultPort(ToLower(text.substr(0, rest)));
  const std::string_view target = text.substr(rest);
  const std::size_t question = std::min(target.find('?'), target.size());
  url.path = std::string(target.substr(0, question));
  if (url.path.empty()) url.path = "/";
  if (question < target.size()) url.query = std::string(target.substr(question + 1));
  return url;
}

}  // namespace cosell::sandbox

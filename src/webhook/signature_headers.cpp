#include "webhook/signature_headers.h"

#include <array>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "webhook/answers.h"
#include "webhook/base64.h"

namespace cosell::webhook {
namespace {

constexpr std::size_t kSignatureBytesMax = 1024;  // an RSA key of 8192 bits
constexpr std::string_view kScheme = "Signature";

// What follows the scheme word; nothing when the value begins with another word.
std::optional<std::string_view> AfterScheme(std::string_view value) {
  const auto blank = value.find(' ');
  if (!EqualsIgnoreCase(value.substr(0, blank), kScheme)) return std::nullopt;
  return blank == std::string_view::npos ? std::string_view{} : Trim(value.substr(blank));
}

// The base64 text of the signature; nothing when no header offers one.
std::optional<std::string_view> SignatureText(const net::Headers& headers) {
  if (const auto own = net::FindHeader(headers, "x-ms-signature")) {
    const std::string_view value = Trim(*own);
    return value.find(' ') == std::string_view::npos ? value : AfterScheme(value);
  }
  const auto shared = net::FindHeader(headers, "Authorization");
  return shared ? AfterScheme(Trim(*shared)) : std::nullopt;
}

std::optional<std::string> HashOf(std::string_view algorithm) {
  constexpr std::array<std::string_view, 3> kHashes = {"sha256", "sha384", "sha512"};
  for (const std::string_view hash : kHashes) {
    if (EqualsIgnoreCase(algorithm, "rsa-" + std::string(hash))) return std::string(hash);
  }
  return std::nullopt;
}

}  // namespace

std::variant<SignatureClaim, InboundAnswer> ReadSignatureClaim(const net::Headers& headers) {
  const auto text = SignatureText(headers);
  if (!text) {
    return Unauthorized("signature_missing",
                        "Neither x-ms-signature nor Authorization holds a signature.");
  }
  const auto url = net::FindHeader(headers, "X-MS-Certificate-Url");
  if (!url) return BadRequest("certificate_url_missing", "X-MS-Certificate-Url is missing.");
  const auto algorithm = net::FindHeader(headers, "X-MS-Signature-Algorithm");
  if (!algorithm) return BadRequest("algorithm_missing", "X-MS-Signature-Algorithm is missing.");

  auto signature = DecodeBase64(*text, kSignatureBytesMax);
  if (!signature) return Unauthorized("signature_malformed", "The signature is not base64.");
  auto hash = HashOf(Trim(*algorithm));
  if (!hash) {
    return Unauthorized("algorithm_refused",
                        "X-MS-Signature-Algorithm is not rsa-sha256, rsa-sha384 or rsa-sha512.");
  }
  return SignatureClaim{std::move(*signature), std::move(*hash), std::string(Trim(*url))};
}

}  // namespace cosell::webhook

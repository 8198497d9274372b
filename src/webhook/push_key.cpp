#include "webhook/push_key.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "model/digest.h"
#include "net/url.h"
#include "webhook/base64.h"

namespace cosell::webhook {
namespace {

constexpr std::size_t kCredentialBytesMax = 4096;

std::string NonEmpty(std::string_view key) {
  if (key.empty()) throw std::invalid_argument("crm.push.key is empty");
  return std::string(key);
}

std::optional<std::string> BasicPassword(std::string_view authorization) {
  constexpr std::string_view kScheme = "Basic ";
  if (!StartsWithIgnoreCase(authorization, kScheme)) return std::nullopt;
  const auto pair = DecodeBase64(Trim(authorization.substr(kScheme.size())), kCredentialBytesMax);
  if (!pair) return std::nullopt;
  const auto colon = pair->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return pair->substr(colon + 1);
}

}  // namespace

PushKey::PushKey(std::string_view key, std::vector<std::string> query_names)
    : digest_(Sha256Hex(NonEmpty(key))), query_names_(std::move(query_names)) {}

bool PushKey::Opens(const InboundRequest& request) const {
  bool opens = false;
  if (const auto header = net::FindHeader(request.headers, "x-cosell-key")) {
    opens |= Equals(*header);
  }
  if (const auto header = net::FindHeader(request.headers, "Authorization")) {
    opens |= Equals(BasicPassword(*header).value_or(""));
  }
  for (const std::string& pair : Split(request.query, '&')) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos) continue;
    const std::string name = net::UrlDecode(pair.substr(0, equals));
    if (std::find(query_names_.begin(), query_names_.end(), name) == query_names_.end()) continue;
    opens |= Equals(net::UrlDecode(pair.substr(equals + 1)));
  }
  return opens;
}

// Digests have one length and one comparison time, whatever was offered.
bool PushKey::Equals(std::string_view offered) const {
  const std::string digest = Sha256Hex(offered);
  return CRYPTO_memcmp(digest.data(), digest_.data(), digest_.size()) == 0;
}

}  // namespace cosell::webhook

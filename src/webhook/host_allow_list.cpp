#include "webhook/host_allow_list.h"

#include <algorithm>
#include <stdexcept>

#include "base/text.h"
#include "net/url.h"

namespace cosell::webhook {
namespace {

constexpr std::size_t kUrlLengthMax = 512;
constexpr std::string_view kCertificateFolder = "/cert/";
constexpr std::string_view kCertificateEnding = ".cer";

bool IsPlainNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

bool IsPlainName(std::string_view name) {
  return !name.empty() && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), IsPlainNameChar);
}

// Not the parser's word alone: what has no place in such a URL is refused in the text itself, so
// that no two parsers can disagree about what it means.
std::optional<net::Url> ParsePlainUrl(std::string_view text) {
  if (text.size() > kUrlLengthMax || text.find_first_of("@?#%\\") != std::string_view::npos) {
    return std::nullopt;
  }
  return net::ParseUrl(text);
}

bool IsCertificatePath(std::string_view path) {
  if (!path.starts_with(kCertificateFolder) || !path.ends_with(kCertificateEnding)) return false;
  path.remove_prefix(kCertificateFolder.size());
  return path.size() > kCertificateEnding.size() && IsPlainName(path);
}

bool IsPlainPath(std::string_view path) {
  const auto names = Split(path.substr(1), '/');
  return std::all_of(names.begin(), names.end(), IsPlainName);
}

}  // namespace

HostAllowList::HostAllowList(const std::vector<std::string>& entries) {
  for (const std::string& entry : entries) {
    const auto url = ParsePlainUrl("https://" + entry);
    if (!url || url->path != "/" || entry.ends_with('/')) {
      throw std::invalid_argument("partner_center.webhook.certificate_hosts: \"" + entry +
                                  "\" is neither a host nor host:port");
    }
    entries_.push_back({url->host, url->port});
  }
}

std::optional<std::string> HostAllowList::CertificateUrl(std::string_view text) const {
  const auto url = ParsePlainUrl(text);
  if (!url || !url->secure() || !IsCertificatePath(url->path)) return std::nullopt;
  const bool allowed = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.host == url->host && entry.port == url->port;
  });
  return allowed ? std::optional(net::ToString(*url)) : std::nullopt;
}

std::optional<std::string> HostAllowList::IssuerUrl(std::string_view text) const {
  // Real issuer URLs name files with blanks in them; no other escape has a reason to be there.
  const auto url = ParsePlainUrl(ReplaceAll(std::string(text), "%20", "-"));
  if (!url || !IsPlainPath(url->path)) return std::nullopt;
  const bool allowed = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    const bool plain_http = !url->secure() && entry.port == 443 && url->port == 80;
    return entry.host == url->host && (entry.port == url->port || plain_http);
  });
  if (!allowed) return std::nullopt;
  return net::Origin(*url) + net::ParseUrl(text)->path;
}

}  // namespace cosell::webhook

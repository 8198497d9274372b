#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosell::webhook {

// The hosts certificates may be downloaded from (configuration key
// partner_center.webhook.certificate_hosts). Every URL that a message or a certificate names passes
// through here before anything is fetched. Immutable; safe from any thread.
//
// An entry is a host (port 443) or host:port, and matches exactly: no suffix, no wildcard, an IP
// address only if the entry is that address. Hosts are compared in lower case.
class HostAllowList {
 public:
  // Throws std::invalid_argument naming an entry that is neither `host` nor `host:port`.
  explicit HostAllowList(const std::vector<std::string>& entries);

  // The URL to fetch, in one normal form, when `text` may be the URL of a signing certificate
  // (contract partner-center.md section 4.4, step 5): https, a host and port of the list, path
  // /cert/<name>.cer, no user info, query, fragment, escape or dot segment. Nothing otherwise.
  std::optional<std::string> CertificateUrl(std::string_view text) const;

  // The same for the caIssuers URL of a certificate (step 8): https, or http where the entry is a
  // bare host (port 80) or names the port; any plain path.
  std::optional<std::string> IssuerUrl(std::string_view text) const;

 private:
  struct Entry {
    std::string host;
    std::uint16_t port = 0;
  };
  std::vector<Entry> entries_;
};

}  // namespace cosell::webhook

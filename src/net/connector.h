#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/connection.h"
#include "net/trust.h"
#include "net/url.h"

namespace cosell::net {

// Internal to net: opens connections, directly or through the proxy, and says what to mend when it
// cannot. Immutable; safe from any thread.
class Connector {
 public:
  // Throws std::invalid_argument for a proxy URL that is not "http://[user:password@]host:port", or
  // for a CA file (see Trust).
  Connector(const std::vector<std::string>& ca_files, const std::string& proxy_url);

  // A connection on which a request for `url` may be written. Any error is `unreachable`: nothing
  // of a request was sent.
  Result<std::unique_ptr<Connection>> Open(const Url& url, const Deadline& deadline) const;

  // For a request that the proxy forwards in the clear: the Proxy-Authorization it wants, empty for
  // none. Nothing where the connection leads to the server itself.
  std::optional<std::string_view> ForwardingAuthorization(const Url& url) const;

 private:
  Status OpenTunnel(Connection& connection, const Url& url, const Deadline& deadline) const;
  Status StartTls(Connection& connection, const Url& url, const Deadline& deadline) const;

  Trust trust_;
  std::optional<Url> proxy_;
  std::string proxy_authorization_;
};

}  // namespace cosell::net

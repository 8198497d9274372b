#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "net/http.h"

namespace cosell::net {

struct HttpsOptions {
  std::vector<std::string> ca_files;  // added to the system's trust; PEM; absolute paths
  std::string proxy_url;  // "http://[user:password@]host:port" or empty; CONNECT for https
  std::chrono::seconds timeout{30};    // connect, and each read
  std::chrono::seconds deadline{120};  // a whole exchange
  std::size_t body_bytes_max = 33'554'432;
  std::size_t sessions_per_host_max = 8;  // kept alive
};

// The real transport, on Poco: a pool of kept-alive sessions per host, certificate and host name
// verification always on (there is no switch), gzip decoded, bodies bounded, redirects never
// followed. http:// URLs are allowed only when `allow_plain_http` (the CRM and Partner Center
// clients never set it; AIA downloads do). Throws std::invalid_argument for a CA file that cannot
// be read or parsed, naming it.
std::unique_ptr<HttpTransport> MakeHttpsTransport(const HttpsOptions& options,
                                                  bool allow_plain_http = false);

}  // namespace cosell::net

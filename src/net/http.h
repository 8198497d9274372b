#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

// HTTP messages and the seam between the clients and the network. The seam is what lets the
// sandbox's world answer in-process, so that the same adapters run with and without sockets.
namespace cosell::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The value of the first header of that name, ignoring case.
std::optional<std::string_view> FindHeader(const Headers& headers, std::string_view name);

// The remote's own id of the request that was answered with these headers, at most 64 printable
// characters; empty where it gave none (contracts dynamics365.md section 11, partner-center.md
// section 3.1).
std::string RequestIdOf(const Headers& headers);

struct HttpRequest {
  std::string method = "GET";
  std::string url;  // absolute, already percent-encoded
  Headers headers;
  std::string body;
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;  // decoded (gzip, chunked)
};

// One attempt over the wire: no retry, no token, no logging. Implementations are safe to call from
// any thread.
class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  // Any answer, 5xx included, is a value. Errors: `unreachable` when the request was certainly not
  // processed (DNS, connect, TLS, proxy, a kept-alive connection the server had closed before a
  // byte was accepted and could not be replaced); `unknown_outcome` when it was or may have been
  // sent and no complete answer arrived (time-out, reset, cut body); `invalid_response` for an
  // answer over the body limit.
  virtual Result<HttpResponse> Send(const HttpRequest& request) = 0;
};

}  // namespace cosell::net

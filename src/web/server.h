#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "ports/log.h"
#include "web/route.h"
#include "web/traffic.h"

namespace cosell::web {

struct ServerOptions {
  std::string host = "127.0.0.1";  // address or name; IPv6 without brackets
  std::uint16_t port = 8080;       // 0: any free one, see Server::port
  std::string certificate_file;    // both: TLS; neither: plain http, on loopback only
  std::string private_key_file;
  std::string tokens_file;  // web/tokens.h; may be empty on loopback only

  std::size_t threads_max = 128;                  // started as needed, let go when idle
  std::size_t connections_per_address_max = 96;   // loopback addresses are not limited
  std::chrono::milliseconds idle_max{2'000};      // a kept-alive connection between requests
  std::chrono::milliseconds receive_max{10'000};  // a whole request: handshake, head, body
  std::chrono::milliseconds send_max{10'000};     // a whole answer
};

// The HTTP server. One thread accepts; each connection has a thread of the server's own pool while
// it lasts, because that is how Poco reads requests. Two things keep slow clients from using these
// up, which read time-outs alone cannot do (a byte now and then satisfies those for ever):
//  - a watchdog hangs up on any connection whose request or answer as a whole takes too long;
//  - when every thread is taken, whoever has kept its thread waiting longest gives way to the
//    newcomer (web/connection_book.h). So a webhook or health check gets a thread within about a
//    third of a second, however many slow clients there are; only requests being handled keep
//    theirs.
//
// Refused by hand, because Poco would let it pass: Content-Length beside Transfer-Encoding,
// repeated or malformed lengths, transfer codings other than chunked, header names that are no
// tokens (all 400), bodies over the route's limit (413). Other limits are Poco's: 100 headers, 8 KB
// a value.
//
// The port is bound exclusively: a second server on it fails to start.
class Server {
 public:
  // Binds, and starts to answer. invalid_input when the address is taken or not ours, the
  // certificate, key or tokens cannot be used, or when an address off loopback lacks TLS or tokens.
  // `clock`, `counters` and `log` must outlive the server, and what the handlers use too.
  static Result<std::unique_ptr<Server>> Start(ServerOptions options, std::vector<Route> routes,
                                               const Clock& clock, TrafficCounters& counters,
                                               Log& log);

  // Stops: closes the port, hangs up on all who wait, lets handlers that run finish and waits for
  // them.
  virtual ~Server() = default;

  // Reads certificate, key and tokens again (HUP). New connections and requests use them; when one
  // cannot be used, everything stays as it was and the error says why.
  virtual Status Reload() = 0;

  virtual std::uint16_t port() const = 0;
  // "http://127.0.0.1:8080"
  virtual std::string url() const = 0;
};

}  // namespace cosell::web

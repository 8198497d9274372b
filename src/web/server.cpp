#include "web/server.h"

#include <Poco/Environment.h>
#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/NetSSL.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "web/connection.h"
#include "web/text_file.h"
#include "web/tls_context.h"

namespace cosell::web {
namespace {

using Poco::Net::Context;
using Poco::Net::HTTPServerParams;
using Poco::Net::ServerSocket;
using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

constexpr int kBacklog = 256;
constexpr std::chrono::milliseconds kTick{100};

Error Bad(std::string message) {
  return Error{ErrorKind::invalid_input, std::move(message), {}, 0, {}, {}};
}

// What can be read again while the server runs.
struct Credentials {
  Context::Ptr tls;  // null: plain http
  std::optional<Tokens> tokens;
};

Result<Credentials> ReadCredentials(const ServerOptions& options) {
  Credentials credentials;
  if (!options.certificate_file.empty()) {
    auto tls = MakeTlsContext(options.certificate_file, options.private_key_file);
    if (!tls) return tls.error();
    credentials.tls = *tls;
  }
  if (options.tokens_file.empty()) return credentials;
  const auto text = ReadTextFile(options.tokens_file);
  if (!text) return Bad("the tokens file " + options.tokens_file + " cannot be read");
  auto tokens = Tokens::Parse(*text);
  if (!tokens) return Bad(options.tokens_file + ": " + tokens.error().message);
  credentials.tokens = *std::move(tokens);
  return credentials;
}

Result<ServerSocket> Listen(const ServerOptions& options) {
  const std::string where = options.host + " port " + std::to_string(options.port);
  try {
    const SocketAddress address(options.host, options.port);
    ServerSocket socket;
    // With address reuse a restart does not wait for old connections to fade; on Windows it would
    // let a second program take the port. Port reuse would do that on Linux.
    const bool reuse = Poco::Environment::os() != POCO_OS_WINDOWS_NT;
    socket.bind(address, reuse, false);
    socket.listen(kBacklog);
    return socket;
  } catch (const Poco::Exception& failed) {
    return Bad("cannot listen on " + where + ": " + failed.displayText() +
               "; stop the program that has the port, or change server.listen");
  }
}

HTTPServerParams::Ptr MakeParams(const ServerOptions& options) {
  const auto span = [](std::chrono::milliseconds time) {
    return Poco::Timespan(time.count() * Poco::Timespan::MILLISECONDS);
  };
  HTTPServerParams::Ptr params = new HTTPServerParams;
  params->setMaxThreads(static_cast<int>(options.threads_max));
  params->setMaxQueued(static_cast<int>(4 * options.threads_max));  // the book admits fewer
  params->setTimeout(span(options.receive_max));
  params->setKeepAlive(true);
  params->setKeepAliveTimeout(span(options.idle_max));
  params->setMaxKeepAliveRequests(100'000);
  return params;
}

ConnectionBook::Limits BookLimits(const ServerOptions& options) {
  ConnectionBook::Limits limits;
  limits.threads = options.threads_max;
  limits.queue = options.threads_max;
  limits.per_address = options.connections_per_address_max;
  limits.idle = options.idle_max;
  limits.receive = options.receive_max;
  limits.send = options.send_max;
  return limits;
}

// Called by the accepting thread for every connection, before it gets a thread of the pool.
class Doorkeeper final : public Poco::Net::TCPServerConnectionFilter {
 public:
  explicit Doorkeeper(ConnectionBook& book) : book_(book) {}
  bool accept(const StreamSocket& accepted) override {
    const std::string address = accepted.peerAddress().host().toString();
    return book_.Admit(accepted.impl(), IsLoopbackAddress(address) ? "" : address,
                       [socket = accepted]() mutable {
                         try {
                           socket.shutdown();
                         } catch (const Poco::Exception&) {
                           // Already gone.
                         }
                       });
  }

 private:
  ConnectionBook& book_;
};

// The TLS context of connections to come; replaced by Reload.
class CurrentTls {
 public:
  void Replace(Context::Ptr tls) {
    const std::lock_guard lock(mutex_);
    tls_ = std::move(tls);
  }
  Context::Ptr Get() const {
    const std::lock_guard lock(mutex_);
    return tls_;
  }

 private:
  mutable std::mutex mutex_;
  Context::Ptr tls_;
};

class ConnectionFactory final : public Poco::Net::TCPServerConnectionFactory {
 public:
  ConnectionFactory(const ConnectionSurroundings& surroundings, const CurrentTls& tls)
      : surroundings_(surroundings), tls_(tls) {}
  Poco::Net::TCPServerConnection* createConnection(const StreamSocket& socket) override {
    return new Connection(socket, surroundings_, tls_.Get());
  }

 private:
  const ConnectionSurroundings& surroundings_;
  const CurrentTls& tls_;
};

// Poco's dispatcher gives a thread back a moment after it has counted it as free; the pool's spare
// places keep that moment from mattering.
constexpr int kSpareThreads = 16;

class PocoServer final : public Server {
 public:
  PocoServer(ServerOptions options, std::vector<Route> routes, Credentials credentials,
             const ServerSocket& socket, const Clock& clock, TrafficCounters& counters, Log& log)
      : options_(std::move(options)),
        routes_(std::move(routes)),
        gate_(std::move(credentials.tokens)),
        book_(BookLimits(options_), clock, counters),
        surroundings_{routes_, gate_, book_, counters, log, MakeParams(options_), stopping_},
        pool_(2, static_cast<int>(options_.threads_max) + kSpareThreads),
        tcp_(new ConnectionFactory(surroundings_, tls_), pool_, socket, surroundings_.params) {
    tls_.Replace(std::move(credentials.tls));
    tcp_.setConnectionFilter(new Doorkeeper(book_));
    tcp_.start();
    watchdog_ = std::thread([this] { Watch(); });
  }

  ~PocoServer() override {
    stopping_ = true;
    tcp_.stop();
    book_.Close();
    pool_.joinAll();
    {
      const std::lock_guard lock(mutex_);
      watching_ = false;
    }
    wake_.notify_all();
    watchdog_.join();
  }

  PocoServer(const PocoServer&) = delete;
  PocoServer& operator=(const PocoServer&) = delete;

  Status Reload() override {
    auto credentials = ReadCredentials(options_);
    if (!credentials) return credentials.error();
    gate_.Replace(std::move(credentials->tokens));
    tls_.Replace(std::move(credentials->tls));
    return Done{};
  }

  std::uint16_t port() const override { return tcp_.port(); }

  std::string url() const override {
    const bool ipv6 = options_.host.find(':') != std::string::npos;
    return std::string(options_.certificate_file.empty() ? "http://" : "https://") +
           (ipv6 ? "[" + options_.host + "]" : options_.host) + ":" + std::to_string(port());
  }

 private:
  void Watch() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kTick, [&] { return !watching_; })) book_.Tick();
  }

  const ServerOptions options_;
  const RouteTable routes_;
  Gate gate_;
  CurrentTls tls_;
  ConnectionBook book_;
  std::atomic<bool> stopping_{false};
  const ConnectionSurroundings surroundings_;
  Poco::ThreadPool pool_;
  Poco::Net::TCPServer tcp_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool watching_ = true;
  std::thread watchdog_;
};

Status CheckExposure(const ServerOptions& options, const ServerSocket& socket) {
  if (socket.address().host().isLoopback()) return Done{};
  if (options.certificate_file.empty() || options.tokens_file.empty()) {
    return Bad("listening on " + options.host +
               ", which other machines can reach, needs server.tls and server.tokens_file; give "
               "both, or listen on 127.0.0.1");
  }
  return Done{};
}

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(ServerOptions options, std::vector<Route> routes,
                                              const Clock& clock, TrafficCounters& counters,
                                              Log& log) {
  Poco::Net::initializeSSL();
  auto credentials = ReadCredentials(options);
  if (!credentials) return credentials.error();
  const auto socket = Listen(options);
  if (!socket) return socket.error();
  const Status safe = CheckExposure(options, *socket);
  if (!safe) return safe.error();
  return std::unique_ptr<Server>(std::make_unique<PocoServer>(std::move(options), std::move(routes),
                                                              *std::move(credentials), *socket,
                                                              clock, counters, log));
}

}  // namespace cosell::web

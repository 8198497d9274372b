#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/StreamSocket.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "ports/log.h"
#include "web/server.h"

// A server with a few routes, and clients that speak to it byte by byte.
namespace cosell::web {

class ListLog final : public Log {
 public:
  void Write(LogLevel, std::string_view message, Fields fields) override;
  std::string All() const;

 private:
  mutable std::mutex mutex_;
  std::string lines_;
};

// Waits for something another thread is about to do; false after half a minute.
bool Eventually(const std::function<bool()>& condition);

struct Answer {
  int status = 0;  // 0: the connection ended before a whole answer
  std::string head;
  std::string body;
  bool Has(const std::string& header_line) const;
};

class Client {
 public:
  // With `tls` the connection is encrypted.
  explicit Client(std::uint16_t port, Poco::Net::Context::Ptr tls = nullptr);
  // False when the server has hung up.
  bool Send(std::string_view bytes);
  // The next answer; `body_expected` false for one to HEAD.
  Answer Read(bool body_expected = true);
  Answer Ask(std::string_view bytes) { return Send(bytes), Read(); }
  // True once the server has closed the connection (after whatever it still said).
  bool IsHungUp();
  std::string TlsCertificateName();

 private:
  bool Receive();
  Poco::Net::StreamSocket socket_;
  std::string received_;
};

std::string Get(const std::string& path, const std::string& headers = "");
std::string Post(const std::string& path, const std::string& body, const std::string& headers = "");

// A folder of files that is gone after the test.
class Files {
 public:
  Files();
  ~Files();
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  std::string Write(const std::string& name, const std::string& content) const;

 private:
  std::string folder_;
};

struct CertificateAndKey {
  std::string certificate;
  std::string key;
};
// A new self-signed certificate with this common name, both as PEM.
CertificateAndKey MakeCertificate(const std::string& name);

constexpr char kOperatorToken[] = "operator-token-of-the-tests";
constexpr char kViewerToken[] = "viewer-token-of-the-tests-00";
constexpr char kTokens[] = R"([
  {"name": "ops", "role": "operator", "token": "operator-token-of-the-tests"},
  {"name": "grafana", "role": "viewer", "token": "viewer-token-of-the-tests-00"} ])";

// The routes: POST /webhooks/{connection}/partner-center tells back what it got, GET /healthz,
// GET /view (viewer), POST /operate (operator), GET /throws, GET /large, and POST /slow, which runs
// until ReleaseSlow.
class World {
 public:
  explicit World(ServerOptions options = {});
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Server& server() { return *server_; }
  std::uint16_t port() const { return server_->port(); }
  TrafficCounters& counters() { return counters_; }
  ListLog& log() { return log_; }
  std::vector<Route> Routes();
  void ReleaseSlow();
  int slow_running() const { return slow_running_; }
  void StopServer() { server_.reset(); }

 private:
  OutboundHttp RunSlowly();

  SystemClock clock_;
  TrafficCounters counters_;
  ListLog log_;
  std::mutex mutex_;
  std::condition_variable released_;
  bool release_ = false;
  std::atomic<int> slow_running_{0};
  std::unique_ptr<Server> server_;
};

}  // namespace cosell::web

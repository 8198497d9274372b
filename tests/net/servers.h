#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/ThreadPool.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/certificates.h"

// Servers on loopback for the transport to talk to.
namespace cosell::test {

inline Poco::Net::Context::Ptr ServerContext(const ServerFiles& files) {
  return new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, files.private_key,
                                files.certificate, "", Poco::Net::Context::VERIFY_NONE);
}

inline Poco::Net::SocketAddress AnyLoopbackPort() { return {"127.0.0.1", 0}; }

// A well-behaved HTTPS server: every request is answered by one function.
class HttpsServer {
 public:
  using Answer = std::function<void(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse&)>;

  HttpsServer(const ServerFiles& files, Answer answer)
      : pool_(1, 8),
        server_(new Factory(std::move(answer)), pool_,
                Poco::Net::SecureServerSocket(AnyLoopbackPort(), 16, ServerContext(files)),
                new Poco::Net::HTTPServerParams) {
    server_.start();
  }
  ~HttpsServer() { server_.stopAll(true); }
  HttpsServer(const HttpsServer&) = delete;
  HttpsServer& operator=(const HttpsServer&) = delete;

  std::string Url(const std::string& path = "/", const std::string& host = "localhost") const {
    return "https://" + host + ":" + std::to_string(server_.port()) + path;
  }
  int connections() const { return server_.totalConnections(); }

 private:
  class Handler final : public Poco::Net::HTTPRequestHandler {
   public:
    explicit Handler(const Answer& answer) : answer_(answer) {}
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
      answer_(request, response);
    }

   private:
    const Answer& answer_;
  };
  class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
   public:
    explicit Factory(Answer answer) : answer_(std::move(answer)) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest&) override {
      return new Handler(answer_);
    }

   private:
    const Answer answer_;
  };

  Poco::ThreadPool pool_;
  Poco::Net::HTTPServer server_;
};

// A server that does to each connection whatever the test says, byte by byte. Connections are
// numbered from 0; each is closed when its function returns.
class RawServer {
 public:
  using Serve = std::function<void(Poco::Net::StreamSocket&, int connection)>;

  // Plain TCP.
  explicit RawServer(Serve serve)
      : RawServer(Poco::Net::ServerSocket(AnyLoopbackPort()), "http", std::move(serve)) {}
  // TLS.
  RawServer(const ServerFiles& files, Serve serve)
      : RawServer(Poco::Net::SecureServerSocket(AnyLoopbackPort(), 16, ServerContext(files)),
                  "https", std::move(serve)) {}
  ~RawServer() {
    stopping_ = true;
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  int port() const { return socket_.address().port(); }
  std::string Url(const std::string& path = "/") const {
    return scheme_ + "://localhost:" + std::to_string(port()) + path;
  }
  int connections() const { return connections_; }

 private:
  RawServer(const Poco::Net::ServerSocket& socket, std::string scheme, Serve serve)
      : socket_(socket), scheme_(std::move(scheme)), serve_(std::move(serve)) {
    acceptor_ = std::thread([this] { Accept(); });
  }

  void Accept() {
    while (!stopping_) {
      if (!socket_.poll(Poco::Timespan(20'000), Poco::Net::Socket::SELECT_READ)) continue;
      threads_.emplace_back(
          [this, client = socket_.acceptConnection(), n = connections_++] { ServeOne(client, n); });
    }
  }

  void ServeOne(Poco::Net::StreamSocket client, int number) {
    try {
      client.setReceiveTimeout(Poco::Timespan(10, 0));
      serve_(client, number);
      client.close();
    } catch (const Poco::Exception&) {
      // the client went away, which some tests are about
    }
  }

  Poco::Net::ServerSocket socket_;
  const std::string scheme_;
  const Serve serve_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::vector<std::thread> threads_;  // touched by the acceptor, then by the destructor
  std::thread acceptor_;
};

inline void SendText(Poco::Net::StreamSocket& socket, const std::string& text) {
  socket.sendBytes(text.data(), static_cast<int>(text.size()));
}

// Head and body of one request (bodies by Content-Length); empty when the client closed.
inline std::string ReceiveRequest(Poco::Net::StreamSocket& socket) {
  std::string received;
  std::size_t wanted = std::string::npos;
  char buffer[4096];
  while (wanted == std::string::npos || received.size() < wanted) {
    const int count = socket.receiveBytes(buffer, sizeof(buffer));
    if (count <= 0) return {};
    received.append(buffer, static_cast<std::size_t>(count));
    const auto end = received.find("\r\n\r\n");
    if (end == std::string::npos || wanted != std::string::npos) continue;
    const auto length = received.find("Content-Length: ");
    wanted = end + 4 + (length < end ? std::stoul(received.substr(length + 16, 20)) : 0);
  }
  return received;
}

// Blocks until the client closes its end.
inline void AwaitClose(Poco::Net::StreamSocket& socket) {
  char byte = 0;
  while (socket.receiveBytes(&byte, 1) > 0) continue;
}

// A proxy: CONNECT opens a tunnel, a plain request is answered with its own first line. Keeps the
// head of every request it was given.
class TestProxy {
 public:
  // `credentials`: the Proxy-Authorization it insists on; empty for none.
  explicit TestProxy(std::string credentials = {})
      : credentials_(std::move(credentials)),
        server_([this](Poco::Net::StreamSocket& client, int) { Serve(client); }) {}

  std::string Url(const std::string& user_info = {}) const {
    return "http://" + (user_info.empty() ? "" : user_info + "@") +
           "127.0.0.1:" + std::to_string(server_.port());
  }
  std::vector<std::string> heads() const {
    const std::lock_guard lock(mutex_);
    return heads_;
  }

 private:
  void Serve(Poco::Net::StreamSocket& client) {
    const std::string head = ReceiveRequest(client);
    {
      const std::lock_guard lock(mutex_);
      heads_.push_back(head);
    }
    const std::string wanted = "Proxy-Authorization: " + credentials_ + "\r\n";
    if (!credentials_.empty() && head.find(wanted) == std::string::npos) {
      SendText(client, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    } else if (head.starts_with("CONNECT ")) {
      Tunnel(client, head.substr(8, head.find(' ', 8) - 8));
    } else {
      const std::string line = head.substr(0, head.find("\r\n"));
      SendText(client, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(line.size()) +
                           "\r\n\r\n" + line);
      AwaitClose(client);
    }
  }

  static void Tunnel(Poco::Net::StreamSocket& client, const std::string& target) {
    const auto port = target.substr(target.rfind(':') + 1);
    Poco::Net::StreamSocket server(Poco::Net::SocketAddress("127.0.0.1", port));
    SendText(client, "HTTP/1.1 200 Connection established\r\n\r\n");
    std::thread back([&] { Pump(server, client); });
    Pump(client, server);
    back.join();
  }

  static void Pump(Poco::Net::StreamSocket& from, Poco::Net::StreamSocket& to) {
    char buffer[4096];
    try {
      int count = 0;
      while ((count = from.receiveBytes(buffer, sizeof(buffer))) > 0) to.sendBytes(buffer, count);
      to.shutdown();
    } catch (const Poco::Exception&) {
      // one end broke; closing both ends the other pump too
    }
  }

  const std::string credentials_;
  mutable std::mutex mutex_;
  std::vector<std::string> heads_;
  RawServer server_;  // last: its threads use the rest
};

}  // namespace cosell::test

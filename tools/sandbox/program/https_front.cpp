#include "tools/sandbox/program/https_front.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/ThreadPool.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tools/sandbox/world/world.h"

namespace cosell::sandbox {
namespace {

namespace pn = Poco::Net;

net::HttpRequest Decoded(pn::HTTPServerRequest& request, const std::string& origin) {
  net::HttpRequest decoded;
  decoded.method = request.getMethod();
  decoded.url = origin + request.getURI();
  for (const auto& [name, value] : request) decoded.headers.emplace_back(name, value);
  // Without either the stream ends only with the connection.
  if (request.hasContentLength() || request.getChunkedTransferEncoding()) {
    Poco::StreamCopier::copyToString(request.stream(), decoded.body);
  }
  return decoded;
}

void CloseWithoutAnswer(pn::HTTPServerRequest& request) {
  static_cast<pn::HTTPServerRequestImpl&>(request).detachSocket().close();
}

// `length` is what Content-Length says; more than the body has when the answer is cut.
void Write(pn::HTTPServerResponse& response, const net::HttpResponse& answer, std::size_t length) {
  response.setStatusAndReason(static_cast<pn::HTTPResponse::HTTPStatus>(answer.status));
  for (const auto& [name, value] : answer.headers) response.set(name, value);
  if (answer.status != 204) response.setContentLength64(static_cast<Poco::Int64>(length));
  std::ostream& out = response.send();
  out << answer.body;
  out.flush();
}

class Bridge final : public pn::HTTPRequestHandler {
 public:
  Bridge(World& world, const std::string& origin) : world_(world), origin_(origin) {}

  void handleRequest(pn::HTTPServerRequest& request, pn::HTTPServerResponse& response) override {
    const Exchange exchange = world_.Serve(Decoded(request, origin_));
    if (exchange.delay.count() > 0) std::this_thread::sleep_for(exchange.delay);
    switch (exchange.outcome) {
      case Exchange::Outcome::answered:
        Write(response, exchange.response, exchange.response.body.size());
        return;
      case Exchange::Outcome::truncated:
        Write(response, exchange.response, exchange.response.body.size() * 2 + 1);
        break;
      case Exchange::Outcome::dropped:
      case Exchange::Outcome::unreachable:
        break;
    }
    CloseWithoutAnswer(request);
  }

 private:
  World& world_;
  const std::string& origin_;
};

class Factory final : public pn::HTTPRequestHandlerFactory {
 public:
  Factory(World& world, std::string origin) : world_(world), origin_(std::move(origin)) {}
  pn::HTTPRequestHandler* createRequestHandler(const pn::HTTPServerRequest&) override {
    return new Bridge(world_, origin_);
  }

 private:
  World& world_;
  std::string origin_;
};

// Without SO_REUSEPORT, so that a second program does not share the port unnoticed.
void Listen(pn::ServerSocket& socket, std::uint16_t port) {
  try {
    socket.bind(pn::SocketAddress("127.0.0.1", port), true, false);
    socket.listen(64);
  } catch (const Poco::Exception& error) {
    throw std::runtime_error("cannot listen on 127.0.0.1:" + std::to_string(port) + ": " +
                             error.displayText());
  }
}

}  // namespace

struct HttpsFront::Parts {
  struct Bound {
    pn::ServerSocket socket;
    std::string origin;
  };
  pn::Context::Ptr context;
  Poco::ThreadPool threads{2, 64};
  std::vector<Bound> bound;
  std::vector<std::unique_ptr<pn::HTTPServer>> servers;
};

HttpsFront::HttpsFront(const std::string& certificate_file, const std::string& key_file)
    : parts_(std::make_unique<Parts>()) {
  pn::Context::Params params;
  params.certificateFile = certificate_file;
  params.privateKeyFile = key_file;
  params.verificationMode = pn::Context::VERIFY_NONE;
  try {
    parts_->context = new pn::Context(pn::Context::TLS_SERVER_USE, params);
  } catch (const Poco::Exception& error) {
    throw std::runtime_error("cannot use " + certificate_file + ": " + error.displayText());
  }
}

HttpsFront::~HttpsFront() { Stop(); }

std::string HttpsFront::Bind(std::uint16_t port) {
  pn::SecureServerSocket socket(parts_->context);
  Listen(socket, port);
  parts_->bound.push_back({socket, "https://localhost:" + std::to_string(socket.address().port())});
  return parts_->bound.back().origin;
}

std::string HttpsFront::BindPlain(std::uint16_t port) {
  pn::ServerSocket socket;
  Listen(socket, port);
  parts_->bound.push_back({socket, "http://localhost:" + std::to_string(socket.address().port())});
  return parts_->bound.back().origin;
}

void HttpsFront::Start(World& world) {
  for (const Parts::Bound& bound : parts_->bound) {
    pn::HTTPServerParams::Ptr params = new pn::HTTPServerParams;
    params->setMaxThreads(16);
    params->setKeepAlive(true);
    parts_->servers.push_back(std::make_unique<pn::HTTPServer>(
        new Factory(world, bound.origin), parts_->threads, bound.socket, params));
    parts_->servers.back()->start();
  }
}

void HttpsFront::Stop() {
  for (const auto& server : parts_->servers) server->stopAll(true);
  parts_->threads.joinAll();
  parts_->servers.clear();
}

std::uint16_t FreePort() {
  pn::ServerSocket socket;
  Listen(socket, 0);
  return socket.address().port();
}

}  // namespace cosell::sandbox

#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/TCPServerConnection.h>

#include <atomic>
#include <optional>

#include "ports/log.h"
#include "web/connection_book.h"
#include "web/gate.h"
#include "web/route.h"

namespace cosell::web {

// What all connections of one server share. Internal to this room.
struct ConnectionSurroundings {
  const RouteTable& routes;
  const Gate& gate;
  ConnectionBook& book;
  TrafficCounters& counters;
  Log& log;
  Poco::Net::HTTPServerParams::Ptr params;
  const std::atomic<bool>& stopping;
};

// One connection, on a thread of the pool: TLS handshake, then request after request. It tells the
// book what it is doing, so that the watchdog can end it from outside at any time.
class Connection final : public Poco::Net::TCPServerConnection {
 public:
  // `tls` null: plain http. `surroundings` must outlive the connection.
  Connection(const Poco::Net::StreamSocket& socket, const ConnectionSurroundings& surroundings,
             Poco::Net::Context::Ptr tls);
  void run() override;

 private:
  class Presence;
  void Serve(ConnectionBook::Key key);
  // False: the connection is to be closed.
  bool AnswerOne(Poco::Net::HTTPServerSession& session, ConnectionBook::Key key);

  const ConnectionSurroundings& surroundings_;
  const Poco::Net::Context::Ptr tls_;
};

}  // namespace cosell::web

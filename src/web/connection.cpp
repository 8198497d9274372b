#include "web/connection.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>

#include <utility>

#include "web/exchange.h"

namespace cosell::web {
namespace {

using Poco::Net::HTTPServerRequestImpl;
using Poco::Net::HTTPServerResponseImpl;
using Poco::Net::HTTPServerSession;
using Poco::Net::SecureStreamSocket;
using Poco::Net::StreamSocket;
using Phase = ConnectionBook::Phase;

// For a request so malformed that there is no request object to answer.
void SendBadRequest(HTTPServerSession& session) {
  constexpr std::string_view kText = "this is not an HTTP request\n";
  HTTPServerResponseImpl response(session);
  response.setVersion("HTTP/1.1");
  response.setStatusAndReason(Poco::Net::HTTPResponse::HTTP_BAD_REQUEST);
  response.setKeepAlive(false);
  response.setContentType("text/plain; charset=utf-8");
  response.setContentLength(static_cast<std::streamsize>(kText.size()));
  response.send() << kText << std::flush;
}

}  // namespace

// Takes the connection out of the book before its socket is closed, so that the watchdog never
// touches a number that already belongs to another file.
class Connection::Presence {
 public:
  Presence(ConnectionBook& book, ConnectionBook::Key key) : book_(book), key_(key) {}
  ~Presence() { book_.Remove(key_); }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

 private:
  ConnectionBook& book_;
  const ConnectionBook::Key key_;
};

Connection::Connection(const StreamSocket& socket, const ConnectionSurroundings& surroundings,
                       Poco::Net::Context::Ptr tls)
    : TCPServerConnection(socket), surroundings_(surroundings), tls_(std::move(tls)) {}

void Connection::run() {
  const ConnectionBook::Key key = socket().impl();
  const Presence presence(surroundings_.book, key);
  surroundings_.book.Enter(key, Phase::receiving);
  try {
    Serve(key);
  } catch (const Poco::Exception&) {
    // The client went away, was hung up, or never spoke TLS: nothing anybody here could mend.
  }
}

void Connection::Serve(ConnectionBook::Key key) {
  StreamSocket socket = this->socket();
  socket.setReceiveTimeout(surroundings_.params->getTimeout());
  socket.setSendTimeout(surroundings_.params->getTimeout());
  if (tls_) socket = SecureStreamSocket::attach(socket, tls_);
  HTTPServerSession session(socket, surroundings_.params);
  const Presence presence(surroundings_.book, key);
  while (!surroundings_.stopping && session.hasMoreRequests()) {
    surroundings_.book.Enter(key, Phase::receiving);
    if (!AnswerOne(session, key)) return;
    surroundings_.book.Enter(key, Phase::idle);
  }
}

bool Connection::AnswerOne(HTTPServerSession& session, ConnectionBook::Key key) {
  HTTPServerResponseImpl response(session);
  Poco::Net::HTTPServerParams::Ptr params = surroundings_.params;
  std::optional<HTTPServerRequestImpl> request;
  try {
    request.emplace(response, session, params.get());
  } catch (const Poco::Net::NoMessageException&) {
    return false;
  } catch (const Poco::Net::MessageException&) {
    SendBadRequest(session);
    return false;
  } catch (const Poco::DataException&) {  // a length that is no number
    SendBadRequest(session);
    return false;
  }
  Exchange exchange(surroundings_, *request, response,
                    [&](Phase phase) { surroundings_.book.Enter(key, phase); });
  const bool keep = exchange.Run(session.canKeepAlive() && !surroundings_.stopping);
  session.setKeepAlive(keep);
  return keep;
}

}  // namespace cosell::web

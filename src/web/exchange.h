#pragma once

#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>

#include <functional>

#include "web/connection.h"

namespace cosell::web {

// One request and its answer on a connection. Internal to this room.
class Exchange {
 public:
  using Enter = std::function<void(ConnectionBook::Phase)>;

  Exchange(const ConnectionSurroundings& surroundings, Poco::Net::HTTPServerRequestImpl& request,
           Poco::Net::HTTPServerResponseImpl& response, Enter enter);

  // Reads the body, finds and asks the handler, sends the answer. True when the connection can be
  // used again. Throws Poco's exceptions when the connection breaks.
  bool Run(bool may_keep_alive);

 private:
  OutboundHttp Answer();
  OutboundHttp Ask(const Route& route, InboundHttp& inbound);
  std::optional<OutboundHttp> ReadBody(std::size_t bytes_max, std::string& body);
  InboundHttp Describe() const;
  void Send(const OutboundHttp& answer, bool keep_alive);
  void DropRestOfBody();

  const ConnectionSurroundings& surroundings_;
  Poco::Net::HTTPServerRequestImpl& request_;
  Poco::Net::HTTPServerResponseImpl& response_;
  const Enter enter_;
  bool body_read_ = false;  // nothing of this request is left in the connection
};

}  // namespace cosell::web

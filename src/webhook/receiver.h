#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "net/http.h"

// Inbound hints. The HTTP server (room `web`) hands each POST below /webhooks/ to the receiver of
// its connection and sends back what it answers; nothing here listens on a socket.
namespace cosell::webhook {

// One POST as it arrived. A value.
struct InboundRequest {
  net::Headers headers;
  std::string query;           // behind '?', still percent-encoded; may hold a key: never logged
  std::string body;            // the bytes exactly as received: signatures cover them
  std::string remote_address;  // for the caller's log only; decides nothing
};

// What to answer. A value.
struct InboundAnswer {
  int status = 200;
  std::string text;  // the answer's body; says nothing that helps a forger
  // Of `text`; empty: text for a person, of the server's choice.
  std::string content_type{};
  // Stable lower-case word for metrics and log ("accepted", "duplicate", "signature_wrong"), from a
  // small closed set: the answers in the header of each receiver.
  std::string reason;
  // For the log, never for the sender: what was wrong and how to mend it. Empty when all is well.
  // Holds no secret and nothing of the body.
  std::string detail;
  std::chrono::seconds retry_after{0};  // sent as Retry-After when not zero
};

// Judges one inbound request and, when it holds, makes its event durable before answering 200.
// Receive may be called from any thread, never throws, and may block for a certificate download.
class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual InboundAnswer Receive(const InboundRequest& request) = 0;
};

// Called after an event has become durable, so that its engine need not wait for its next poll. May
// be called from any thread; must not throw or block.
using WakeUp = std::function<void()>;

}  // namespace cosell::webhook

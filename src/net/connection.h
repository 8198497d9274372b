#pragma once

#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <string>
#include <string_view>

// Internal to net: bytes over one TCP or TLS connection, never longer than a deadline allows.
//
// Why not Poco's HTTPSClientSession: in 1.11 it cannot tell a chunked body that was cut off from
// one that ended, waits afresh for each byte a slow server drips, and takes a TLS handshake that
// timed out for a finished one, which skips its host name check. Sockets, DNS and TLS are Poco's
// here; the framing of messages (http_message.h, response_reader.h) and the waiting are our own.
namespace cosell::net {

// How long one exchange may still take: `each` per wait, `whole` for everything. A value.
class Deadline {
 public:
  Deadline(std::chrono::milliseconds each, std::chrono::milliseconds whole)
      : each_(each), end_(std::chrono::steady_clock::now() + whole) {}
  // For the next single wait; zero once the whole is used up.
  std::chrono::milliseconds Left() const;

 private:
  std::chrono::milliseconds each_;
  std::chrono::steady_clock::time_point end_;
};

enum class Io {
  done,
  closed,     // the other side ended the connection in order
  failed,     // reset, or TLS ended without saying so
  timed_out,  // nothing came, or nothing was taken, for as long as the deadline allows
};

// One connection; used by one thread at a time. Closed on destruction.
class Connection {
 public:
  // Takes over a connected socket.
  explicit Connection(Poco::Net::StreamSocket socket);

  // Makes the connection a TLS client. `host` is sent as SNI; leave it empty for an IP address.
  // Throws Poco::Exception when the handshake fails; the certificate's reason is with the context's
  // handler (trust.h).
  Io StartTls(Poco::Net::Context::Ptr context, const std::string& host, const Deadline& deadline);

  // Sends all bytes. Unless `done`, at least the last byte was not accepted by the network, so the
  // other side cannot have received the whole of them.
  Io Write(std::string_view bytes, const Deadline& deadline);
  // Appends what has arrived, at least one byte when `done`.
  Io Read(std::string& into, const Deadline& deadline);
  // Whether a kept connection is still open and the other side has sent nothing on its own account.
  bool IsIdle();

 private:
  // Waits until the operation that answered `code` can go on.
  bool Await(int code, int wait_by_default, const Deadline& deadline);

  Poco::Net::StreamSocket socket_;
};

}  // namespace cosell::net

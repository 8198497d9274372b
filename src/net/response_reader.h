#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "net/connection.h"
#include "net/http_message.h"

namespace cosell::net {

// Internal to net: reads one answer off a connection, bounded in bytes and time.
class ResponseReader {
 public:
  ResponseReader(Connection& connection, const Deadline& deadline, std::size_t body_bytes_max);

  // The answer to a request with `method`, body decoded. Errors: unknown_outcome when the answer
  // did not arrive as a whole or makes no sense; invalid_response when it is over the limit or in
  // an encoding nobody asked for. `about` begins each message ("GET https://host").
  Result<HttpResponse> Read(std::string_view method, const std::string& about);

  // After Read: whether any byte of an answer came; whether the other side ended the connection
  // before one did; whether the connection can carry another exchange.
  bool got_bytes() const { return got_bytes_; }
  bool closed_before_answer() const { return !got_bytes_ && ended_; }
  bool reusable() const { return reusable_; }

 private:
  // Why reading stopped early; `none` while all is well.
  enum class Trouble { none, cut, timed_out, senseless, too_large, unknown_encoding };

  Trouble ReadHead(ResponseHead& head);
  Trouble ReadBody(const BodyFrame& frame, std::string& body);
  Trouble ReadCounted(std::size_t bytes, std::string& body);
  Trouble ReadChunked(std::string& body);
  Trouble SkipTrailers();
  Trouble ReadUntilClosed(std::string& body);
  Trouble ReadLine(std::string& line);
  Trouble Decode(const Headers& headers, std::string& body) const;
  // Gets more bytes into received_.
  Trouble Fill();
  Error Explain(Trouble trouble, const std::string& about) const;

  Connection& connection_;
  const Deadline& deadline_;
  const std::size_t body_bytes_max_;
  std::string received_;  // read off the connection and not yet used
  bool got_bytes_ = false;
  bool ended_ = false;
  bool reusable_ = false;
};

}  // namespace cosell::net

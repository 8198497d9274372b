#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"
#include "net/url.h"

// Internal to net: HTTP/1.1 messages as text. Pure functions.
namespace cosell::net {

constexpr std::size_t kHeadBytesMax = 65'536;  // status line and headers of an answer

struct ResponseHead {
  int status = 0;
  Headers headers;
  bool keeps_alive = false;  // by version and Connection header
};

// How the body of an answer is delimited.
enum class BodyKind {
  none,
  counted,  // Content-Length
  chunked,
  until_closed,
  senseless,  // the headers contradict each other
};

struct BodyFrame {
  BodyKind kind = BodyKind::none;
  std::size_t bytes = 0;  // counted
};

// Whether method, header names and values can stand on a line of their own: a line break in one of
// them would let foreign text add headers.
bool IsWritable(const HttpRequest& request);
// The head of `request` for `url`, up to and with the blank line: the request's own headers, and
// Host, Accept-Encoding, User-Agent and Content-Length where it has none. A request that a proxy
// forwards in the clear names the whole URL and carries `proxy_authorization` (may be empty).
std::string WriteHead(const HttpRequest& request, const Url& url,
                      std::optional<std::string_view> proxy_authorization);

// Number of bytes up to and with the blank line; nothing while it has not arrived.
std::optional<std::size_t> FindHeadEnd(std::string_view received);
// Nothing for a text that is not the head of an HTTP/1.x answer.
std::optional<ResponseHead> ParseHead(std::string_view head);
BodyFrame FindBodyFrame(std::string_view method, const ResponseHead& head);

}  // namespace cosell::net

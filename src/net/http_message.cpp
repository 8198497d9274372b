#include "net/http_message.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace cosell::net {
namespace {

bool HasLineBreak(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool HasBlank(std::string_view text) {
  return text.find_first_of(" \t:") != std::string_view::npos || text.empty();
}

void AddLine(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

// Servers want a length with these even when there is no body (411 otherwise).
bool ExpectsBody(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

template <typename Number>
bool ParseNumber(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data(), end, number);
  return !text.empty() && error == std::errc{} && parsed_to == end;
}

// Whether a comma-separated header holds `token`.
bool HasToken(const Headers& headers, std::string_view name, std::string_view token) {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& header) {
    if (!EqualsIgnoreCase(header.first, name)) return false;
    const auto parts = Split(header.second, ',');
    return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
      return EqualsIgnoreCase(Trim(part), token);
    });
  });
}

// "HTTP/1.1 200 OK": the status, and whether connections are kept by default.
bool ParseStatusLine(std::string_view line, ResponseHead& head) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return false;
  head.keeps_alive = line[7] != '0';
  return ParseNumber(line.substr(9, 3), head.status) && head.status >= 100 &&
         (line.size() == 12 || line[12] == ' ');
}

bool ParseHeaderLine(std::string_view line, Headers& headers) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || HasBlank(line.substr(0, colon))) return false;
  headers.emplace_back(line.substr(0, colon), Trim(line.substr(colon + 1)));
  return true;
}

}  // namespace

bool IsWritable(const HttpRequest& request) {
  if (HasBlank(request.method) || HasLineBreak(request.method)) return false;
  return std::none_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
    return HasBlank(header.first) || HasLineBreak(header.first) || HasLineBreak(header.second);
  });
}

std::string WriteHead(const HttpRequest& request, const Url& url,
                      std::optional<std::string_view> proxy_authorization) {
  const std::string target = proxy_authorization ? ToString(url) : Target(url);
  std::string head = request.method + " " + target + " HTTP/1.1\r\n";
  const auto add_default = [&](std::string_view name, const std::string& value) {
    if (!FindHeader(request.headers, name)) AddLine(head, name, value);
  };
  add_default("Host", Authority(url));
  for (const auto& [name, value] : request.headers) AddLine(head, name, value);
  add_default("Accept-Encoding", "gzip");
  add_default("User-Agent", "cosell-sync");
  if (!request.body.empty() || ExpectsBody(request.method)) {
    add_default("Content-Length", std::to_string(request.body.size()));
  }
  if (proxy_authorization && !proxy_authorization->empty()) {
    AddLine(head, "Proxy-Authorization", *proxy_authorization);
  }
  return head + "\r\n";
}

std::optional<std::size_t> FindHeadEnd(std::string_view received) {
  const auto end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  return end + 4;
}

std::optional<ResponseHead> ParseHead(std::string_view text) {
  ResponseHead head;
  bool first = true;
  for (const std::string& line : Split(TrimEnd(text), '\n')) {
    const std::string_view content = TrimEnd(line);
    const bool fine =
        first ? ParseStatusLine(content, head) : ParseHeaderLine(content, head.headers);
    if (!fine) return std::nullopt;
    first = false;
  }
  if (HasToken(head.headers, "Connection", "close")) head.keeps_alive = false;
  if (HasToken(head.headers, "Connection", "keep-alive")) head.keeps_alive = true;
  return head;
}

BodyFrame FindBodyFrame(std::string_view method, const ResponseHead& head) {
  if (method == "HEAD" || head.status < 200 || head.status == 204 || head.status == 304) return {};
  if (FindHeader(head.headers, "Transfer-Encoding")) {
    const bool chunked = HasToken(head.headers, "Transfer-Encoding", "chunked");
    return {chunked ? BodyKind::chunked : BodyKind::senseless};
  }
  std::optional<std::size_t> length;
  for (const auto& [name, value] : head.headers) {
    if (!EqualsIgnoreCase(name, "Content-Length")) continue;
    std::size_t bytes = 0;
    if (!ParseNumber(std::string_view(value), bytes)) return {BodyKind::senseless};
    if (length && *length != bytes) return {BodyKind::senseless};
    length = bytes;
  }
  return length ? BodyFrame{BodyKind::counted, *length} : BodyFrame{BodyKind::until_closed};
}

}  // namespace cosell::net

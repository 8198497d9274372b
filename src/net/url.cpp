#include "net/url.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace cosell::net {
namespace {

bool IsPrintableUrlText(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte >= 0x7f || c == '"' || c == '<' || c == '>' || c == '\\';
  });
}

std::uint16_t DefaultPort(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

// Takes the text before `separator` off the front of `rest`; all of it when there is none.
std::string_view TakeUntil(std::string_view& rest, std::string_view separators) {
  const auto end = std::min(rest.find_first_of(separators), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(end);
  return taken;
}

bool ParsePort(std::string_view text, std::uint16_t& port) {
  const char* const end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data(), end, port);
  return error == std::errc{} && parsed_to == end && port != 0;
}

// "host", "host:port", "[v6]" or "[v6]:port".
bool ParseHostAndPort(std::string_view text, Url& url) {
  std::string_view host;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return false;
    host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
  } else {
    host = TakeUntil(text, ":");
  }
  url.host = ToLower(host);
  url.port = DefaultPort(url.scheme);
  if (url.host.empty()) return false;
  if (text.empty()) return true;
  return text.front() == ':' && ParsePort(text.substr(1), url.port);
}

std::string BracketedHost(const Url& url) {
  const bool v6 = url.host.find(':') != std::string::npos;
  return v6 ? "[" + url.host + "]" : url.host;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<Url> ParseUrl(std::string_view text) {
  Url url;
  const auto colon = text.find("://");
  if (colon == std::string_view::npos || !IsPrintableUrlText(text)) return std::nullopt;
  url.scheme = ToLower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  std::string_view rest = text.substr(colon + 3);
  std::string_view authority = TakeUntil(rest, "/?#");
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    url.user_info = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  if (!ParseHostAndPort(authority, url)) return std::nullopt;
  const std::string_view path = TakeUntil(rest, "?#");
  if (!path.empty()) url.path = path;
  if (rest.starts_with('?')) {
    rest.remove_prefix(1);
    url.query = TakeUntil(rest, "#");
  }
  return url;
}

std::string Authority(const Url& url) {
  const std::string host = BracketedHost(url);
  return url.port == DefaultPort(url.scheme) ? host : host + ":" + std::to_string(url.port);
}

std::string HostAndPort(const Url& url) {
  return BracketedHost(url) + ":" + std::to_string(url.port);
}

std::string Origin(const Url& url) { return url.scheme + "://" + Authority(url); }

std::string Target(const Url& url) {
  return url.query.empty() ? url.path : url.path + "?" + url.query;
}

std::string ToString(const Url& url) { return Origin(url) + Target(url); }

bool SameOrigin(std::string_view a, std::string_view b) {
  const auto first = ParseUrl(a);
  const auto second = ParseUrl(b);
  return first && second && Origin(*first) == Origin(*second);
}

std::string EncodeParameters(const Parameters& parameters) {
  std::string text;
  for (const auto& [name, value] : parameters) {
    if (!text.empty()) text += '&';
    text += UrlEncode(name) + "=" + UrlEncode(value);
  }
  return text;
}

std::string BuildUrl(std::string_view base, std::string_view path, const Parameters& parameters) {
  if (base.ends_with('/') && path.starts_with('/')) base.remove_suffix(1);
  std::string url = std::string(base) + std::string(path);
  if (!parameters.empty()) url += "?" + EncodeParameters(parameters);
  return url;
}

std::string UrlDecode(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int high = text[at] == '%' && at + 2 < text.size() ? HexValue(text[at + 1]) : -1;
    const int low = high >= 0 ? HexValue(text[at + 2]) : -1;
    if (low < 0) {
      decoded += text[at];
      continue;
    }
    decoded += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return decoded;
}

}  // namespace cosell::net

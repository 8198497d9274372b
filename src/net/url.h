#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// URLs, as far as an HTTP client needs them: taken apart, put together, compared. Pure functions;
// safe from any thread.
namespace cosell::net {

// An absolute http or https URL. A value.
struct Url {
  std::string scheme;      // "http" or "https"
  std::string user_info;   // "user:password", percent-encoded; empty in all but proxy URLs
  std::string host;        // lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;  // never 0: the scheme's own where the text names none
  std::string path = "/";  // begins with a slash; percent-encoded
  std::string query;       // without the question mark; percent-encoded
  bool secure() const { return scheme == "https"; }
  bool operator==(const Url&) const = default;
};

// Nothing for a relative URL, another scheme, an empty host, a port outside 1 to 65535, or a text
// with blanks, control characters, quotes or bytes above 127 (encode them first). A fragment is
// dropped.
std::optional<Url> ParseUrl(std::string_view text);

// "api.partner.microsoft.com", or "127.0.0.1:8443" where the port is not the scheme's own: the text
// of a Host header. An IPv6 address gets its brackets back.
std::string Authority(const Url& url);
// The same, always with the port: what CONNECT wants, and what a person looks for in a message.
std::string HostAndPort(const Url& url);
// "https://api.partner.microsoft.com": scheme and authority, no trailing slash.
std::string Origin(const Url& url);
// Path and query: what stands in a request line.
std::string Target(const Url& url);
// The whole URL, without user info.
std::string ToString(const Url& url);

// Whether two absolute URLs have the same scheme, host and port. False when either is not a URL.
// The test a link out of an answer must pass before a token goes to it.
bool SameOrigin(std::string_view a, std::string_view b);

using Parameters = std::vector<std::pair<std::string, std::string>>;

// "name=value&name=value", everything percent-encoded: a query, or a form body.
std::string EncodeParameters(const Parameters& parameters);
// `base` (origin and path; one slash at its end is dropped when `path` begins with one), `path` as
// given (encode variable segments with UrlEncode) and the parameters, if any, after a question
// mark.
std::string BuildUrl(std::string_view base, std::string_view path,
                     const Parameters& parameters = {});

// Undoes percent-encoding; a percent sign that starts no valid pair stays as it is.
std::string UrlDecode(std::string_view text);

}  // namespace cosell::net

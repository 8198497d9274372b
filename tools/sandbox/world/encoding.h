#pragma once

#include <map>
#include <string>
#include <string_view>

// Text encodings of the wire: base64, percent-encoding, forms, URLs. Pure functions.
namespace cosell::sandbox {

std::string Base64(std::string_view bytes);
// Without padding, URL alphabet (JWT).
std::string Base64Url(std::string_view bytes);
// Nothing but the decoded bytes; empty for malformed input.
std::string FromBase64Url(std::string_view text);
// The 32 raw bytes.
std::string Sha256(std::string_view bytes);

// Percent-decoding as web servers do it: `+` is a blank.
std::string UrlDecode(std::string_view text);
// "a=1&b=x%20y" decoded; of a repeated name the last value wins.
std::map<std::string, std::string> ParseForm(std::string_view text);

// A URL cut into the parts the world routes by. A value.
struct Url {
  std::string origin;  // "https://host" or "https://host:8443", lower case, default port left out
  std::string path;    // "/" at least, as sent
  std::string query;   // without "?", as sent
  std::string target() const { return query.empty() ? path : path + "?" + query; }
};
// Empty origin when `text` is no absolute http(s) URL.
Url ParseUrl(std::string_view text);

}  // namespace cosell::sandbox

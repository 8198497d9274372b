#include "partner_center/next_link.h"

#include "base/text.h"
#include "net/url.h"

namespace cosell {
namespace {

constexpr std::string_view kPublicHost = "api.partner.microsoft.com";

bool IsAbsolute(std::string_view link) {
  const std::string_view path = link.substr(0, link.find('?'));
  return path.starts_with("//") || path.find(':') != std::string_view::npos;
}

std::string EscapeIllegal(std::string_view link) {
  constexpr std::string_view kIllegal = " \"#<>\\^`{|}";
  std::string out;
  for (const char c : link) {
    const auto byte = static_cast<unsigned char>(c);
    const bool illegal = byte <= 0x20 || byte >= 0x7F || kIllegal.find(c) != std::string_view::npos;
    out += illegal ? UrlEncode({&c, 1}) : std::string(1, c);
  }
  return out;
}

bool IsOurs(const std::string& link, std::string_view base_url) {
  const auto url = net::ParseUrl(link);
  const auto base = net::ParseUrl(base_url);
  if (!url || !url->user_info.empty()) return false;
  return url->host == kPublicHost || (base && url->host == base->host);
}

Error Refused(std::string_view why) {
  return {.kind = ErrorKind::invalid_response,
          .message = "Partner Center's link to the next page " + std::string(why)};
}

}  // namespace

Result<std::string> NextQuery(std::string_view next_link, std::string_view base_url) {
  const std::string link = EscapeIllegal(next_link);
  if (IsAbsolute(link) && !IsOurs(link, base_url)) {
    return Refused("names another host than the configured one");
  }
  const auto mark = link.find('?');
  if (mark == std::string::npos || mark + 1 == link.size()) return Refused("holds no page token");
  return link.substr(mark + 1);
}

}  // namespace cosell

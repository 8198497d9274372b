#include "net/http.h"

#include <algorithm>

#include "base/text.h"

namespace cosell::net {
namespace {

constexpr std::size_t kRequestIdLengthMax = 64;

}  // namespace

std::optional<std::string_view> FindHeader(const Headers& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(), [name](const auto& header) {
    return EqualsIgnoreCase(header.first, name);
  });
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

std::string RequestIdOf(const Headers& headers) {
  for (const char* name : {"x-ms-service-request-id", "REQ_ID", "Request-ID"}) {
    const auto id = FindHeader(headers, name);
    if (!id) continue;
    std::string text(Trim(*id).substr(0, kRequestIdLengthMax));
    std::erase_if(text, [](char c) { return c <= ' ' || c > '~' || c == '"'; });
    return text;
  }
  return "";
}

}  // namespace cosell::net

#include "net/http.h"

#include <algorithm>

#include "base/text.h"

namespace cosell::net {

std::optional<std::string_view> FindHeader(const Headers& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(), [name](const auto& header) {
    return EqualsIgnoreCase(header.first, name);
  });
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

}  // namespace cosell::net

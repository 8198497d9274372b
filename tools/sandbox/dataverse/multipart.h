#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

// MIME multipart bodies, read as strictly as the service does: lines end in CRLF (contract 8).
namespace cosell::sandbox::dataverse {

// The boundary of a "multipart/mixed; boundary=..." value; nothing for another type.
std::optional<std::string> BoundaryOf(std::string_view content_type);

// Headers and content behind the empty line.
struct Entity {
  net::Headers headers;
  std::string content;
};
// Nothing when the empty line is missing or a header has no colon.
std::optional<Entity> ParseEntity(std::string_view text);

// Nothing when a boundary is missing or the closing one is.
std::optional<std::vector<Entity>> ParseMultipart(std::string_view body,
                                                  const std::string& boundary);

// "POST /api/... HTTP/1.1", headers, empty line, body. Nothing when malformed.
std::optional<net::HttpRequest> ParseHttpRequest(std::string_view content);

std::string HttpText(const net::HttpResponse& response);

}  // namespace cosell::sandbox::dataverse

#include "tools/sandbox/dataverse/multipart.h"

#include <map>

#include "base/text.h"

namespace cosell::sandbox::dataverse {
namespace {

constexpr std::string_view kCrlf = "\r\n";

// The line that starts `text`, which moves behind it. Nothing without CRLF or with a bare LF.
std::optional<std::string_view> TakeLine(std::string_view& text) {
  const auto end = text.find(kCrlf);
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  if (line.find('\n') != std::string_view::npos) return std::nullopt;
  text.remove_prefix(end + kCrlf.size());
  return line;
}

std::string ReasonPhrase(int status) {
  static const std::map<int, std::string> phrases = {{200, "OK"},
                                                     {201, "Created"},
                                                     {204, "No Content"},
                                                     {304, "Not Modified"},
                                                     {400, "Bad Request"},
                                                     {401, "Unauthorized"},
                                                     {403, "Forbidden"},
                                                     {404, "Not Found"},
                                                     {405, "Method Not Allowed"},
                                                     {410, "Gone"},
                                                     {412, "Precondition Failed"},
                                                     {429, "Too Many Requests"},
                                                     {500, "Internal Server Error"},
                                                     {503, "Service Unavailable"}};
  const auto found = phrases.find(status);
  return found == phrases.end() ? "Status" : found->second;
}

}  // namespace

std::optional<std::string> BoundaryOf(std::string_view content_type) {
  if (!StartsWithIgnoreCase(content_type, "multipart/mixed")) return std::nullopt;
  const auto at = ToLower(content_type).find("boundary=");
  if (at == std::string::npos) return std::nullopt;
  std::string_view boundary = content_type.substr(at + 9);
  boundary = Trim(boundary.substr(0, boundary.find(';')));
  if (boundary.size() > 1 && boundary.front() == '"' && boundary.back() == '"') {
    boundary = boundary.substr(1, boundary.size() - 2);
  }
  if (boundary.empty()) return std::nullopt;
  return std::string(boundary);
}

std::optional<Entity> ParseEntity(std::string_view text) {
  Entity entity;
  while (true) {
    const auto line = TakeLine(text);
    if (!line) return std::nullopt;
    if (line->empty()) break;
    const auto colon = line->find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    entity.headers.emplace_back(line->substr(0, colon), Trim(line->substr(colon + 1)));
  }
  entity.content = text;
  return entity;
}

std::optional<std::vector<Entity>> ParseMultipart(std::string_view body,
                                                  const std::string& boundary) {
  const std::string opening = "--" + boundary + "\r\n";
  const std::string delimiter = "\r\n--" + boundary;
  const auto first = body.find(opening);
  if (first == std::string_view::npos) return std::nullopt;
  body.remove_prefix(first + opening.size());
  std::vector<Entity> parts;
  while (true) {
    const auto end = body.find(delimiter);
    if (end == std::string_view::npos) return std::nullopt;
    const auto part = ParseEntity(body.substr(0, end));
    if (!part) return std::nullopt;
    parts.push_back(*part);
    body.remove_prefix(end + delimiter.size());
    if (body.starts_with("--")) return parts;
    if (!body.starts_with(kCrlf)) return std::nullopt;
    body.remove_prefix(kCrlf.size());
  }
}

std::optional<net::HttpRequest> ParseHttpRequest(std::string_view content) {
  const auto line = TakeLine(content);
  const auto words = line ? Split(*line, ' ') : std::vector<std::string>{};
  if (words.size() != 3 || words[2] != "HTTP/1.1") return std::nullopt;
  auto entity = ParseEntity(content);
  if (!entity) return std::nullopt;
  return net::HttpRequest{words[0], words[1], std::move(entity->headers),
                          std::move(entity->content)};
}

std::string HttpText(const net::HttpResponse& response) {
  std::string text =
      "HTTP/1.1 " + std::to_string(response.status) + " " + ReasonPhrase(response.status) + "\r\n";
  for (const auto& [name, value] : response.headers) text += name + ": " + value + "\r\n";
  return text + "\r\n" + response.body;
}

}  // namespace cosell::sandbox::dataverse

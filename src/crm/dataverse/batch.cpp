#include "crm/dataverse/batch.h"

#include <charconv>

#include "base/text.h"

namespace cosell::dataverse {
namespace {

// A change set inside a batch is the only nesting there is.
constexpr int kDepthMax = 2;

// Takes the next line, without its line end, off the front of `rest`.
std::string_view TakeLine(std::string_view& rest) {
  const auto end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string_view WithoutLineEnd(std::string_view text) {
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return text;
}

net::Headers TakeHeaders(std::string_view& rest) {
  net::Headers headers;
  while (!rest.empty()) {
    const std::string_view line = TakeLine(rest);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    headers.emplace_back(line.substr(0, colon), Trim(line.substr(colon + 1)));
  }
  return headers;
}

// The texts between the delimiter lines of one multipart body. What follows the last delimiter
// without a closing one was cut off, and is not returned.
std::vector<std::string_view> SplitParts(std::string_view body, std::string_view boundary) {
  const std::string delimiter = "--" + std::string(boundary);
  std::vector<std::string_view> parts;
  std::optional<std::size_t> start;
  for (std::size_t at = 0; at < body.size();) {
    std::string_view rest = body.substr(at);
    const std::string_view line = TakeLine(rest);
    const std::size_t next = body.size() - rest.size();
    const std::string_view tail =
        line.starts_with(delimiter) ? Trim(line.substr(delimiter.size())) : "no delimiter";
    if (tail.empty() || tail == "--") {
      if (start) parts.push_back(WithoutLineEnd(body.substr(*start, at - *start)));
      if (tail == "--") break;
      start = next;
    }
    at = next;
  }
  return parts;
}

// "HTTP/1.1 204 No Content" -> 204; 0 for anything else.
int StatusOf(std::string_view line) {
  const auto blank = line.find(' ');
  if (!StartsWithIgnoreCase(line, "HTTP/") || blank == std::string_view::npos) return 0;
  const std::string_view digits = line.substr(blank + 1, 3);
  int status = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), status);
  return status;
}

net::HttpResponse ParseHttp(std::string_view text) {
  net::HttpResponse response;
  while (text.starts_with('\r') || text.starts_with('\n')) text.remove_prefix(1);
  response.status = StatusOf(TakeLine(text));
  response.headers = TakeHeaders(text);
  response.body = Trim(text);
  return response;
}

void ParseInto(std::string_view body, std::string_view boundary, int depth,
               std::vector<net::HttpResponse>& out) {
  for (std::string_view part : SplitParts(body, boundary)) {
    const net::Headers headers = TakeHeaders(part);
    const auto type = net::FindHeader(headers, "Content-Type");
    const auto nested = BatchBoundary(type.value_or(""));
    if (nested && depth < kDepthMax) {
      ParseInto(part, *nested, depth + 1, out);
    } else {
      out.push_back(ParseHttp(part));
    }
  }
}

void AppendPart(std::string& out, const Operation& operation, std::string_view root) {
  out += "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n";
  out.append(operation.method).append(" ").append(root).append(operation.path);
  out += " HTTP/1.1\r\n";
  if (!operation.body.empty()) out += "Content-Type: application/json\r\n";
  for (const auto& [name, value] : operation.headers) {
    out.append(name).append(": ").append(value).append("\r\n");
  }
  out.append("\r\n").append(operation.body).append("\r\n");
}

}  // namespace

std::string BuildBatch(std::span<const Operation> operations, std::string_view boundary,
                       std::string_view root) {
  std::string out;
  for (const Operation& operation : operations) {
    out.append("--").append(boundary).append("\r\n");
    AppendPart(out, operation, root);
  }
  return out.append("--").append(boundary).append("--\r\n");
}

std::optional<std::string> BatchBoundary(std::string_view content_type) {
  if (!StartsWithIgnoreCase(Trim(content_type), "multipart/mixed")) return std::nullopt;
  for (const std::string& parameter : Split(content_type, ';')) {
    std::string_view text = Trim(parameter);
    if (!StartsWithIgnoreCase(text, "boundary=")) continue;
    text = Trim(text.substr(std::string_view("boundary=").size()));
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
      text = text.substr(1, text.size() - 2);
    }
    if (!text.empty()) return std::string(text);
  }
  return std::nullopt;
}

std::vector<net::HttpResponse> ParseBatch(std::string_view body, std::string_view boundary) {
  std::vector<net::HttpResponse> responses;
  ParseInto(body, boundary, 1, responses);
  return responses;
}

}  // namespace cosell::dataverse

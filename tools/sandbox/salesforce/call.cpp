#include "tools/sandbox/salesforce/call.h"

#include <charconv>

#include "base/text.h"
#include "net/url.h"

namespace cosell::sandbox::salesforce {
namespace {

constexpr std::string_view kRoot = "/services/data";
constexpr int kOldestVersion = 31;

std::vector<std::string> Segments(std::string_view path) {
  std::vector<std::string> segments;
  for (const auto& segment : Split(path, '/')) segments.push_back(net::UrlDecode(segment));
  if (!segments.empty() && segments.front().empty()) segments.erase(segments.begin());
  if (!segments.empty() && segments.back().empty()) segments.pop_back();
  return segments;
}

std::string FormDecode(std::string text) { return net::UrlDecode(ReplaceAll(text, "+", " ")); }

}  // namespace

std::optional<Target> ParseTarget(std::string_view text) {
  const auto question = std::min(text.find('?'), text.size());
  const std::string_view path = text.substr(0, question);
  if (!path.starts_with(kRoot)) return std::nullopt;
  const std::string_view rest = path.substr(kRoot.size());
  if (!rest.empty() && rest.front() != '/') return std::nullopt;
  Target target;
  target.path = Segments(rest);
  if (!target.path.empty()) {
    target.version = target.path.front();
    target.path.erase(target.path.begin());
  }
  if (question == text.size()) return target;
  for (const auto& item : Split(text.substr(question + 1), '&')) {
    if (item.empty()) continue;
    const auto equals = std::min(item.find('='), item.size());
    target.query.emplace_back(FormDecode(item.substr(0, equals)),
                              equals == item.size() ? "" : FormDecode(item.substr(equals + 1)));
  }
  return target;
}

std::optional<std::string> Call::Option(std::string_view name) const {
  for (const auto& [key, value] : target.query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string Call::Header(std::string_view name) const {
  return std::string(net::FindHeader(headers, name).value_or(""));
}

std::string Call::HeaderOption(std::string_view header, std::string_view name) const {
  for (const auto& item : Split(ReplaceAll(Header(header), ",", ";"), ';')) {
    const auto equals = item.find('=');
    if (equals == std::string::npos) continue;
    if (EqualsIgnoreCase(Trim(item.substr(0, equals)), name)) {
      return std::string(Trim(item.substr(equals + 1)));
    }
  }
  return "";
}

Json Call::Body() const {
  if (json) return *json;
  Json body = Json::parse(text, nullptr, false);
  if (body.is_discarded()) {
    ThrowBadJson(text.empty() ? "No content to map to Object due to end of input"
                              : "Unexpected character at [line:1, column:1]");
  }
  return body;
}

WriteContext Call::Writing(Database& database) const {
  const bool allow =
      EqualsIgnoreCase(HeaderOption("Sforce-Duplicate-Rule-Header", "allowSave"), "true");
  const bool assign = !EqualsIgnoreCase(Header("Sforce-Auto-Assign"), "FALSE");
  return {database, caller, naming(), allow, assign};
}

void ThrowMethod(const std::string& method, const std::string& allowed) {
  throw ServiceError(405, "METHOD_NOT_ALLOWED",
                     "HTTP Method '" + method + "' not allowed. Allowed are " + allowed);
}

int CheckVersion(const std::string& text, int version_max) {
  int version = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data() + 1, end, version);
  if (!text.starts_with('v') || problem != std::errc{} || std::string_view(stop, end) != ".0") {
    ThrowNotFound();
  }
  if (version < kOldestVersion) {
    throw ServiceError(410, "GONE", "The requested API version is retired: " + text);
  }
  if (version > version_max) {
    throw ServiceError(404, "UNSUPPORTED_API_VERSION", "Unknown API version: " + text);
  }
  return version;
}

}  // namespace cosell::sandbox::salesforce

#include "app/anchors.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "platform/files.h"

namespace cosell::app {
namespace {

using Json = nlohmann::ordered_json;

std::optional<AuditAnchor> ParseLine(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("id") || !json["id"].is_number_integer() ||
      !json.contains("hash") || !json["hash"].is_string() || !json.contains("at") ||
      !json["at"].is_string())
    return std::nullopt;
  const auto at = ParseInstant(json["at"].get<std::string>());
  if (!at) return std::nullopt;
  return AuditAnchor{json["id"].get<std::int64_t>(), json["hash"].get<std::string>(), *at};
}

}  // namespace

std::string AnchorLine(const AuditAnchor& anchor) {
  const Json json = {{"at", FormatInstant(anchor.at)}, {"id", anchor.id}, {"hash", anchor.hash}};
  return json.dump();
}

Result<std::vector<AuditAnchor>> ParseAnchors(std::string_view text) {
  std::vector<AuditAnchor> anchors;
  const auto lines = Split(text, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (Trim(lines[i]).empty()) continue;
    const auto anchor = ParseLine(lines[i]);
    const bool cut = Trim(lines[i]).starts_with('{') && !Json::accept(lines[i]);
    if (anchor) {
      anchors.push_back(*anchor);
    } else if (!cut) {
      return Error{ErrorKind::invalid_input,
                   "line " + std::to_string(i + 1) +
                       " is no anchor; one looks like "
                       R"({"at": "2026-03-01T09:12:44Z", "id": 17, "hash": "..."})"};
    }
  }
  return anchors;
}

Status AppendAnchor(const std::string& file, const AuditAnchor& anchor) {
  return platform::AppendLine(file, AnchorLine(anchor));
}

}  // namespace cosell::app

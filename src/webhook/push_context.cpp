#include "webhook/push_context.h"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/guid.h"
#include "base/text.h"

namespace cosell::webhook {
namespace {

using nlohmann::json;

constexpr std::size_t kNameLengthMax = 128;
constexpr std::string_view kNoOperation = "00000000-0000-0000-0000-000000000000";

const json& Member(const json& object, const char* name) {
  static const json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(name);
  return found == object.end() ? kNothing : *found;
}

std::string Text(const json& value) {
  return value.is_string() ? value.get<std::string>() : std::string{};
}

// The value of `key` in a list of {"key": ..., "value": ...}.
const json& ValueOf(const json& list, std::string_view key) {
  static const json kNothing;
  if (!list.is_array()) return kNothing;
  for (const json& pair : list) {
    if (Text(Member(pair, "key")) == key) return Member(pair, "value");
  }
  return kNothing;
}

// "/Date(1772528411000)/" or "/Date(1772528411000+0000)/": milliseconds since 1970, UTC; the offset
// is for display.
std::optional<Instant> ParseDate(std::string_view text) {
  constexpr std::string_view kPrefix = "/Date(";
  if (!text.starts_with(kPrefix) || !text.ends_with(")/")) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  std::int64_t ms = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), ms).ec != std::errc{}) {
    return std::nullopt;
  }
  return std::chrono::floor<std::chrono::seconds>(FromUnixMs(ms));
}

}  // namespace

std::optional<PushContext> ParsePushContext(std::string_view body) {
  const json parsed = json::parse(body, nullptr, false);
  PushContext context;
  context.table = ToLower(Text(Member(parsed, "PrimaryEntityName")));
  context.message = Text(Member(parsed, "MessageName"));
  if (context.table.empty() || context.message.empty() || context.table.size() > kNameLengthMax ||
      context.message.size() > kNameLengthMax) {
    return std::nullopt;
  }
  context.record_id = NormalizeGuid(Text(Member(parsed, "PrimaryEntityId"))).value_or("");
  context.operation = NormalizeGuid(Text(Member(parsed, "OperationId"))).value_or("");
  if (context.operation == kNoOperation) context.operation.clear();
  const json& target = ValueOf(Member(parsed, "InputParameters"), "Target");
  context.modified_at = ParseDate(Text(ValueOf(Member(target, "Attributes"), "modifiedon")));
  return context;
}

}  // namespace cosell::webhook

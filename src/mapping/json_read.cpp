#include "mapping/json_read.h"

#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "mapping/pointer.h"

namespace cosell {
namespace {

simdjson::dom::parser& Parser() {
  thread_local simdjson::dom::parser parser;
  return parser;
}

std::optional<JsonElement> ElementOf(const JsonElement& list, const std::string& step) {
  simdjson::dom::array items;
  if (list.get(items) != simdjson::SUCCESS) return std::nullopt;
  std::size_t index = 0;
  if (IsIndex(step, &index)) {
    JsonElement found;
    if (items.at(index).get(found) == simdjson::SUCCESS) return found;
    return std::nullopt;
  }
  const Selector selector = SelectorOf(step);
  for (const JsonElement item : items) {
    if (!selector.empty() &&
        EqualsIgnoreCase(TextIn(MemberOf(item, selector.member)), selector.text))
      return item;
  }
  return std::nullopt;
}

}  // namespace

Result<JsonElement> ParseElement(std::string_view raw, std::string_view what) {
  JsonElement root;
  if (Parser().parse(raw.data(), raw.size()).get(root) != simdjson::SUCCESS || !root.is_object()) {
    return Error{ErrorKind::invalid_response, std::string(what) + " is not a JSON object"};
  }
  return root;
}

std::optional<JsonElement> MemberOf(const JsonElement& parent, std::string_view name) {
  simdjson::dom::object object;
  if (parent.get(object) != simdjson::SUCCESS) return std::nullopt;
  JsonElement found;
  if (object.at_key(name).get(found) == simdjson::SUCCESS) return found;
  if (object.at_key_case_insensitive(name).get(found) == simdjson::SUCCESS) return found;
  return std::nullopt;
}

std::optional<JsonElement> WalkTo(JsonElement at, const std::vector<std::string>& steps) {
  for (const auto& step : steps) {
    const auto next = at.is_array() ? ElementOf(at, step) : MemberOf(at, step);
    if (!next) return std::nullopt;
    at = *next;
  }
  return at;
}

std::string_view TextIn(const std::optional<JsonElement>& value) {
  std::string_view text;
  if (!value || value->get(text) != simdjson::SUCCESS) return {};
  return text;
}

std::string NumberIn(const JsonElement& value) {
  if (value.is_string()) return std::string(TextIn(value));
  std::int64_t whole = 0;
  if (value.get(whole) == simdjson::SUCCESS) return std::to_string(whole);
  // nlohmann prints the shortest text that reads back as the same double.
  double number = 0;
  if (value.get(number) == simdjson::SUCCESS) return nlohmann::json(number).dump();
  return "";
}

std::string ScalarIn(const JsonElement& value) {
  if (value.is_string()) return std::string(TextIn(value));
  bool flag = false;
  if (value.get(flag) == simdjson::SUCCESS) return flag ? "true" : "false";
  return NumberIn(value);
}

}  // namespace cosell

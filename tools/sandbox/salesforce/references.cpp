#include "tools/sandbox/salesforce/references.h"

#include <charconv>

#include "base/text.h"

namespace cosell::sandbox::salesforce {
namespace {

const Json* Member(const Json& json, const std::string& name) {
  if (!json.is_object()) return nullptr;
  const auto at = json.find(name);
  return at == json.end() ? nullptr : &*at;
}

// One step of a path: "records[0]", "Id", "[2]".
const Json* Step(const Json& json, const std::string& step) {
  const auto bracket = step.find('[');
  const Json* at = bracket == 0 ? &json : Member(json, step.substr(0, bracket));
  if (bracket == std::string::npos || at == nullptr) return at;
  std::size_t index = 0;
  const char* end = step.data() + step.size();
  const auto [stop, problem] = std::from_chars(step.data() + bracket + 1, end, index);
  const bool good = problem == std::errc{} && std::string_view(stop, end) == "]";
  return good && at->is_array() && index < at->size() ? &(*at)[index] : nullptr;
}

std::string TextOf(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.dump();
}

}  // namespace

const Json* References::Find(const std::string& path) const {
  const auto steps = Split(path, '.');
  // "ref[0].id" reads a body that is an array.
  const auto bracket = steps.front().find('[');
  const auto body = bodies_.find(steps.front().substr(0, bracket));
  if (body == bodies_.end()) return nullptr;
  const Json* at = &body->second;
  if (bracket != std::string::npos) at = Step(*at, steps.front().substr(bracket));
  for (std::size_t i = 1; i < steps.size() && at != nullptr; ++i) at = Step(*at, steps[i]);
  return at != nullptr && at->is_primitive() ? at : nullptr;
}

std::optional<std::string> References::InText(const std::string& text) const {
  std::string out;
  std::size_t at = 0;
  for (;;) {
    const auto begin = text.find("@{", at);
    const auto end = begin == std::string::npos ? begin : text.find('}', begin);
    if (end == std::string::npos) return out + text.substr(at);
    const Json* value = Find(text.substr(begin + 2, end - begin - 2));
    if (value == nullptr) return std::nullopt;
    out += text.substr(at, begin - at) + TextOf(*value);
    at = end + 1;
  }
}

std::optional<Json> References::InJson(const Json& json) const {
  if (json.is_string()) {
    const auto& text = json.get_ref<const std::string&>();
    const bool whole = text.starts_with("@{") && text.find('}') == text.size() - 1;
    if (whole) {
      const Json* value = Find(text.substr(2, text.size() - 3));
      return value == nullptr ? std::nullopt : std::optional<Json>(*value);
    }
    const auto replaced = InText(text);
    return replaced ? std::optional<Json>(*replaced) : std::nullopt;
  }
  if (!json.is_structured()) return json;
  Json out = json;
  for (auto& item : out) {
    auto replaced = InJson(item);
    if (!replaced) return std::nullopt;
    item = std::move(*replaced);
  }
  return out;
}

}  // namespace cosell::sandbox::salesforce

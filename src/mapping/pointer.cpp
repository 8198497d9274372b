#include "mapping/pointer.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

bool IsMember(const Json& element, const Selector& selector) {
  const auto it = element.is_object() ? element.find(selector.member) : element.end();
  return element.is_object() && it != element.end() && it->is_string() &&
         EqualsIgnoreCase(it->get_ref<const std::string&>(), selector.text);
}

const Json* Step(const Json& at, const std::string& step) {
  if (at.is_object()) {
    const auto it = at.find(step);
    return it == at.end() ? nullptr : &*it;
  }
  if (!at.is_array()) return nullptr;
  std::size_t index = 0;
  if (IsIndex(step, &index)) return index < at.size() ? &at[index] : nullptr;
  const Selector selector = SelectorOf(step);
  const auto it = std::find_if(at.begin(), at.end(),
                               [&](const Json& each) { return IsMember(each, selector); });
  return selector.empty() || it == at.end() ? nullptr : &*it;
}

Json& MakeStep(Json& at, const std::string& step) {
  std::size_t index = 0;
  const Selector selector = SelectorOf(step);
  if (!IsIndex(step, &index) && selector.empty()) {
    if (!at.is_object()) at = Json::object();
    return at[step];
  }
  if (!at.is_array()) at = Json::array();
  if (selector.empty()) return at[index];
  for (Json& each : at) {
    if (IsMember(each, selector)) return each;
  }
  at.push_back({{std::string(selector.member), std::string(selector.text)}});
  return at.back();
}

}  // namespace

std::vector<std::string> StepsOf(std::string_view pointer) { return Split(pointer.substr(1), '/'); }

Selector SelectorOf(std::string_view step) {
  const auto equals = step.find('=');
  if (step.size() < 4 || step.front() != '[' || step.back() != ']' ||
      equals == std::string_view::npos || equals < 2)
    return {};
  return {step.substr(1, equals - 1), step.substr(equals + 1, step.size() - equals - 2)};
}

bool IsIndex(std::string_view step, std::size_t* index) {
  const auto [end, problem] = std::from_chars(step.data(), step.data() + step.size(), *index);
  return !step.empty() && problem == std::errc{} && end == step.data() + step.size() &&
         *index < 1000;
}

std::string TextAt(const nlohmann::json& root, const std::vector<std::string>& steps) {
  const Json* at = &root;
  for (const std::string& step : steps) {
    at = Step(*at, step);
    if (at == nullptr) return "";
  }
  if (at->is_number()) return at->dump();
  return at->is_string() ? std::string(Trim(at->get_ref<const std::string&>())) : "";
}

void SetTextAt(nlohmann::json* root, const std::vector<std::string>& steps,
               const std::string& text) {
  Json* at = root;
  for (const std::string& step : steps) at = &MakeStep(*at, step);
  *at = text;
}

}  // namespace cosell

#include "model/decision.h"

#include <array>
#include <utility>

namespace cosell {
namespace {

constexpr std::array<std::pair<Take, std::string_view>, 4> kTakes = {{
    {Take::partner_center, "partner_center"},
    {Take::crm, "crm"},
    {Take::leave, "leave"},
    {Take::lost_value, "lost_value"},
}};

}  // namespace

std::string_view ToString(Take take) {
  for (const auto& [value, name] : kTakes) {
    if (value == take) return name;
  }
  return "leave";
}

std::optional<Take> TakeFromText(std::string_view text) {
  for (const auto& [value, name] : kTakes) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace cosell

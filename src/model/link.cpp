#include "model/link.h"

#include <array>
#include <stdexcept>
#include <utility>

namespace cosell {
namespace {

constexpr std::array<std::pair<LinkState, std::string_view>, 8> kStates = {{
    {LinkState::pending, "pending"},
    {LinkState::in_sync, "in_sync"},
    {LinkState::waiting, "waiting"},
    {LinkState::conflict, "conflict"},
    {LinkState::quarantined, "quarantined"},
    {LinkState::closed, "closed"},
    {LinkState::left_alone, "left_alone"},
    {LinkState::unlinked, "unlinked"},
}};

}  // namespace

std::string_view ToString(LinkState state) {
  for (const auto& [value, name] : kStates) {
    if (value == state) return name;
  }
  throw std::invalid_argument("unknown link state");
}

LinkState LinkStateFromText(std::string_view text) {
  for (const auto& [value, name] : kStates) {
    if (name == text) return value;
  }
  throw std::invalid_argument("unknown link state '" + std::string(text) + "'");
}

}  // namespace cosell

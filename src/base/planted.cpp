#include "base/planted.h"

#ifdef COSELL_PLANTED_BUGS

#include <atomic>

namespace cosell {
namespace {

constexpr int kNone = -1;
std::atomic<int> planted = kNone;
std::array<std::atomic<bool>, kPlantedBugs.size()> asked_for{};

std::size_t IndexOf(PlantedBug bug) { return static_cast<std::size_t>(bug); }

}  // namespace

bool Planted(PlantedBug bug) {
  asked_for[IndexOf(bug)].store(true, std::memory_order_relaxed);
  return planted.load(std::memory_order_relaxed) == static_cast<int>(bug);
}

void Plant(std::optional<PlantedBug> bug) {
  planted = bug ? static_cast<int>(*bug) : kNone;
  for (auto& asked : asked_for) asked = false;
}

bool WasAskedFor(PlantedBug bug) { return asked_for[IndexOf(bug)]; }

}  // namespace cosell

#else

namespace cosell {

static_assert(!Planted(kPlantedBugs.front().bug), "what is shipped has no planted bugs");

}  // namespace cosell

#endif

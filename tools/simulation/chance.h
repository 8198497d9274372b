#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <utility>

#include "base/clock.h"

namespace cosell::simulation {

template <typename T>
using Weighted = std::pair<T, int>;

// Draws of one seed. For one thread.
class Chance {
 public:
  // Mixed once, or the numbers of one seed would be those of the next, shifted.
  explicit Chance(std::uint64_t seed) : random_(SeededRandom(seed).Next()) {}

  // 0 up to `bound`, which is above zero and not reached.
  int Below(int bound) {
    return static_cast<int>(random_.Below(static_cast<std::uint64_t>(bound)));
  }
  bool Percent(int percent) { return Below(100) < percent; }

  // One of the choices, each as often as its weight says. At least one has a weight above zero.
  template <typename T>
  T Pick(std::initializer_list<Weighted<T>> choices) {
    return Pick(std::span<const Weighted<T>>(choices.begin(), choices.size()));
  }
  template <typename T>
  T Pick(std::span<const Weighted<T>> choices) {
    int total = 0;
    for (const auto& choice : choices) total += choice.second;
    int at = Below(total);
    for (const auto& [value, weight] : choices) {
      at -= weight;
      if (at < 0) return value;
    }
    return choices.front().first;
  }

 private:
  SeededRandom random_;
};

}  // namespace cosell::simulation

#pragma once

#include <cstdint>
#include <mutex>

#include "base/clock.h"

namespace cosell::test {

// Seeded chance for an adapter that several threads call.
class SharedRandom final : public Random {
 public:
  explicit SharedRandom(std::uint64_t seed) : random_(seed) {}
  std::uint64_t Next() override {
    const std::lock_guard lock(mutex_);
    return random_.Next();
  }

 private:
  std::mutex mutex_;
  SeededRandom random_;
};

}  // namespace cosell::test

#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/time.h"

// The ports to time and chance. Everything that needs either takes it from here, so that the whole
// service can run in a simulated world. Implementations are safe to call from any thread.
namespace cosell {

class Clock {
 public:
  virtual ~Clock() = default;
  // Wall clock, UTC. May step backwards; never used to order events of two machines.
  virtual Instant Now() const = 0;
  // Monotonic, for durations and deadlines.
  virtual std::chrono::nanoseconds Monotonic() const = 0;
  // Blocks the caller (or advances the simulated world). Only for waits of a few seconds: longer
  // ones are scheduled.
  virtual void SleepFor(std::chrono::milliseconds duration) = 0;
};

class SystemClock final : public Clock {
 public:
  Instant Now() const override;
  std::chrono::nanoseconds Monotonic() const override;
  void SleepFor(std::chrono::milliseconds duration) override;
};

class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t Next() = 0;
  // Uniform in [0, bound); requires bound > 0.
  std::uint64_t Below(std::uint64_t bound) { return Next() % bound; }
};

// Seeded from the operating system; not for keys or tokens.
class SystemRandom final : public Random {
 public:
  std::uint64_t Next() override;
};

// splitmix64: the same seed gives the same numbers on every machine.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() override;

 private:
  std::uint64_t state_;
};

}  // namespace cosell

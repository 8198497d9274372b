#pragma once

#include <chrono>

#include "base/clock.h"

// Time in the simulated world. For one thread.
namespace cosell::simulation {

// The true time. Moves when told, or when somebody sleeps.
class WorldClock final : public Clock {
 public:
  // 2026-03-01T09:00:00Z.
  Instant Now() const override { return now_; }
  std::chrono::nanoseconds Monotonic() const override { return monotonic_; }
  void SleepFor(std::chrono::milliseconds duration) override { Advance(duration); }
  void Advance(std::chrono::milliseconds duration) {
    now_ += duration;
    monotonic_ += duration;
  }

 private:
  Instant now_ = FromUnixMs(1'772'355'600'000);
  std::chrono::nanoseconds monotonic_{std::chrono::hours{1}};
};

// The service's own clock, which may be off, and may step in either direction.
class OwnClock final : public Clock {
 public:
  explicit OwnClock(WorldClock& world) : world_(world) {}
  Instant Now() const override { return world_.Now() + offset_; }
  std::chrono::nanoseconds Monotonic() const override { return world_.Monotonic(); }
  void SleepFor(std::chrono::milliseconds duration) override { world_.Advance(duration); }
  void SetOffset(std::chrono::seconds offset) { offset_ = offset; }

 private:
  WorldClock& world_;
  std::chrono::seconds offset_{0};
};

}  // namespace cosell::simulation

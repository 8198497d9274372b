#pragma once

#include <chrono>
#include <mutex>
#include <numeric>
#include <vector>

#include "base/clock.h"

namespace cosell::test {

// Time that moves only when told, or when somebody sleeps: SleepFor returns at once and moves both
// the wall clock and the monotonic clock. Safe from any thread.
class FakeClock final : public Clock {
 public:
  // 2026-03-01T09:00:00Z unless told otherwise.
  explicit FakeClock(Instant start = FromUnixMs(1'772'355'600'000)) : now_(start) {}

  Instant Now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  std::chrono::nanoseconds Monotonic() const override {
    const std::lock_guard lock(mutex_);
    return monotonic_;
  }
  void SleepFor(std::chrono::milliseconds duration) override {
    const std::lock_guard lock(mutex_);
    sleeps_.push_back(duration);
    Move(duration);
  }

  void Advance(std::chrono::milliseconds duration) {
    const std::lock_guard lock(mutex_);
    Move(duration);
  }
  // Steps the wall clock alone, as an operator or NTP would.
  void SetNow(Instant now) {
    const std::lock_guard lock(mutex_);
    now_ = now;
  }
  // Every SleepFor so far, in order.
  std::vector<std::chrono::milliseconds> sleeps() const {
    const std::lock_guard lock(mutex_);
    return sleeps_;
  }
  std::chrono::milliseconds slept() const {
    const auto all = sleeps();
    return std::accumulate(all.begin(), all.end(), std::chrono::milliseconds{0});
  }

 private:
  void Move(std::chrono::milliseconds duration) {
    now_ += duration;
    monotonic_ += duration;
  }

  mutable std::mutex mutex_;
  Instant now_;
  std::chrono::nanoseconds monotonic_{std::chrono::hours{1}};
  std::vector<std::chrono::milliseconds> sleeps_;
};

}  // namespace cosell::test

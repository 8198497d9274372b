#pragma once

#include <atomic>

#include "base/clock.h"

namespace cosell::sandbox {

// The real clock plus an offset that grows when told: two weeks pass in a moment. Any thread.
class OffsetClock final : public Clock {
 public:
  Instant Now() const override { return real_.Now() + Ticks(offset_.load()); }
  std::chrono::nanoseconds Monotonic() const override { return real_.Monotonic(); }
  void SleepFor(std::chrono::milliseconds duration) override { real_.SleepFor(duration); }
  void Advance(std::chrono::seconds by) {
    offset_ += std::chrono::duration_cast<Ticks>(by).count();
  }

 private:
  SystemClock real_;
  std::atomic<std::int64_t> offset_{0};
};

}  // namespace cosell::sandbox

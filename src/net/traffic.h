#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "base/clock.h"

namespace cosell::net {

// Internal to net: keeps the calls of one client within what the host allows: so many a second, so
// many at a time, and none at all while the host has asked us to wait. Safe from any thread.
class Traffic {
 public:
  Traffic(Clock& clock, double per_second_max, int concurrency_max);

  // The right to have one request in flight; given back on destruction.
  class Slot {
   public:
    explicit Slot(Traffic& traffic);
    ~Slot();
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

   private:
    Traffic& traffic_;
  };

  // Waits for the next token of the bucket (burst: one second's worth).
  void AwaitToken();

  // No request may start for the next `wait`; never shortens an earlier call.
  void CloseGate(std::chrono::milliseconds wait);
  // How long the gate stays closed; zero when it is open.
  std::chrono::milliseconds GateWait() const;

 private:
  Clock& clock_;
  const double per_second_max_;
  const int concurrency_max_;

  mutable std::mutex mutex_;
  std::condition_variable slot_freed_;
  int in_flight_ = 0;
  double tokens_;
  std::chrono::nanoseconds tokens_at_;
  std::chrono::nanoseconds gate_until_{0};
};

}  // namespace cosell::net

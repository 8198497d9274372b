#include "net/traffic.h"

#include <algorithm>
#include <stdexcept>

namespace cosell::net {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using Seconds = std::chrono::duration<double>;

Traffic::Traffic(Clock& clock, double per_second_max, int concurrency_max)
    : clock_(clock),
      per_second_max_(per_second_max),
      concurrency_max_(concurrency_max),
      tokens_(std::max(1.0, per_second_max)),
      tokens_at_(clock.Monotonic()) {
  if (!(per_second_max > 0) || concurrency_max < 1) {
    throw std::invalid_argument("requests per second and concurrency must be above zero");
  }
}

Traffic::Slot::Slot(Traffic& traffic) : traffic_(traffic) {
  std::unique_lock lock(traffic_.mutex_);
  traffic_.slot_freed_.wait(lock,
                            [this] { return traffic_.in_flight_ < traffic_.concurrency_max_; });
  ++traffic_.in_flight_;
}

Traffic::Slot::~Slot() {
  {
    const std::lock_guard lock(traffic_.mutex_);
    --traffic_.in_flight_;
  }
  traffic_.slot_freed_.notify_one();
}

void Traffic::AwaitToken() {
  milliseconds wait{0};
  {
    const std::lock_guard lock(mutex_);
    const nanoseconds now = clock_.Monotonic();
    const double earned = Seconds(now - tokens_at_).count() * per_second_max_;
    tokens_ = std::min(std::max(1.0, per_second_max_), tokens_ + earned) - 1;
    tokens_at_ = now;
    // Below zero the token is borrowed from the future, and waited for.
    if (tokens_ < 0) wait = std::chrono::ceil<milliseconds>(Seconds(-tokens_ / per_second_max_));
  }
  if (wait.count() > 0) clock_.SleepFor(wait);
}

void Traffic::CloseGate(milliseconds wait) {
  const std::lock_guard lock(mutex_);
  gate_until_ = std::max(gate_until_, clock_.Monotonic() + wait);
}

milliseconds Traffic::GateWait() const {
  const std::lock_guard lock(mutex_);
  return std::max(milliseconds{0},
                  std::chrono::ceil<milliseconds>(gate_until_ - clock_.Monotonic()));
}

}  // namespace cosell::net

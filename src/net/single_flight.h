#pragma once

#include <exception>
#include <functional>
#include <future>
#include <mutex>
#include <optional>

#include "base/result.h"

namespace cosell::net {

// Internal to net: one piece of work at a time, whose outcome is shared by all who ask while it
// runs, an error included: a wrong password must not be tried once per caller. Guarded by a mutex
// of its owner, the one that guards what the work yields, so that nobody looks for a token just
// before it is there and starts the work again just after.
template <typename T>
class SingleFlight {
 public:
  // Joins the running work or starts it. `lock` holds the owner's mutex and comes back unlocked;
  // `work` runs without it. What `work` throws is thrown in every caller.
  Result<T> Join(std::unique_lock<std::mutex>& lock, const std::function<Result<T>()>& work) {
    if (running_.valid()) {
      const auto shared = running_;
      lock.unlock();
      return shared.get();
    }
    std::promise<Result<T>> promise;
    const auto shared = promise.get_future().share();
    running_ = shared;
    lock.unlock();
    std::optional<Result<T>> outcome;
    std::exception_ptr failure;
    try {
      outcome = work();
    } catch (...) {
      failure = std::current_exception();
    }
    // Ended before it is told: whoever finds the outcome wanting must not be given it once more.
    lock.lock();
    running_ = {};
    lock.unlock();
    if (failure) {
      promise.set_exception(failure);
    } else {
      promise.set_value(*std::move(outcome));
    }
    return shared.get();
  }

 private:
  std::shared_future<Result<T>> running_;  // valid while the work runs
};

}  // namespace cosell::net

#pragma once

#include <functional>
#include <vector>

namespace cosell {

// Runs independent remote calls side by side. RunAll returns when every task has run; tasks do not
// throw. Safe from any thread. The simulation runs them one after the other.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void RunAll(std::vector<std::function<void()>> tasks) = 0;
};

class SequentialExecutor final : public Executor {
 public:
  void RunAll(std::vector<std::function<void()>> tasks) override {
    for (auto& task : tasks) task();
  }
};

}  // namespace cosell

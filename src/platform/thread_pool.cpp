#include "platform/thread_pool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace cosell::platform {
namespace {

// The tasks of one RunAll. Shared by the caller and the threads that help it.
class Batch {
 public:
  explicit Batch(std::vector<std::function<void()>> tasks)
      : tasks_(std::move(tasks)), unfinished_(tasks_.size()) {}

  // Takes tasks until none is left to take.
  void Work() {
    for (std::size_t index = Take(); index < tasks_.size(); index = Take()) {
      tasks_[index]();
      const std::lock_guard lock(mutex_);
      if (--unfinished_ == 0) finished_.notify_all();
    }
  }

  void Wait() {
    std::unique_lock lock(mutex_);
    finished_.wait(lock, [&] { return unfinished_ == 0; });
  }

 private:
  std::size_t Take() {
    const std::lock_guard lock(mutex_);
    return next_ < tasks_.size() ? next_++ : tasks_.size();
  }

  std::vector<std::function<void()>> tasks_;
  std::mutex mutex_;
  std::condition_variable finished_;
  std::size_t next_ = 0;
  std::size_t unfinished_;
};

class ThreadPool final : public Executor {
 public:
  explicit ThreadPool(std::size_t threads) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Help(); });
  }

  ~ThreadPool() override {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_) thread.join();
  }

  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  void RunAll(std::vector<std::function<void()>> tasks) override {
    if (tasks.empty()) return;
    const std::size_t helpers = std::min(tasks.size() - 1, threads_.size());
    const auto batch = std::make_shared<Batch>(std::move(tasks));
    {
      const std::lock_guard lock(mutex_);
      calls_.insert(calls_.end(), helpers, batch);
    }
    for (std::size_t i = 0; i < helpers; ++i) wake_.notify_one();
    batch->Work();
    batch->Wait();
  }

 private:
  void Help() {
    while (const auto batch = NextCall()) batch->Work();
  }

  // Null at the end of the pool. A call whose tasks are all taken is answered with no work.
  std::shared_ptr<Batch> NextCall() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return ending_ || !calls_.empty(); });
    if (calls_.empty()) return nullptr;
    auto batch = std::move(calls_.front());
    calls_.pop_front();
    return batch;
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Batch>> calls_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<Executor> MakeThreadPool(std::size_t threads) {
  return std::make_unique<ThreadPool>(threads);
}

}  // namespace cosell::platform

#include "platform/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>
#include <thread>

namespace cosell::platform {
namespace {

using Tasks = std::vector<std::function<void()>>;

TEST(ThreadPoolTest, EveryTaskHasRunWhenRunAllReturns) {
  const auto pool = MakeThreadPool(3);
  for (const std::size_t count : {0u, 1u, 2u, 100u}) {
    std::atomic<std::size_t> ran{0};
    pool->RunAll(Tasks(count, [&] { ++ran; }));
    EXPECT_EQ(ran, count);
  }
}

TEST(ThreadPoolTest, TasksRunSideBySide) {
  const auto pool = MakeThreadPool(3);
  std::latch all_there(4);  // three threads and the caller
  pool->RunAll(Tasks(4, [&] { all_there.arrive_and_wait(); }));
}

TEST(ThreadPoolTest, TaskMayRunTasks) {
  const auto pool = MakeThreadPool(2);
  std::atomic<int> ran{0};
  pool->RunAll(Tasks(8, [&] { pool->RunAll(Tasks(8, [&] { ++ran; })); }));
  EXPECT_EQ(ran, 64);
}

TEST(ThreadPoolTest, BusyPoolDoesNotHoldUpAnotherCaller) {
  const auto pool = MakeThreadPool(1);
  std::latch busy(2);
  std::latch release(1);
  std::thread hog([&] {
    pool->RunAll(Tasks(2, [&] {
      busy.count_down();
      release.wait();
    }));
  });
  busy.wait();
  std::atomic<int> ran{0};
  pool->RunAll(Tasks(5, [&] { ++ran; }));
  EXPECT_EQ(ran, 5);
  release.count_down();
  hog.join();
}

TEST(ThreadPoolTest, PoolWithoutThreadsRunsOnTheCaller) {
  const auto pool = MakeThreadPool(0);
  std::set<std::thread::id> threads;
  pool->RunAll(Tasks(3, [&] { threads.insert(std::this_thread::get_id()); }));
  EXPECT_EQ(threads, std::set{std::this_thread::get_id()});
}

}  // namespace
}  // namespace cosell::platform

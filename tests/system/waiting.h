#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>

namespace cosell::system_test {

// Far more than anything takes on a busy machine; it is only spent when something is wrong.
constexpr std::chrono::seconds kPatience{60};

// Asks again and again until `condition` holds. `what` completes "did not come true: ...".
inline testing::AssertionResult WaitUntil(const std::function<bool()>& condition,
                                          const std::string& what,
                                          std::chrono::milliseconds patience = kPatience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) {
      return testing::AssertionFailure()
             << "did not come true within " << patience.count() << " ms: " << what;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  return testing::AssertionSuccess();
}

}  // namespace cosell::system_test

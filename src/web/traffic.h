#pragma once

#include <atomic>
#include <cstdint>

namespace cosell::web {

// What the server counts, for /metrics. Owned by whoever builds server and metrics; safe from any
// thread.
struct TrafficCounters {
  std::atomic<std::int64_t> open{0};       // connections now
  std::atomic<std::int64_t> accepted{0};   // connections so far
  std::atomic<std::int64_t> refused{0};    // too many at once, or from one address
  std::atomic<std::int64_t> overdue{0};    // hung up: a request or answer took too long
  std::atomic<std::int64_t> displaced{0};  // hung up: slow or idle while others waited for a thread
  std::atomic<std::int64_t> requests{0};   // answered, whatever the answer
};

}  // namespace cosell::web

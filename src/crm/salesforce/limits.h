#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "ports/log.h"

namespace cosell::salesforce {

// How many of the organisation's daily API calls are used, by all its integrations together.
struct ApiUsage {
  std::int64_t used = 0;
  std::int64_t max = 0;
  bool operator==(const ApiUsage&) const = default;
};

// The value of Sforce-Limit-Info (contract salesforce.md section 15), read leniently: api-usage
// anywhere among the items, never the one inside per-app-api-usage. Nothing for any other text.
std::optional<ApiUsage> ParseApiUsage(std::string_view header);

// Keeps us from using up calls that other integrations of the organisation need. From 90 % on,
// calls are spaced; from 95 % on they end here as throttled, but for one probe whenever the waiting
// time is over. Each threshold crossed is logged once. Safe from any thread.
class CallBudget {
 public:
  CallBudget(Clock& clock, Log& log) : clock_(clock), log_(log) {}

  // Before a call: returns when it may be sent, or throttled with the time left. A call that
  // `finishes` what has been begun (the read after a write) is never held back.
  Status Admit(bool finishes);
  // After an answer.
  void Note(const net::Headers& headers);

 private:
  enum class Level { free, spaced, closed };
  std::chrono::nanoseconds NextTurn();

  Clock& clock_;
  Log& log_;
  std::mutex mutex_;
  Level level_ = Level::free;
  std::chrono::nanoseconds next_turn_{0};  // monotonic; spaced
  std::chrono::nanoseconds probe_at_{0};   // monotonic; closed
};

}  // namespace cosell::salesforce

#pragma once

#include <map>
#include <string>

#include "base/time.h"

namespace cosell::sandbox {

// A token bucket per caller (contract partner-center.md 3.12). Refused calls count as well.
// Single-threaded.
class Throttle {
 public:
  // 0 when the call may pass, else the seconds to wait. A rate of 0 lets everything pass.
  int SecondsToWait(const std::string& caller, double rate_per_s, double burst, Instant now);

 private:
  struct Bucket {
    double tokens = 0;
    Instant filled_at;
  };
  std::map<std::string, Bucket> buckets_;
};

}  // namespace cosell::sandbox

#include "tools/sandbox/world/throttle.h"

#include <algorithm>
#include <cmath>

namespace cosell::sandbox {

int Throttle::SecondsToWait(const std::string& caller, double rate_per_s, double burst,
                            Instant now) {
  if (rate_per_s <= 0) return 0;
  const auto [at, fresh] = buckets_.try_emplace(caller, Bucket{burst, now});
  Bucket& bucket = at->second;
  const double elapsed_s =
      std::max(0.0, std::chrono::duration<double>(now - bucket.filled_at).count());
  bucket.tokens = std::min(burst, bucket.tokens + elapsed_s * rate_per_s);
  bucket.filled_at = now;
  bucket.tokens = std::max(bucket.tokens - 1, -burst);
  if (bucket.tokens >= 0) return 0;
  return std::max(1, static_cast<int>(std::ceil(-bucket.tokens / rate_per_s)));
}

}  // namespace cosell::sandbox

#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "tools/bench/measure.h"

namespace cosell::bench {

// The table: what | figure | limit in the same run | ratio. A line appears as soon as it is known.
class Report {
 public:
  // `out` outlives the report.
  explicit Report(std::ostream& out) : out_(out) {}

  // Cores, load average and the file system of `folder`: how far the figures can be trusted.
  void Machine(const std::string& folder);
  void Head();
  // A free line, for a figure without a limit; `limit` and `ratio` may be empty.
  void Line(const std::string& what, const std::string& figure, const std::string& limit = "",
            const std::string& ratio = "");
  // The medians of samples taken in pairs, and the median of their ratios. Requires as many figures
  // as limits, at least one.
  void Rates(const std::string& what, const Samples& figures, const std::string& limit_name,
             const Samples& limits);
  // A count beside the least it could be.
  void Counts(const std::string& what, std::int64_t figure, const std::string& limit_name,
              std::int64_t limit);

 private:
  std::ostream& out_;
};

std::string Thousands(std::int64_t number);                // 1234567 -> "1,234,567"
std::string Fixed(double number, int decimals);            // 0.5 -> "0.50"
std::string Spread(const Samples& samples, int decimals);  // "0.53 (0.50 to 0.67)"

}  // namespace cosell::bench

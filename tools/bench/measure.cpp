#include "tools/bench/measure.h"

#include <sys/resource.h>

#include <algorithm>

namespace cosell::bench {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

double Median(Samples samples) {
  std::sort(samples.begin(), samples.end());
  const std::size_t middle = samples.size() / 2;
  if (samples.size() % 2 == 1) return samples[middle];
  return (samples[middle - 1] + samples[middle]) / 2;
}

double Least(const Samples& samples) { return *std::min_element(samples.begin(), samples.end()); }

double Greatest(const Samples& samples) {
  return *std::max_element(samples.begin(), samples.end());
}

Samples Ratios(const Samples& figures, const Samples& limits) {
  Samples ratios;
  for (std::size_t i = 0; i < figures.size(); ++i) ratios.push_back(figures[i] / limits[i]);
  return ratios;
}

double WallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
}

}  // namespace cosell::bench

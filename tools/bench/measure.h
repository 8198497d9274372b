#pragma once

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

namespace cosell::bench {

// One number per round. Figures and limits are taken in turns (A B A B), because the machine may be
// busy in one minute and idle in the next; only neighbours are compared.
using Samples = std::vector<double>;
inline constexpr int kRounds = 5;

// These require at least one sample; Ratios requires two lists of one length.
double Median(Samples samples);
double Least(const Samples& samples);
double Greatest(const Samples& samples);
Samples Ratios(const Samples& figures, const Samples& limits);

// Seconds since some moment, and the CPU seconds (user and system, all threads) of this process.
double WallSeconds();
double CpuSeconds();

// How often `work` runs in a second of this thread's own CPU time, tried for about `seconds` of it.
// `work` is one unit and returns a number; `*sink` adds these up so that no work is optimised away.
template <typename Work>
double PerCpuSecond(double seconds, std::int64_t* sink, Work&& work) {
  constexpr int kBatch = 16;
  std::int64_t done = 0;
  const double start = CpuSeconds();
  double spent = 0;
  while (spent < seconds) {
    for (int i = 0; i < kBatch; ++i) *sink += work();
    done += kBatch;
    spent = CpuSeconds() - start;
  }
  return static_cast<double>(done) / spent;
}

// The same for a figure and its limit, by turns; `seconds` is shared out over all of it.
struct Pair {
  Samples figures;
  Samples limits;
};
template <typename Figure, typename Limit>
Pair ByTurns(double seconds, std::int64_t* sink, Figure&& figure, Limit&& limit) {
  Pair pair;
  const double slice = seconds / (2 * kRounds);
  for (int round = 0; round < kRounds; ++round) {
    pair.figures.push_back(PerCpuSecond(slice, sink, figure));
    pair.limits.push_back(PerCpuSecond(slice, sink, limit));
  }
  return pair;
}

// Hands out 0, 1, .. size - 1, 0, ..; work of one kind goes over all its material.
class Turn {
 public:
  explicit Turn(std::size_t size) : size_(size) {}
  std::size_t Next() { return next_ = next_ + 1 < size_ ? next_ + 1 : 0; }

 private:
  std::size_t size_;
  std::size_t next_ = 0;
};

}  // namespace cosell::bench

#include "engine/pause.h"

#include <algorithm>

namespace cosell {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds kPauseMin = 1s;
constexpr int kDoublingsMax = 4;

}  // namespace

std::chrono::nanoseconds PauseAfter(const Error& broken, int pauses) {
  return std::max<std::chrono::nanoseconds>(kPauseMin * (1LL << std::min(pauses, kDoublingsMax)),
                                            broken.retry_after.value_or(0ms));
}

}  // namespace cosell

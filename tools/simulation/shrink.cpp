#include "tools/simulation/shrink.h"

#include <algorithm>
#include <vector>

namespace cosell::simulation {
namespace {

using NumberList = std::vector<int>;

Script Of(const Script& script, const NumberList& numbers) {
  return Keep(script, {numbers.begin(), numbers.end()});
}

NumberList Without(const NumberList& all, std::size_t begin, std::size_t end) {
  NumberList rest(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(begin));
  rest.insert(rest.end(), all.begin() + static_cast<std::ptrdiff_t>(end), all.end());
  return rest;
}

}  // namespace

// Ever smaller chunks are left out, until no single number can be.
Script Shrink(const Script& script, const std::function<bool(const Script&)>& fails) {
  const std::set<int> all = simulation::Numbers(script);
  NumberList kept(all.begin(), all.end());
  std::size_t chunk = std::max<std::size_t>(1, kept.size() / 2);
  while (true) {
    bool smaller = false;
    for (std::size_t begin = 0; begin < kept.size();) {
      const std::size_t end = std::min(kept.size(), begin + chunk);
      const NumberList rest = Without(kept, begin, end);
      if (fails(Of(script, rest))) {
        kept = rest;
        smaller = true;
      } else {
        begin = end;
      }
    }
    if (chunk == 1 && !smaller) return Of(script, kept);
    chunk = std::max<std::size_t>(1, chunk / 2);
  }
}

}  // namespace cosell::simulation

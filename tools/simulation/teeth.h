#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "base/planted.h"
#include "tools/simulation/runner.h"

// Whether the checks would notice: each planted bug (src/base/planted.h) is made in histories until
// one of them breaks a promise. Needs a build with COSELL_PLANTED_BUGS; without it every call that
// would make a bug throws std::runtime_error. One bug at a time in a process.
namespace cosell::simulation {

struct TeethOptions {
  std::uint64_t seed = 1;                     // the first
  std::int64_t histories = 20'000;            // of each bug at most
  std::vector<sandbox::CrmProduct> products;  // taken in turn, as a campaign does
};

// How one bug was found out. A value.
struct Catch {
  bool caught = false;
  std::string by;              // the promise that was broken
  std::int64_t histories = 0;  // carried out until then, this one included
  Script script;               // meaningful when caught
};

// Makes the bugs, one at a time, in the histories of ascending seeds, each until it is caught. A
// history that breaks a promise without any bug counts for nothing, and one in which nobody comes
// to a bug's place is not repeated with it. `tell` hears of each bug as it is done with.
void Hunt(const std::vector<PlantedBugEntry>& bugs, const TeethOptions& options,
          const Workshop& workshop,
          const std::function<void(const PlantedBugEntry&, const Catch&)>& tell);

// The process makes a bug as long as this lives.
class Planting {
 public:
  explicit Planting(PlantedBug bug);
  ~Planting() { Plant(std::nullopt); }
  Planting(const Planting&) = delete;
  Planting& operator=(const Planting&) = delete;
};

// Throws std::invalid_argument when there is no such bug.
const PlantedBugEntry& BugNamed(std::string_view name);

// A line per bug as it is done. Whether all were caught.
bool ShowTeeth(const std::vector<PlantedBugEntry>& bugs, const TeethOptions& options,
               std::ostream& out);

}  // namespace cosell::simulation

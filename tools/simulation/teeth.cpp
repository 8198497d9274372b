#include "tools/simulation/teeth.h"

#include <algorithm>
#include <cstdio>
#include <ostream>
#include <set>
#include <stdexcept>

#include "tools/simulation/campaign.h"
#include "tools/simulation/generate.h"

namespace cosell::simulation {
namespace {

std::string Row(const PlantedBugEntry& bug, const Catch& result) {
  char line[160];
  std::snprintf(line, sizeof line, "%-32s %-17s %9lld", std::string(bug.name).c_str(),
                result.caught ? result.by.c_str() : "NOT CAUGHT",
                static_cast<long long>(result.histories));
  std::string row = line;
  if (!result.caught) return row + "\n";
  return row + "   --plant " + std::string(bug.name) + " --crm " + NameOf(result.script.product) +
         " --replay " + std::to_string(result.script.seed) + "\n";
}

// The bugs whose places the history comes to; none if it breaks a promise by itself.
std::set<PlantedBug> AtStake(const Script& script, const Workshop& workshop) {
  std::set<PlantedBug> bugs;
  Plant(std::nullopt);
  if (!RunScript(script, workshop).violations.empty()) return bugs;
  for (const PlantedBugEntry& each : kPlantedBugs) {
    if (WasAskedFor(each.bug)) bugs.insert(each.bug);
  }
  return bugs;
}

// The promise that the history breaks with the bug; empty for none.
std::string BrokenBy(PlantedBug bug, const Script& script, const Workshop& workshop) {
  const Planting planting(bug);
  try {
    const Violations violations = RunScript(script, workshop).violations;
    return violations.empty() ? "" : violations.front().invariant;
  } catch (const std::exception&) {
    return "I9 restart";  // it threw
  }
}

}  // namespace

Planting::Planting(PlantedBug bug) {
  if (!kCanPlant) {
    throw std::runtime_error(
        "this build has no planted bugs in it: run tools/simulate, which builds one that has");
  }
  Plant(bug);
}

void Hunt(const std::vector<PlantedBugEntry>& bugs, const TeethOptions& options,
          const Workshop& workshop,
          const std::function<void(const PlantedBugEntry&, const Catch&)>& tell) {
  std::vector<PlantedBugEntry> free = bugs;
  for (std::int64_t i = 0; i < options.histories && !free.empty(); ++i) {
    const auto at = static_cast<std::uint64_t>(i);
    const Script script =
        Generate(options.seed + at, options.products[at % options.products.size()]);
    std::erase_if(free, [&, at_stake = AtStake(script, workshop)](const PlantedBugEntry& bug) {
      if (!at_stake.contains(bug.bug)) return false;
      const std::string by = BrokenBy(bug.bug, script, workshop);
      if (!by.empty()) tell(bug, {true, by, i + 1, script});
      return !by.empty();
    });
  }
  for (const PlantedBugEntry& bug : free) tell(bug, {false, "", options.histories, {}});
}

const PlantedBugEntry& BugNamed(std::string_view name) {
  const auto at = std::find_if(kPlantedBugs.begin(), kPlantedBugs.end(),
                               [&](const PlantedBugEntry& bug) { return bug.name == name; });
  if (at == kPlantedBugs.end())
    throw std::invalid_argument("no planted bug is called " + std::string(name));
  return *at;
}

bool ShowTeeth(const std::vector<PlantedBugEntry>& bugs, const TeethOptions& options,
               std::ostream& out) {
  const Workshop workshop;
  bool all = true;
  Hunt(bugs, options, workshop, [&](const PlantedBugEntry& bug, const Catch& result) {
    all = all && result.caught;
    out << Row(bug, result);
    out.flush();
  });
  return all;
}

}  // namespace cosell::simulation

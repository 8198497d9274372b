#include "tools/simulation/crm_side.h"

#include "tools/sandbox/dataverse/dataverse_world.h"

namespace cosell::simulation {

std::vector<CrmWriteDone> CrmWritesDone(sandbox::World& world, sandbox::CrmProduct) {
  std::vector<CrmWriteDone> done;
  for (const sandbox::PerformedOperation& operation : world.dataverse().journal()) {
    if (operation.by_api) done.push_back({operation.table, operation.id});
  }
  return done;
}

std::size_t CrmChangesSoFar(sandbox::World& world, sandbox::CrmProduct) {
  return world.dataverse().journal().size();
}

void SetCrmClock(sandbox::World& world, sandbox::CrmProduct, std::chrono::seconds offset) {
  world.dataverse().switches().clock_offset = offset;
}

}  // namespace cosell::simulation

#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "tools/sandbox/world/world.h"

// What the simulation needs of the emulated CRM beyond the desk, whichever product it is: the one
// place that knows the products apart, besides Service.
namespace cosell::simulation {

// One record our application user wrote, as the CRM itself committed it.
struct CrmWriteDone {
  std::string kind;  // "opportunity", "account", "contact", ...
  std::string id;
};

// In order of commit, since the start of the world.
std::vector<CrmWriteDone> CrmWritesDone(sandbox::World& world, sandbox::CrmProduct product);
// Changes by anybody so far.
std::size_t CrmChangesSoFar(sandbox::World& world, sandbox::CrmProduct product);
// The CRM's clock minus the world's.
void SetCrmClock(sandbox::World& world, sandbox::CrmProduct product, std::chrono::seconds offset);

}  // namespace cosell::simulation

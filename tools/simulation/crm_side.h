#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "tools/sandbox/world/world.h"
#include "tools/simulation/script.h"

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
// Somebody else has changed the record.
bool IsChangedByPeople(sandbox::World& world, sandbox::CrmProduct product, const std::string& id);
// Changes by anybody so far.
std::size_t CrmChangesSoFar(sandbox::World& world, sandbox::CrmProduct product);

// From now on the CRM tells of its opportunities' changes by itself. `url` is that of the webhooks
// of our connection, without the product's word; `key` opens it.
void SubscribeToCrm(sandbox::World& world, sandbox::CrmProduct product, const std::string& url,
                    const std::string& key);

// An act that concerns the CRM as a machine: its clock, its messages, its transactions. One that
// the product does not know does nothing.
void DisturbCrm(sandbox::World& world, sandbox::CrmProduct product, const Step& step);
// Nothing of that any more, but for the clock.
void CalmCrm(sandbox::World& world, sandbox::CrmProduct product);

// Who answers there, in the world's request log and fault rules.
std::string CrmSignInService(sandbox::CrmProduct product);

}  // namespace cosell::simulation

#pragma once

#include "tools/simulation/script.h"

// A file system for SQLite that fails when told. Everything else is as in memory_vfs.h.
namespace cosell::simulation {

// The name to open databases with. Registered at first use, for the life of the process.
const char* FaultVfs();

// From now on the `nth` call of the kind fails: for Spot::store_busy it and all later attempts to
// take the lock for writing, for store_full and store_broken that one write or flush. Other spots
// are ignored. Applies to every database of the process that uses the file system above.
void ArmVfs(Spot spot, int nth);
void DisarmVfs();

}  // namespace cosell::simulation

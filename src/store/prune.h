#pragma once

#include <cstdint>

#include "base/clock.h"
#include "store/session.h"

namespace cosell::store {

// Removes the entries at the beginning of the chain that were written before `before`, with their
// values: a checkpoint takes their place and an entry tells of it. Returns how many went. For use
// inside Session::Write.
std::int64_t PruneAudit(Session& session, Instant before, Instant now, Random* salts);

}  // namespace cosell::store

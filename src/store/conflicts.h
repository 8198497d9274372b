#pragma once

#include <cstdint>
#include <vector>

#include "model/conflict.h"
#include "ports/store.h"
#include "store/connections.h"
#include "store/session.h"

// What waits for a person, and what every field has been. For use inside Session::Write or
// Session::Read.
namespace cosell::store {

// A refreshed conflict keeps the time it was first seen.
void SaveConflict(Session& session, const ConflictChange& change);
// In order of time first seen.
std::vector<Conflict> ReadConflicts(Session& session, ConnectionRow connection);
std::vector<Conflict> ReadConflictsOf(Session& session, std::int64_t link_id);

// A value that is not yet superseded takes the place of the one before it on that side.
void AppendHistory(Session& session, const FieldHistoryEntry& entry);
// Oldest first.
std::vector<FieldHistoryEntry> ReadHistoryOf(Session& session, std::int64_t link_id);

}  // namespace cosell::store

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/snapshot.h"
#include "ports/store.h"
#include "store/connections.h"
#include "store/session.h"

// Remote records as last read: the tables referral and crm_record. For use inside Session::Write or
// Session::Read.
namespace cosell::store {

// Saves what was read, unless it is an older version than the stored one, and keeps the hash on its
// link current.
SnapshotOutcome SaveSnapshot(Session& session, ConnectionRow connection, const Snapshot& snapshot,
                             Instant now);
// Saves what a write was answered, which is newer than all that was read before, whatever the stamp
// of a clock that was set back says.
void SaveAnswer(Session& session, ConnectionRow connection, const Snapshot& snapshot, Instant now);
std::optional<Snapshot> ReadSnapshot(Session& session, ConnectionRow connection, Side side,
                                     const std::string& id);
// In order of id.
std::vector<Snapshot> ReadByCounterpart(Session& session, ConnectionRow connection, Side side,
                                        const std::string& counterpart_id);
std::vector<Snapshot> ReadByEngagement(Session& session, ConnectionRow connection,
                                       const EngagementId& id);
Instant ReadNewestChange(Session& session, ConnectionRow connection, Side side);
// Those not marked deleted.
std::int64_t CountSnapshotRows(Session& session, ConnectionRow connection, Side side);
std::vector<std::string> ReadNotReadSince(Session& session, ConnectionRow connection, Side side,
                                          Instant read_before);

}  // namespace cosell::store

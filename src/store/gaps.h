#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/gap.h"
#include "model/generation.h"
#include "model/snapshot.h"
#include "ports/store.h"
#include "store/connections.h"
#include "store/session.h"

// Stretches of time the service did not see, and the account of them. For use inside Session::Write
// or Session::Read.
namespace cosell::store {

// As the methods of Store with these names.
void InsertGap(Session& session, ConnectionRow connection, const Gap& gap);
std::optional<Gap> ReadOpenGap(Session& session, ConnectionRow connection);
void SaveGapReading(Session& session, ConnectionRow connection, const GapReading& reading);
GapCertificate FinishGap(Session& session, ConnectionRow connection, Instant now);
std::vector<GapCertificate> ReadCertificates(Session& session, ConnectionRow connection,
                                             std::size_t limit);
PairCensus CountAllLinks(Session& session, ConnectionRow connection, std::int64_t audit_from);

// A connection that is new to a database which has just replaced a lost one was read before, by
// that one: it begins with a gap.
void AccountForLoss(Session& session, ConnectionRow connection, const Generation& generation);

// Notes what reading these records found, while a gap is open.
void NoteFound(Session& session, ConnectionRow connection, std::span<const Snapshot> snapshots,
               std::span<const SnapshotOutcome> outcomes);

}  // namespace cosell::store

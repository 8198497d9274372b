#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/link.h"
#include "store/connections.h"
#include "store/session.h"

// Pairs and the work they have. For use inside Session::Write or Session::Read.
namespace cosell::store {

// The condition of the partial index link_dirty, word for word: SQLite uses the index for nothing
// else.
constexpr std::string_view kLinkIsDirty =
    "(referral_hash <> seen_referral_hash OR crm_hash <> seen_crm_hash) AND state <> 'unlinked'";

// Gives the ids of links that are due, oldest first: ?1 connection, ?2 now in ms, ?3 limit.
extern const std::string kDueLinksSql;

// Takes the hashes of the snapshots that are already there.
std::int64_t InsertLinkRow(Session& session, ConnectionRow connection, const Link& link,
                           Instant now);
// Throws std::logic_error when there is no such link.
void UpdateLinkRow(Session& session, ConnectionRow connection, const Link& link, Instant now);
// Called when the snapshot of a link's side has a new hash.
void SetSnapshotHash(Session& session, std::int64_t link_id, Side side, const std::string& hash,
                     Instant now);
void ForgetSeen(Session& session, ConnectionRow connection, Instant now);

// 0 when no link has this record.
std::int64_t FindLinkId(Session& session, ConnectionRow connection, Side side,
                        const std::string& record_id);
std::optional<Link> ReadLink(Session& session, ConnectionRow connection, std::int64_t link_id);
std::optional<LinkWork> ReadLinkWork(Session& session, ConnectionRow connection,
                                     std::int64_t link_id);
std::vector<LinkWork> ReadDueLinks(Session& session, ConnectionRow connection, Instant now,
                                   std::size_t limit);
std::vector<LinkWork> ReadLinksAfter(Session& session, ConnectionRow connection,
                                     std::int64_t after_id, std::size_t limit);
std::vector<Link> ReadQuarantined(Session& session, ConnectionRow connection);
// The earliest not_before after `now` among links and events.
std::optional<Instant> ReadNextDue(Session& session, ConnectionRow connection, Instant now);
std::int64_t CountPairRows(Session& session, ConnectionRow connection);

}  // namespace cosell::store

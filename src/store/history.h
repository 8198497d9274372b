#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/history.h"
#include "model/link.h"
#include "model/snapshot.h"
#include "store/connections.h"
#include "store/session.h"

// What records and links have been: the tables record_change and link_change. For use inside
// Session::Write or Session::Read.
namespace cosell::store {

// `changes` is what differs from the version before (model/field_text.h).
void AppendVersion(Session& session, ConnectionRow connection, const Snapshot& snapshot,
                   const std::string& changes, Instant now);

// Adds nothing where state, reason, records and bases are the same as `before`.
void AppendLinkVersion(Session& session, std::int64_t link_id, const std::optional<Link>& before,
                       const Link& after, Instant now);

// Everything that is known of a link; nothing when there is no such link.
std::optional<LinkHistory> ReadHistory(Session& session, ConnectionRow connection,
                                       std::int64_t link_id);

}  // namespace cosell::store

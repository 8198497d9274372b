#pragma once

#include <cstddef>
#include <vector>

#include "model/event.h"
#include "store/connections.h"
#include "store/session.h"

// The inbox of acknowledged events. For use inside Session::Write or Session::Read.
namespace cosell::store {

// False, and nothing is changed, for a repeat of an event that waits or was finished within the
// last 7 days.
bool InsertEvent(Session& session, ConnectionRow connection, const Event& event, Instant now);
std::vector<InboxEvent> ReadDueEvents(Session& session, ConnectionRow connection,
                                      const ConnectionName& name, Instant now, std::size_t limit);
// Takes the event out and keeps its key. An event that is no longer there changes nothing.
void FinishEvent(Session& session, ConnectionRow connection, std::int64_t event_id, Instant now);
void DelayEvent(Session& session, ConnectionRow connection, std::int64_t event_id,
                Instant not_before);
// Forgets the keys that are older than 7 days.
void ForgetOldKeys(Session& session, Instant now);

}  // namespace cosell::store

#pragma once

#include <string>
#include <vector>

#include "model/intent.h"
#include "store/connections.h"
#include "store/session.h"

// Remote writes planned or under way. For use inside Session::Write or Session::Read.
namespace cosell::store {

// One that rewrites what people see also counts for the change-ratio rail.
void InsertIntent(Session& session, ConnectionRow connection, const Intent& intent);
// Erases it with its body. One that is not open changes nothing.
void RemoveIntent(Session& session, ConnectionRow connection, const std::string& intent_id);
// Oldest first.
std::vector<Intent> ReadIntents(Session& session, ConnectionRow connection);
// Pairs with such an intent. Exact for the last day.
std::int64_t CountUpdates(Session& session, ConnectionRow connection, Instant since);
void ForgetOldUpdates(Session& session, ConnectionRow connection, Instant now);

}  // namespace cosell::store

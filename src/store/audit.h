#pragma once

#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "model/audit_entry.h"
#include "store/session.h"

namespace cosell::store {

// Appends an entry to the chain. `salts` gives the salt of its values; null: SQLite's own
// generator. For use inside Session::Write.
void AppendAudit(Session& session, const ConnectionName& connection, const AuditEntry& entry,
                 Random* salts);

}  // namespace cosell::store

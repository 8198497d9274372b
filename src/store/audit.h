#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "model/audit_entry.h"
#include "ports/store.h"
#include "store/session.h"

namespace cosell::store {

// 32 hexadecimal digits; from SQLite's own generator where `salts` is null.
std::string NewSalt(Session& session, Random* salts);

// Appends an entry to the chain and returns its id. `salts` gives the salt of its values; null:
// SQLite's own generator. For use inside Session::Write.
std::int64_t AppendAudit(Session& session, const ConnectionName& connection,
                         const AuditEntry& entry, Random* salts);

// What was confirmed to be written to one record at or after `since`, oldest first; without what
// was erased since. For use inside Session::Read.
std::vector<WrittenValue> ReadWritten(Session& session, const ConnectionName& connection, Side side,
                                      const std::string& record_id, Instant since);

}  // namespace cosell::store

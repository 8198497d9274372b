#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "ports/store.h"
#include "store/session.h"

// Connections, how they stand, their cursors and runs. For use inside Session::Write or
// Session::Read.
namespace cosell::store {

// The row of a connection; the other functions of this room take it instead of the name.
using ConnectionRow = std::int64_t;

std::optional<ConnectionRow> FindConnection(Session& session, const ConnectionName& name);
// Throws std::logic_error when OpenConnection was never called with this name.
ConnectionRow RequireConnection(Session& session, const ConnectionName& name);

// Inserts it as "ready", or updates the mode and leaves the rest.
void SaveConnection(Session& session, const ConnectionName& name, const std::string& mode);
void SaveConnectionState(Session& session, ConnectionRow connection, const std::string& state,
                         const std::string& reason);
void NoteEvent(Session& session, ConnectionRow connection, Instant received_at);
// All connections by name.
std::vector<ConnectionStatus> ReadStatus(Session& session, Instant now);

void SaveCursor(Session& session, ConnectionRow connection, const std::string& name,
                const std::string& value);
std::optional<std::string> ReadCursor(Session& session, ConnectionRow connection,
                                      const std::string& name);

// By id, inserted or replaced. A sweep or rebuild that is done moves the connection's
// last_sweep_at.
void SaveRunRow(Session& session, ConnectionRow connection, const Run& run);

}  // namespace cosell::store

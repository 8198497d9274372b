#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "model/erasure.h"
#include "ports/store.h"
#include "store/connections.h"
#include "store/session.h"

// A person's data out of every table of a connection. For use inside Session::Write or
// Session::Read; what each answers is said at Store.
namespace cosell::store {

PeopleFilter ReadErased(Session& session, ConnectionRow connection);

std::optional<Erasure> ErasePerson(Session& session, ConnectionRow connection,
                                   const ConnectionName& name, const std::string& id, Instant now,
                                   Random* salts);

std::int64_t AllowPerson(Session& session, ConnectionRow connection, const ConnectionName& name,
                         const std::string& id, Instant now, Random* salts);

}  // namespace cosell::store

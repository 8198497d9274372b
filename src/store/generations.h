#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "model/generation.h"
#include "store/session.h"

// The lives of a database (docs/decisions/0012-generations.md). For use inside Session::Write or
// Session::Read.
namespace cosell::store {

std::optional<Generation> ReadGeneration(Session& session);
bool HasGeneration(Session& session, const std::string& id);

// As Store::BeginGeneration. `random` as in StoreOptions.
Generation InsertGeneration(Session& session, GenerationOrigin origin, const std::string& reason,
                            Instant now, Random* random);
// As Store::MarkGeneration. Requires that there is one.
Generation Mark(Session& session, Instant now);

}  // namespace cosell::store

#pragma once

#include <cstdint>
#include <vector>

#include "model/decision.h"
#include "ports/store.h"
#include "store/session.h"

// What a person decided and is not carried out yet. For use inside Session::Write or Session::Read.
namespace cosell::store {

// A later decision about the same field takes the place of the earlier one.
void SaveDecision(Session& session, const DecisionChange& change);
// By field.
std::vector<Decision> ReadDecisionsOf(Session& session, std::int64_t link_id);

}  // namespace cosell::store

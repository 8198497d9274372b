#pragma once

#include <optional>
#include <string>

#include "model/decision.h"
#include "plan/field_moves.h"

// What a person decided about a field or a status goes before every other rule, within what the
// deal's state allows.
namespace cosell {

inline constexpr const char* kRuleResolved = "resolved";

// Nothing when the decision is void: a side has another value than the person saw. `settle` when
// there is nothing (more) to write; `conflict` when it cannot be carried out, with the reason.
std::optional<FieldDecision> DecideByPerson(const Field& field, const Decision& decision);

// The same for the state of a deal. `crm_can_move`: the CRM lets a closed record be closed
// differently.
std::optional<FieldDecision> DecideStatusByPerson(const Field& field, const Decision& decision,
                                                  bool crm_can_move);

}  // namespace cosell

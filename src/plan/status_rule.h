#pragma once

#include <optional>
#include <string>

#include "model/record.h"
#include "plan/plan.h"

namespace cosell {

// What to do about the state of a deal. Status is a state machine, not text: each side is only ever
// moved forward, and nothing moves a closed referral (contract cosell-field-mapping.md section 7,
// partner-center.md section 3.10).
struct StatusDecision {
  enum class Kind {
    nothing,              // leave both; the base stays
    settle,               // leave both; the base moves to what they are
    move_partner_center,  // to `state`, by one legal move
    move_crm,             // to `state`
    conflict,             // both closed, differently: a person has to look
    unlink,               // reopened after the close, and the policy is to let go
  };
  Kind kind = Kind::nothing;
  std::string state;
  std::string rule;
  std::string reason;
};

// `base_*` are absent when no base is known. `settled_apart`: a person left the two as they were
// then. Pure.
StatusDecision DecideStatus(const Value& partner_center, const Value& crm,
                            const std::optional<Value>& base_partner_center,
                            const std::optional<Value>& base_crm, OnReopen on_reopen,
                            bool settled_apart = false);

}  // namespace cosell

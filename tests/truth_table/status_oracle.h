#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plan/status_rule.h"

// What the contract says about the state of a deal (cosell-field-mapping.md section 7,
// partner-center.md section 3.10), written from there and not from the code under test.
namespace cosell::truth {

struct StatusCell {
  Value partner_center;  // nothing: a state the contract does not know
  Value crm;
  std::optional<Value> base_partner_center;  // outer: known or not
  std::optional<Value> base_crm;
  OnReopen on_reopen = OnReopen::reclose;
};

struct StatusExpectation {
  StatusDecision::Kind kind = StatusDecision::Kind::nothing;
  std::string state;
  std::string_view rule;
};

StatusExpectation ExpectStatus(const StatusCell& cell);

// New may become Active or Closed (not by our hand Won or Lost), Active may become Won, Lost or
// Error, and nothing leaves Closed.
bool MayMoveReferral(const std::string& from, const std::string& to);

}  // namespace cosell::truth

#pragma once

#include <string>

#include "base/planted.h"
#include "plan/field_rule.h"

// The moves a field can make, each within what the deal's state allows. Shared by the rules of this
// room.
namespace cosell {

// One field of a link, with everything a rule looks at. Borrows; lives as long as one decision.
struct Field {
  const FieldRule& rule;
  const Value& pc;
  const Value& crm;
  const std::optional<Value>& base_pc;
  const std::optional<Value>& base_crm;
  const FieldContext& context;
  const Policy& policy;

  bool known() const { return base_pc && base_crm; }
  bool pc_changed() const { return !known() || (*base_pc != pc && !IsOverlooked(pc)); }
  bool crm_changed() const { return !known() || (*base_crm != crm && !IsOverlooked(crm)); }
  static bool IsOverlooked(const Value& value) {
    return !value && Planted(PlantedBug::cleared_value_unchanged);
  }
};

FieldDecision MakeDecision(FieldDecision::Kind kind, std::string rule, std::string reason);
FieldDecision Settle(std::string rule);

// A write to one side; or why it may not be: `nothing`, `wait`, `settle` or `conflict`.
FieldDecision WriteCrm(const Field& field, Value value, std::string rule, std::string reason);
FieldDecision WritePartnerCenter(const Field& field, Value value, std::string rule,
                                 std::string reason);
// The CRM's change is undone and `value` stands there again; where the CRM record is closed, the
// base keeps telling that there is something to put back.
FieldDecision PutBackInCrm(const Field& field, Value value, std::string reason);

// Whether a value stands: a switch that is on, anything else that is not empty.
bool IsSet(const FieldRule& rule, const Value& value);
// Whether the CRM's value would take back what is set in Partner Center and cannot be taken back.
bool TurnsBack(const Field& field);

}  // namespace cosell

#include "plan/field_moves.h"

#include <utility>

#include "base/planted.h"
#include "mapping/normalize.h"

namespace cosell {
namespace {

using Kind = FieldDecision::Kind;

// Ids travel whatever the state of the deal; everything else waits for the accept.
bool TravelsBeforeAccept(const FieldRule& rule) { return rule.name == kFieldCrmId; }

// Values Partner Center does not accept (contract partner-center.md section 3.11, rules 5 and 6).
bool AcceptsValue(const FieldRule& rule, const Value& value) {
  if (rule.type == FieldType::boolean) return true;
  if (rule.type == FieldType::money) return value && *value != "0" && value->front() != '-';
  if (rule.type == FieldType::set || rule.type == FieldType::members)
    return value && SetMembers(value).size() <= 50;
  if (rule.type == FieldType::text) return value || rule.name != kFieldName;
  return value.has_value();
}

FieldDecision CannotDeliver(const std::string& reason) {
  return MakeDecision(Kind::conflict, "undeliverable", reason);
}

}  // namespace

FieldDecision MakeDecision(Kind kind, std::string rule, std::string reason) {
  FieldDecision decision;
  decision.kind = kind;
  decision.rule = std::move(rule);
  decision.reason = std::move(reason);
  return decision;
}

FieldDecision Settle(std::string rule) {
  return MakeDecision(Kind::settle, std::move(rule), "both sides agree");
}

FieldDecision WriteCrm(const Field& f, Value value, std::string rule, std::string reason) {
  if (!f.context.crm_open && !f.rule.ReachesPartnerCenter()) {
    return MakeDecision(Kind::nothing, "crm_closed",
                        "nobody's edit: written should the CRM record be opened again");
  }
  if (!f.context.crm_open) {
    return CannotDeliver("the CRM record is closed and cannot take the value Partner Center has");
  }
  FieldDecision decision = MakeDecision(Kind::to_crm, std::move(rule), std::move(reason));
  decision.crm_value = std::move(value);
  return decision;
}

FieldDecision PutBackInCrm(const Field& f, Value value, std::string reason) {
  if (!f.context.crm_open) {
    return MakeDecision(Kind::nothing, "crm_closed",
                        "put back should the CRM record be opened again");
  }
  FieldDecision decision = WriteCrm(f, std::move(value), "put_back", std::move(reason));
  decision.put_back = true;
  return decision;
}

FieldDecision WritePartnerCenter(const Field& f, Value value, std::string rule,
                                 std::string reason) {
  const bool turns_back = f.rule.one_way && IsSet(f.rule, f.pc) && !IsSet(f.rule, value);
  if (turns_back && !Planted(PlantedBug::visibility_withdrawn)) {
    return MakeDecision(Kind::nothing, "one_way", "it cannot be withdrawn once it is set");
  }
  if (!f.context.gate_open) {
    return MakeDecision(Kind::nothing, "gate",
                        "Sync with Partner Center is No: the CRM's value stays in the CRM");
  }
  if (!f.context.referral_open)
    return CannotDeliver("the referral is closed and cannot be changed");
  if (!f.context.referral_accepted && !TravelsBeforeAccept(f.rule)) {
    return MakeDecision(Kind::wait, "not_accepted", "travels once the referral is accepted");
  }
  if (!AcceptsValue(f.rule, value) && !Planted(PlantedBug::empty_value_sent)) {
    return CannotDeliver("Partner Center does not accept an empty " + f.rule.name);
  }
  if (f.rule.name == kFieldName && !f.policy.name_is_patchable) {
    return MakeDecision(Kind::settle, "name_not_patchable",
                        "Partner Center does not take changes of the name");
  }
  FieldDecision decision =
      MakeDecision(Kind::to_partner_center, std::move(rule), std::move(reason));
  decision.partner_center_value = std::move(value);
  return decision;
}

bool IsSet(const FieldRule& rule, const Value& value) {
  if (rule.type == FieldType::boolean) return value == NormalizeBoolean(true);
  return value.has_value();
}

bool TurnsBack(const Field& f) {
  return f.rule.one_way && IsSet(f.rule, f.pc) && !IsSet(f.rule, f.crm) &&
         !Planted(PlantedBug::visibility_withdrawn);
}

}  // namespace cosell

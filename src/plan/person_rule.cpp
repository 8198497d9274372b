#include "plan/person_rule.h"

#include "mapping/deal_state.h"
#include "mapping/normalize.h"

namespace cosell {
namespace {

using Kind = FieldDecision::Kind;

Value FromText(const std::string& text) { return text.empty() ? Value() : Value(text); }

FieldDecision Impossible(std::string reason) {
  return MakeDecision(Kind::conflict, kRuleResolved, std::move(reason));
}

bool IsWrite(const FieldDecision& decision) {
  return decision.kind == Kind::to_crm || decision.kind == Kind::to_partner_center ||
         decision.kind == Kind::to_both;
}

FieldDecision OrImpossible(FieldDecision decision) {
  if (IsWrite(decision)) return decision;
  return Impossible(std::move(decision.reason));
}

// What a side is to have in the end; nothing where it keeps what it has.
struct Target {
  std::optional<Value> pc;
  std::optional<Value> crm;
};

Target TargetOf(const Decision& decision) {
  const Value pc = FromText(decision.partner_center_value);
  const Value crm = FromText(decision.crm_value);
  const Value lost = FromText(decision.lost_value);
  switch (decision.take) {
    case Take::partner_center:
      return {std::nullopt, pc};
    case Take::crm:
      return {crm, std::nullopt};
    case Take::lost_value:
      return {lost, lost};
    case Take::leave:
      break;
  }
  return {};
}

// Each side has what the person saw, or what it was to get.
bool StillAsSeen(const Field& f, const Decision& decision, const Target& target) {
  const bool pc = f.pc == FromText(decision.partner_center_value) ||
                  (target.pc && Agree(f.rule, f.pc, *target.pc));
  const bool crm =
      f.crm == FromText(decision.crm_value) || (target.crm && Agree(f.rule, *target.crm, f.crm));
  return pc && crm;
}

FieldDecision ToCrm(const Field& f, Value value) {
  if (!f.rule.ReachesCrm())
    return Impossible(f.rule.name + " is kept by the CRM and cannot be written there; take crm");
  if (f.rule.one_way && IsSet(f.rule, f.crm) && !IsSet(f.rule, value))
    return Impossible(f.rule.name + " cannot be withdrawn once it is set");
  return OrImpossible(
      WriteCrm(f, std::move(value), kRuleResolved, "a person decided about " + f.rule.name));
}

FieldDecision ToPartnerCenter(const Field& f, Value value) {
  if (!f.rule.ReachesPartnerCenter()) {
    return Impossible(
        f.rule.name +
        " is kept by Partner Center and cannot be written there; take partner_center");
  }
  if (f.rule.connected_referral)
    return Impossible("the request for Microsoft's help is fixed once it is sent");
  if (f.rule.one_way && IsSet(f.rule, f.pc) && !IsSet(f.rule, value))
    return Impossible(f.rule.name + " cannot be withdrawn once it is set");
  return OrImpossible(WritePartnerCenter(f, std::move(value), kRuleResolved,
                                         "a person decided about " + f.rule.name));
}

// What is overruled can be brought back in its turn.
FieldDecision Overruling(FieldDecision decision, Side loser) {
  if (IsWrite(decision)) decision.loser = loser;
  return decision;
}

FieldDecision ToBoth(const Field& f, const Value& value) {
  const bool pc_has = Agree(f.rule, f.pc, value);
  const bool crm_has = Agree(f.rule, value, f.crm);
  if (pc_has) return crm_has ? Settle(kRuleResolved) : ToCrm(f, value);
  FieldDecision decision = ToPartnerCenter(f, value);
  if (crm_has || !IsWrite(decision)) return decision;
  const FieldDecision to_crm = ToCrm(f, value);
  if (!IsWrite(to_crm)) return to_crm;
  decision.kind = Kind::to_both;
  decision.crm_value = value;
  return decision;
}

}  // namespace

std::optional<FieldDecision> DecideByPerson(const Field& f, const Decision& decision) {
  const Target target = TargetOf(decision);
  if (!StillAsSeen(f, decision, target)) return std::nullopt;
  switch (decision.take) {
    case Take::partner_center:
      return Agree(f.rule, f.pc, f.crm) ? Settle(kRuleResolved)
                                        : Overruling(ToCrm(f, f.pc), Side::crm);
    case Take::crm:
      return Agree(f.rule, f.pc, f.crm)
                 ? Settle(kRuleResolved)
                 : Overruling(ToPartnerCenter(f, f.crm), Side::partner_center);
    case Take::leave:
      return Settle(kRuleResolved);
    case Take::lost_value:
      return ToBoth(f, FromText(decision.lost_value));
  }
  return std::nullopt;
}

std::optional<FieldDecision> DecideStatusByPerson(const Field& f, const Decision& decision,
                                                  bool crm_can_move) {
  if (!StillAsSeen(f, decision, TargetOf(decision))) return std::nullopt;
  if (SameState(f.pc, f.crm) || decision.take == Take::leave) return Settle(kRuleResolved);
  if (decision.take == Take::lost_value)
    return Impossible("the state of a deal cannot be brought back; take partner_center or leave");
  if (decision.take == Take::crm) {
    return Impossible(
        IsClosed(f.pc) ? "the referral is closed and cannot be changed; take partner_center or "
                         "leave"
                       : "Partner Center does not allow this move; take partner_center or leave");
  }
  if (!crm_can_move) {
    return Impossible(
        "the CRM cannot close a closed record differently; reopen it there, and it will be closed "
        "as Partner Center says");
  }
  FieldDecision moved =
      MakeDecision(Kind::to_crm, kRuleResolved, "a person decided: closed as Partner Center says");
  moved.crm_value = f.pc;
  return moved;
}

}  // namespace cosell

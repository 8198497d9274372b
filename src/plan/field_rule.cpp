#include "plan/field_rule.h"

#include <algorithm>
#include <chrono>

#include "mapping/normalize.h"

namespace cosell {
namespace {

using Kind = FieldDecision::Kind;

// Stamps closer than this are taken as simultaneous: Dataverse and Salesforce print whole seconds,
// and so does the HTTP Date header the clock offset is measured with.
constexpr std::chrono::seconds kSimultaneous{2};

struct Field {
  const FieldRule& rule;
  const Value& pc;
  const Value& crm;
  const std::optional<Value>& base_pc;
  const std::optional<Value>& base_crm;
  const FieldContext& context;
  const Policy& policy;

  bool known() const { return base_pc && base_crm; }
  bool pc_changed() const { return !known() || *base_pc != pc; }
  bool crm_changed() const { return !known() || *base_crm != crm; }
};

FieldDecision Decision(Kind kind, std::string rule, std::string reason) {
  FieldDecision decision;
  decision.kind = kind;
  decision.rule = std::move(rule);
  decision.reason = std::move(reason);
  return decision;
}

FieldDecision Settle(std::string rule) {
  return Decision(Kind::settle, std::move(rule), "both sides agree");
}

// Ids travel whatever the state of the deal; everything else waits for the accept.
bool TravelsBeforeAccept(const FieldRule& rule) { return rule.name == kFieldCrmId; }

// Values Partner Center does not accept (contract partner-center.md section 3.11, rules 5 and 6).
bool AcceptsValue(const FieldRule& rule, const Value& value) {
  if (rule.type == FieldType::boolean) return true;
  if (rule.type == FieldType::money) return value && *value != "0" && value->front() != '-';
  if (rule.type == FieldType::set) return value && SetMembers(value).size() <= 50;
  if (rule.type == FieldType::text) return value || rule.name != kFieldName;
  return value.has_value();
}

FieldDecision CannotDeliver(const std::string& reason) {
  return Decision(Kind::conflict, "undeliverable", reason);
}

FieldDecision WriteCrm(const Field& f, Value value, std::string rule, std::string reason) {
  if (!f.context.crm_open && !f.rule.ReachesPartnerCenter()) {
    return Decision(Kind::nothing, "crm_closed",
                    "nobody's edit: written should the CRM record be opened again");
  }
  if (!f.context.crm_open) {
    return CannotDeliver("the CRM record is closed and cannot take the value Partner Center has");
  }
  FieldDecision decision = Decision(Kind::to_crm, std::move(rule), std::move(reason));
  decision.crm_value = std::move(value);
  return decision;
}

FieldDecision PutBackInCrm(const Field& f, std::string reason) {
  if (!f.context.crm_open) return Settle("put_back");
  FieldDecision decision = WriteCrm(f, f.pc, "put_back", std::move(reason));
  decision.put_back = true;
  if (f.rule.connected_referral && f.base_crm) decision.crm_value = *f.base_crm;
  return decision;
}

FieldDecision WritePartnerCenter(const Field& f, Value value, std::string rule,
                                 std::string reason) {
  if (!f.context.gate_open) {
    return Decision(Kind::nothing, "gate",
                    "Sync with Partner Center is No: the CRM's value stays in the CRM");
  }
  if (!f.context.referral_open)
    return CannotDeliver("the referral is closed and cannot be changed");
  if (!f.context.referral_accepted && !TravelsBeforeAccept(f.rule)) {
    return Decision(Kind::wait, "not_accepted", "travels once the referral is accepted");
  }
  if (!AcceptsValue(f.rule, value)) {
    return CannotDeliver("Partner Center does not accept an empty " + f.rule.name);
  }
  if (f.rule.name == kFieldName && !f.policy.name_is_patchable) {
    return Decision(Kind::settle, "name_not_patchable",
                    "Partner Center does not take changes of the name");
  }
  FieldDecision decision = Decision(Kind::to_partner_center, std::move(rule), std::move(reason));
  decision.partner_center_value = std::move(value);
  return decision;
}

bool IsSet(const Value& value) { return value && *value != "false"; }

FieldDecision CrmChanged(const Field& f) {
  if (!f.rule.ReachesPartnerCenter()) {
    return PutBackInCrm(
        f, f.rule.name + " is kept by Partner Center; the change in the CRM is put back");
  }
  if (f.rule.one_way && IsSet(f.pc) && !IsSet(f.crm)) {
    return PutBackInCrm(f, f.rule.name + " cannot be withdrawn once it is set; put back");
  }
  return WritePartnerCenter(f, f.crm, "crm_changed", "the CRM changed " + f.rule.name);
}

FieldDecision PartnerCenterChanged(const Field& f) {
  if (!f.rule.ReachesCrm()) {
    if (f.rule.template_name.empty() && f.context.gate_open && f.context.referral_open) {
      FieldDecision decision =
          WritePartnerCenter(f, f.crm, "put_back", f.rule.name + " is kept by the CRM; put back");
      decision.put_back = decision.kind == Kind::to_partner_center;
      return decision;
    }
    return Settle("kept_by_crm");
  }
  return WriteCrm(f, f.pc, "partner_center_changed", "Partner Center changed " + f.rule.name);
}

FieldDecision Win(const Field& f, Side winner, const std::string& rule, const std::string& why) {
  FieldDecision decision =
      winner == Side::partner_center
          ? WriteCrm(f, f.pc, rule, "both sides changed " + f.rule.name + "; " + why)
          : WritePartnerCenter(f, f.crm, rule, "both sides changed " + f.rule.name + "; " + why);
  const bool written = decision.kind == Kind::to_crm || decision.kind == Kind::to_partner_center;
  if (written) decision.loser = Other(winner);
  return decision;
}

FieldDecision NewestWins(const Field& f) {
  const auto& pc = f.context.partner_center_changed_at;
  const auto& crm = f.context.crm_changed_at;
  const bool comparable = pc && crm && (*pc > *crm + kSimultaneous || *crm > *pc + kSimultaneous);
  if (!comparable) {
    return Win(f, Side::partner_center, "newest_wins",
               "the order of the two is not certain, so Partner Center's value is taken");
  }
  return *pc > *crm ? Win(f, Side::partner_center, "newest_wins",
                          "Partner Center's change is the newer one")
                    : Win(f, Side::crm, "newest_wins", "the CRM's change is the newer one");
}

FieldDecision BothChanged(const Field& f) {
  if (!f.rule.ReachesPartnerCenter()) return CrmChanged(f);
  if (!f.rule.ReachesCrm()) return PartnerCenterChanged(f);
  if (f.rule.one_way && IsSet(f.pc) != IsSet(f.crm)) {
    return IsSet(f.pc) ? CrmChanged(f)
                       : WritePartnerCenter(f, f.crm, "crm_changed", "set in the CRM");
  }
  switch (f.policy.For(f.rule.name)) {
    case ConflictPolicy::partner_center_wins:
      return Win(f, Side::partner_center, "partner_center_wins", "Partner Center wins by policy");
    case ConflictPolicy::crm_wins:
      return Win(f, Side::crm, "crm_wins", "the CRM wins by policy");
    case ConflictPolicy::newest_wins:
      return NewestWins(f);
    case ConflictPolicy::ask:
      return Decision(Kind::conflict, "ask",
                      "both sides changed " + f.rule.name + "; a person decides");
  }
  return {};
}

// No base: the two meet for the first time in this field. A value beats nothing; two different
// values are a conflict.
FieldDecision FirstMeeting(const Field& f) {
  if (!f.context.referral_open && !f.context.crm_open) return Settle("first_meeting");
  if (!f.pc && !f.rule.ReachesPartnerCenter()) return Settle("first_meeting");
  if (!f.crm && !f.rule.ReachesCrm()) return Settle("first_meeting");
  if (!IsSet(f.pc)) {
    FieldDecision decision = CrmChanged(f);
    decision.rule = decision.kind == Kind::to_partner_center ? "first_meeting" : decision.rule;
    return decision;
  }
  if (!IsSet(f.crm))
    return WriteCrm(f, f.pc, "first_meeting", "only Partner Center has " + f.rule.name);
  if (!f.rule.template_name.empty()) return Settle("first_meeting");
  return BothChanged(f);
}

// Microsoft's help: asked for by a second referral, so the CRM's value never appears in our own
// one.
FieldDecision DecideHelp(const Field& f) {
  if (f.pc && (!f.known() || f.pc_changed()) && f.pc != f.crm) {
    return f.crm && f.known() && f.crm_changed()
               ? BothChanged(f)
               : WriteCrm(f, f.pc, "partner_center_changed",
                          "Partner Center changed " + f.rule.name);
  }
  if (f.known() && !f.crm_changed()) return Settle("agree");
  if (f.known() && f.base_crm->has_value()) {
    return PutBackInCrm(f, "the request for Microsoft's help is fixed once it is sent; put back");
  }
  if (f.pc == f.crm) return Settle("agree");
  if (f.pc) return PutBackInCrm(f, "the request for help came from Partner Center; put back");
  if (f.context.connected_referral) return Settle("agree");
  FieldDecision decision =
      WritePartnerCenter(f, f.crm, "crm_changed", "Microsoft's help is asked for in the CRM");
  if (decision.kind == Kind::to_partner_center) decision.kind = Kind::ask_help;
  return decision;
}

std::vector<std::string> Minus(const std::vector<std::string>& a,
                               const std::vector<std::string>& b) {
  std::vector<std::string> out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

// Element by element: what each side added is added, what each side removed is removed. Without a
// base the union.
Value MergeSets(const Field& f) {
  const auto pc = SetMembers(f.pc);
  const auto crm = SetMembers(f.crm);
  std::vector<std::string> merged = pc;
  if (f.known()) {
    const auto base = SetMembers(*f.base_crm);
    merged = Minus(pc, Minus(base, crm));
    const auto added = Minus(crm, base);
    merged.insert(merged.end(), added.begin(), added.end());
  } else {
    merged.insert(merged.end(), crm.begin(), crm.end());
  }
  return MakeSet(std::move(merged));
}

FieldDecision DecideSet(const Field& f) {
  // Products is obsolete in the CRM: that it was left empty is no reason to fill it when a pair is
  // adopted.
  if (!f.known() && (!f.crm || !f.context.crm_open)) return Settle("first_meeting");
  if (f.known() && !f.pc_changed() && !f.crm_changed()) return {};
  const Value merged = MergeSets(f);
  const bool pc_differs = merged != f.pc;
  const bool crm_differs = merged != f.crm;
  const std::string reason =
      "changes of both sides to " + f.rule.name + " are merged element by element";
  if (!pc_differs && !crm_differs) return Settle("agree");
  if (!pc_differs)
    return WriteCrm(f, merged, "partner_center_changed", "Partner Center changed " + f.rule.name);
  FieldDecision to_pc = WritePartnerCenter(f, merged, crm_differs ? "merged" : "crm_changed",
                                           crm_differs ? reason : "the CRM changed " + f.rule.name);
  if (!crm_differs || to_pc.kind != Kind::to_partner_center || !f.context.crm_open) return to_pc;
  to_pc.kind = Kind::to_both;
  to_pc.crm_value = merged;
  return to_pc;
}

}  // namespace

FieldDecision DecideField(const FieldRule& rule, const Value& partner_center, const Value& crm,
                          const std::optional<Value>& base_partner_center,
                          const std::optional<Value>& base_crm, const FieldContext& context,
                          const Policy& policy) {
  const Field f{rule, partner_center, crm, base_partner_center, base_crm, context, policy};
  if (rule.connected_referral) return DecideHelp(f);
  if (Agree(rule, partner_center, crm)) return Settle("agree");
  if (rule.type == FieldType::set && rule.direction == Direction::both) return DecideSet(f);
  if (!f.known()) return FirstMeeting(f);
  if (f.pc_changed() && f.crm_changed()) return BothChanged(f);
  if (f.pc_changed()) return PartnerCenterChanged(f);
  if (f.crm_changed()) return CrmChanged(f);
  return {};
}

}  // namespace cosell

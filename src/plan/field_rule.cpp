#include "plan/field_rule.h"

#include <algorithm>
#include <chrono>

#include "base/planted.h"
#include "mapping/normalize.h"
#include "plan/field_moves.h"

namespace cosell {
namespace {

using Kind = FieldDecision::Kind;

// Stamps closer than this are taken as simultaneous: Dataverse and Salesforce print whole seconds,
// and so does the HTTP Date header the clock offset is measured with.
constexpr std::chrono::seconds kSimultaneous{2};

FieldDecision CrmChanged(const Field& f) {
  if (!f.rule.ReachesPartnerCenter()) {
    return PutBackInCrm(
        f, f.pc, f.rule.name + " is kept by Partner Center; the change in the CRM is put back");
  }
  if (TurnsBack(f)) {
    return PutBackInCrm(f, f.pc, f.rule.name + " cannot be withdrawn once it is set; put back");
  }
  return WritePartnerCenter(f, f.crm, "crm_changed", "the CRM changed " + f.rule.name);
}

// The CRM alone speaks: what stands in Partner Center instead is put back.
FieldDecision PutBackInPartnerCenter(const Field& f) {
  FieldDecision decision =
      WritePartnerCenter(f, f.crm, "put_back", f.rule.name + " is kept by the CRM; put back");
  decision.put_back = decision.kind == Kind::to_partner_center;
  return decision;
}

FieldDecision PartnerCenterChanged(const Field& f) {
  if (f.rule.ReachesCrm())
    return WriteCrm(f, f.pc, "partner_center_changed", "Partner Center changed " + f.rule.name);
  // Nothing can be put back any more, and no edit of a seller is at stake.
  if (f.context.gate_open && !f.context.referral_open) return Settle("kept_by_crm");
  return PutBackInPartnerCenter(f);
}

std::string WhatHappened(const Field& f) {
  if (f.known() && f.context.base_in_doubt) {
    return "what is remembered of " + f.rule.name +
           " comes from an older copy of the database, so who changed it cannot be told; ";
  }
  return f.known() ? "both sides changed " + f.rule.name + "; "
                   : "the two sides met with a different " + f.rule.name + " each; ";
}

FieldDecision Win(const Field& f, Side winner, const std::string& rule, const std::string& why) {
  FieldDecision decision = winner == Side::partner_center
                               ? WriteCrm(f, f.pc, rule, WhatHappened(f) + why)
                               : WritePartnerCenter(f, f.crm, rule, WhatHappened(f) + why);
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

FieldDecision ByPolicy(const Field& f) {
  switch (f.policy.For(f.rule.name)) {
    case ConflictPolicy::partner_center_wins:
      return Win(f, Side::partner_center, "partner_center_wins", "Partner Center wins by policy");
    case ConflictPolicy::crm_wins:
      return Win(f, Side::crm, "crm_wins", "the CRM wins by policy");
    case ConflictPolicy::newest_wins:
      return NewestWins(f);
    case ConflictPolicy::ask:
      return MakeDecision(Kind::conflict, "ask", WhatHappened(f) + "a person decides");
  }
  return {};
}

FieldDecision BothChanged(const Field& f) {
  if (!f.rule.ReachesPartnerCenter() || TurnsBack(f)) return CrmChanged(f);
  if (!f.rule.ReachesCrm()) return PutBackInPartnerCenter(f);
  if (f.rule.one_way && IsSet(f.rule, f.crm) && !IsSet(f.rule, f.pc))
    return WritePartnerCenter(f, f.crm, "crm_changed", "set in the CRM");
  return ByPolicy(f);
}

// The two meet for the first time in a field of which one side alone speaks. Nothing is erased for
// a side that has nothing to say, and nobody has changed anything that could be put back.
FieldDecision FirstMeetingOfOneDirection(const Field& f) {
  const std::string reason =
      "the two sides meet for the first time; " + f.rule.name + " is kept by ";
  if (!f.rule.ReachesPartnerCenter()) {
    const bool filled = !f.rule.template_name.empty() && f.crm;  // a link of another form is good
    if (!f.pc || filled) return Settle("first_meeting");
    return WriteCrm(f, f.pc, "first_meeting", reason + "Partner Center");
  }
  if (!f.crm || TurnsBack(f)) return Settle("first_meeting");
  return WritePartnerCenter(f, f.crm, "first_meeting", reason + "the CRM");
}

// Nothing can be written any more: a pair without a base is taken over as it stands.
bool MeetClosed(const Field& f) {
  return !f.known() && !f.context.referral_open && !f.context.crm_open;
}

// No base: a value beats nothing; two different values are a conflict.
FieldDecision FirstMeeting(const Field& f) {
  if (MeetClosed(f)) return Settle("first_meeting");
  if (!f.rule.ReachesPartnerCenter() || !f.rule.ReachesCrm()) return FirstMeetingOfOneDirection(f);
  if (!f.pc && f.crm && Planted(PlantedBug::nothing_beats_something))
    return WriteCrm(f, f.pc, "first_meeting", "Partner Center has no " + f.rule.name);
  if (!IsSet(f.rule, f.crm))
    return WriteCrm(f, f.pc, "first_meeting", "only Partner Center has " + f.rule.name);
  if (!IsSet(f.rule, f.pc))
    return WritePartnerCenter(f, f.crm, "first_meeting", "only the CRM has " + f.rule.name);
  return ByPolicy(f);
}

FieldDecision ReportDrift(const Field& f, const std::string& what_next) {
  FieldDecision decision = MakeDecision(
      Kind::nothing, kRuleDrift,
      "drift of " + f.rule.name +
          ": the two sides disagree although neither has changed since they last agreed; " +
          what_next);
  decision.drift = true;
  return decision;
}

// The winner's value is written once. Where it was written before and is not there, something on
// that side keeps it from standing, and writing it again would go on for ever.
FieldDecision RepairDrift(const Field& f, Side winner, const std::string& why) {
  const bool to_crm = winner == Side::partner_center;
  const std::string there = to_crm ? "the CRM" : "Partner Center";
  if (to_crm ? f.context.written_to_crm : f.context.written_to_partner_center) {
    return ReportDrift(f, "the other side's value was written to " + there +
                              " before and did not stay; look for what changes it there");
  }
  const std::string reason =
      "drift of " + f.rule.name + ": the two sides disagreed without a change; " + why;
  FieldDecision decision = to_crm ? WriteCrm(f, f.pc, kRuleDrift, reason)
                                  : WritePartnerCenter(f, f.crm, kRuleDrift, reason);
  const bool written = decision.kind == Kind::to_crm || decision.kind == Kind::to_partner_center;
  if (!written) return ReportDrift(f, decision.reason);
  if (f.rule.ReachesCrm() && f.rule.ReachesPartnerCenter()) decision.loser = Other(winner);
  return decision;
}

// Who changed it cannot be told. A difference that was meant, or that a remote makes of every
// value, is none to be decided.
bool IsInDoubt(const Field& f) {
  return f.context.base_in_doubt && !f.context.settled_apart && !MayBeKeptAs(f.rule, f.pc, f.crm);
}

// Neither side has changed, and yet they disagree. A deal that is closed, not accepted or kept in
// the CRM is not compared, and a value as a remote keeps it is none.
FieldDecision Drift(const Field& f) {
  const FieldContext& now = f.context;
  if (now.settled_apart || MayBeKeptAs(f.rule, f.pc, f.crm) || !now.gate_open ||
      !now.referral_open || !now.referral_accepted || !now.crm_open ||
      f.rule.direction == Direction::off) {
    return {};
  }
  if (!f.rule.ReachesPartnerCenter())
    return RepairDrift(f, Side::partner_center, "Partner Center keeps this field");
  if (!f.rule.ReachesCrm()) return RepairDrift(f, Side::crm, "the CRM keeps this field");
  if (f.rule.one_way) {
    return RepairDrift(f, IsSet(f.rule, f.pc) ? Side::partner_center : Side::crm,
                       "what is set is never withdrawn");
  }
  switch (f.policy.For(f.rule.name)) {
    case ConflictPolicy::partner_center_wins:
      return RepairDrift(f, Side::partner_center, "Partner Center wins by policy");
    case ConflictPolicy::crm_wins:
      return RepairDrift(f, Side::crm, "the CRM wins by policy");
    case ConflictPolicy::newest_wins:
      return ReportDrift(f, "neither value is the newer one; edit either side to settle it");
    case ConflictPolicy::ask:
      return MakeDecision(Kind::conflict, kRuleDrift,
                          "drift of " + f.rule.name +
                              ": the two sides disagree although neither has changed since they "
                              "last agreed; a person decides");
  }
  return {};
}

// Partner Center has help that the two have not agreed on. It is read-only there, so it goes to the
// CRM whatever the policy says, and nobody needs to be asked; what the CRM asked for instead is
// kept.
FieldDecision HelpOfPartnerCenter(const Field& f) {
  if (!f.rule.ReachesCrm()) return Settle("kept_by_crm");
  FieldDecision decision =
      WriteCrm(f, f.pc, "partner_center_changed", "Partner Center changed " + f.rule.name);
  if (decision.kind == Kind::to_crm && f.crm && f.crm_changed()) decision.loser = Side::crm;
  return decision;
}

FieldDecision HelpOfCrm(const Field& f) {
  if (f.pc) {
    return PutBackInCrm(f, f.pc, "Microsoft's help is fixed once it is asked for; put back");
  }
  if (f.known() && f.base_crm->has_value()) {
    return PutBackInCrm(f, *f.base_crm,
                        "the request for Microsoft's help is fixed once it is sent; put back");
  }
  if (f.context.connected_referral) return Settle("agree");
  if (!f.rule.ReachesPartnerCenter()) return f.known() ? CrmChanged(f) : Settle("first_meeting");
  FieldDecision decision =
      WritePartnerCenter(f, f.crm, "crm_changed", "Microsoft's help is asked for in the CRM");
  if (decision.kind == Kind::to_partner_center) decision.kind = Kind::ask_help;
  return decision;
}

// Microsoft's help: asked for by a second referral, so the CRM's value never appears in our own
// one, and its absence there is no difference.
FieldDecision DecideHelp(const Field& f) {
  const bool withdrawn =
      !f.pc && f.known() && !f.pc_changed() && f.crm_changed() && f.base_crm->has_value();
  if (f.pc == f.crm && !withdrawn) return Settle("agree");
  if (MeetClosed(f)) return Settle("first_meeting");
  if (f.pc && f.pc_changed()) return HelpOfPartnerCenter(f);
  if (f.known() && !f.crm_changed()) return Settle("agree");
  return HelpOfCrm(f);
}

std::vector<std::string> Minus(const std::vector<std::string>& a,
                               const std::vector<std::string>& b) {
  std::vector<std::string> out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

Value Merged(const std::vector<std::string>& own, const std::vector<std::string>& other,
             const std::vector<std::string>& base) {
  std::vector<std::string> merged =
      Planted(PlantedBug::set_only_grows) ? own : Minus(own, Minus(base, other));
  const auto added = Minus(other, base);
  merged.insert(merged.end(), added.begin(), added.end());
  return MakeSet(std::move(merged));
}

struct MergedSets {
  Value pc;
  Value crm;
};

// Element by element: what each side added is added, what each side removed is removed. Without a
// base the union. Where only one half of an earlier merge has landed, that side's base is the merge
// already, and the other's is still what both agreed on: it is the side that differs from its base.
// If both do, which half has landed cannot be told: then an element either way keeps is kept.
// Where the two were left different on purpose, each side's changes are its own and the difference
// stays.
MergedSets MergeSets(const Field& f) {
  const auto pc = SetMembers(f.pc);
  const auto crm = SetMembers(f.crm);
  // A base in doubt takes nothing away: better an element too many than one lost.
  const bool trusted = f.known() && (!f.context.base_in_doubt || f.context.settled_apart);
  const auto base_pc = trusted ? SetMembers(*f.base_pc) : std::vector<std::string>{};
  const auto base_crm = trusted ? SetMembers(*f.base_crm) : std::vector<std::string>{};
  const Value crm_into_pc = Merged(pc, crm, base_crm);
  const Value pc_into_crm = Merged(crm, pc, base_pc);
  if (f.known() && f.context.settled_apart) return {crm_into_pc, pc_into_crm};
  if (!f.crm_changed()) return {pc_into_crm, pc_into_crm};
  if (!f.pc_changed()) return {crm_into_pc, crm_into_pc};
  const Value either = Merged(SetMembers(crm_into_pc), SetMembers(pc_into_crm), {});
  return {either, either};
}

FieldDecision DecideSet(const Field& f) {
  // Products is obsolete in the CRM: that it was left empty is no reason to fill it when a pair is
  // adopted.
  if (!f.known() && (!f.crm || !f.context.crm_open)) return Settle("first_meeting");
  const bool unchanged = !f.pc_changed() && !f.crm_changed() && !f.context.base_in_doubt;
  if (f.known() && unchanged) return Drift(f);
  const MergedSets merged = MergeSets(f);
  const bool pc_differs = merged.pc != f.pc;
  const bool crm_differs = merged.crm != f.crm;
  const std::string reason =
      "changes of both sides to " + f.rule.name + " are merged element by element";
  if (!pc_differs && !crm_differs) return Settle("agree");
  if (!pc_differs) {
    return WriteCrm(f, merged.crm, "partner_center_changed",
                    "Partner Center changed " + f.rule.name);
  }
  FieldDecision to_pc = WritePartnerCenter(f, merged.pc, crm_differs ? "merged" : "crm_changed",
                                           crm_differs ? reason : "the CRM changed " + f.rule.name);
  if (!crm_differs || to_pc.kind != Kind::to_partner_center || !f.context.crm_open) return to_pc;
  to_pc.kind = Kind::to_both;
  to_pc.crm_value = merged.crm;
  return to_pc;
}

// People of the CRM join the referral and leave it with the CRM; whoever else is there stays. A
// referral keeps at least one.
FieldDecision DecideMembers(const Field& f) {
  if (!f.rule.ReachesPartnerCenter()) return Settle("agree");
  const auto base = f.known() ? SetMembers(*f.base_crm) : std::vector<std::string>{};
  const Value wanted = Merged(SetMembers(f.pc), SetMembers(f.crm), base);
  if (!wanted || wanted == f.pc) return Settle("agree");
  if (f.rule.crm == kPeopleContact && f.context.contacts_frozen) return Settle("frozen");
  return WritePartnerCenter(f, wanted, "crm_changed", "the CRM changed " + f.rule.name);
}

}  // namespace

FieldDecision DecideField(const FieldRule& rule, const Value& partner_center, const Value& crm,
                          const std::optional<Value>& base_partner_center,
                          const std::optional<Value>& base_crm, const FieldContext& context,
                          const Policy& policy) {
  const Field f{rule, partner_center, crm, base_partner_center, base_crm, context, policy};
  if (rule.connected_referral) return DecideHelp(f);
  if (rule.type == FieldType::members) return DecideMembers(f);
  if (Agree(rule, partner_center, crm)) return Settle("agree");
  const bool merges = rule.type == FieldType::set && !Planted(PlantedBug::set_merged_as_text);
  if (merges && rule.direction == Direction::both) return DecideSet(f);
  if (!f.known()) return FirstMeeting(f);
  if (IsInDoubt(f)) return BothChanged(f);
  if (f.pc_changed() && f.crm_changed()) return BothChanged(f);
  if (f.pc_changed()) return PartnerCenterChanged(f);
  if (f.crm_changed()) return CrmChanged(f);
  return Drift(f);
}

}  // namespace cosell

#include "truth_table/field_oracle.h"

namespace cosell::truth {
namespace {

using Kind = FieldDecision::Kind;

// --- what the cell tells -------------------------------------------------------------------------

bool BaseKnown(const Cell& cell) {
  return cell.base_partner_center != Letter::unknown && cell.base_crm != Letter::unknown;
}
// Each side is compared with its own base, never with the other's.
bool PartnerCenterChanged(const Cell& cell) {
  return cell.partner_center != cell.base_partner_center;
}
bool CrmChanged(const Cell& cell) { return cell.crm != cell.base_crm; }

bool Agreed(const Cell& cell) {
  return cell.spelling->meaning[Index(cell.partner_center)] ==
         cell.spelling->crm_meaning[Index(cell.crm)];
}
// A switch is set when it is on; anything else when it has a value.
bool IsSet(const Cell& cell, Letter letter) {
  if (cell.spelling->rule.type == FieldType::boolean) return letter == Letter::a;
  return letter != Letter::none;
}
// Whether the CRM's value would take back what is set in Partner Center and cannot be taken back.
bool TurnsBack(const Cell& cell) {
  return cell.one_way && IsSet(cell, cell.partner_center) && !IsSet(cell, cell.crm);
}
// What a remote makes of a value when it stores it (an amount rounded to whole units, a text cut by
// another way of counting) stands there with nobody having changed it: contract 6.4 asks not to
// loop over that. It is no agreement, or the edit that looks the same would be hidden.
bool IsAsStored(const Cell& cell) {
  return cell.spelling->stored[Index(cell.partner_center)] ==
         cell.spelling->crm_stored[Index(cell.crm)];
}
bool AllClosed(const Cell& cell) {
  return cell.now.referral == Referral::closed && !cell.now.crm_open;
}

// --- outcomes ------------------------------------------------------------------------------------

FieldExpectation Only(Kind kind, std::string_view rule) {
  FieldExpectation expectation;
  expectation.kind = kind;
  expectation.rule = rule;
  return expectation;
}
FieldExpectation Leave(std::string_view rule) { return Only(Kind::nothing, rule); }

// The base becomes what the sides are; it may say so already.
FieldExpectation MoveBase(const Cell& cell, std::string_view rule) {
  const bool moves = !BaseKnown(cell) || PartnerCenterChanged(cell) || CrmChanged(cell);
  return Only(moves ? Kind::settle : Kind::nothing, rule);
}

// --- the two ways a value travels ----------------------------------------------------------------

// Invariant I1: a person's edit that cannot be delivered stands in the conflict list.
FieldExpectation Undeliverable() { return Only(Kind::conflict, "undeliverable edits are listed"); }

FieldExpectation IntoCrm(const Cell& cell, Letter value, std::string_view rule) {
  if (!cell.now.crm_open) {
    // A closed CRM record is read-only. Where Partner Center alone speaks nobody needs to decide.
    if (cell.direction == Direction::to_crm) return Leave("a closed CRM record is read-only");
    return Undeliverable();
  }
  FieldExpectation expectation = Only(Kind::to_crm, rule);
  expectation.written_to_crm = value;
  return expectation;
}

// The CRM's change is undone; where it cannot be, the base keeps telling that it was made.
FieldExpectation PutBackInCrm(const Cell& cell, Letter value, std::string_view rule) {
  if (!cell.now.crm_open) return Leave("what cannot be put back yet is not forgotten");
  FieldExpectation expectation = Only(Kind::to_crm, rule);
  expectation.written_to_crm = value;
  expectation.put_back = true;
  return expectation;
}

FieldExpectation IntoPartnerCenter(const Cell& cell, Letter value, std::string_view rule) {
  // I6: while Sync is not Yes, CRM edits stay in the CRM; the base stays, so they are not
  // forgotten.
  if (!cell.now.gate_open) return Leave("sync is No");
  // I7: no write to a closed referral.
  if (cell.now.referral == Referral::closed) return Undeliverable();
  // CRM edits made before the referral is accepted are not sent; only our own ids travel.
  if (cell.now.referral == Referral::fresh && !cell.spelling->is_own_id) {
    return Only(Kind::wait, "not accepted yet");
  }
  // Partner Center refuses an empty name, value, currency, date, choice or list.
  if (!cell.spelling->accepted[Index(value)]) return Undeliverable();
  FieldExpectation expectation = Only(Kind::to_partner_center, rule);
  expectation.written_to_partner_center = value;
  return expectation;
}

bool HasNoChannel(const FieldExpectation& expectation) {
  return expectation.kind == Kind::wait || expectation.rule == Undeliverable().rule;
}

FieldExpectation WithLoser(FieldExpectation expectation, Side loser) {
  const bool written =
      expectation.kind == Kind::to_crm || expectation.kind == Kind::to_partner_center;
  if (written) expectation.loser = loser;
  return expectation;
}

// --- the three-way rule --------------------------------------------------------------------------

FieldExpectation PartnerCenterPrevails(const Cell& cell, std::string_view rule) {
  return WithLoser(IntoCrm(cell, cell.partner_center, rule), Side::crm);
}
FieldExpectation CrmPrevails(const Cell& cell, std::string_view rule) {
  return WithLoser(IntoPartnerCenter(cell, cell.crm, rule), Side::partner_center);
}

// partner_center_wins, crm_wins, newest_wins or ask. Two clocks are never compared alone: where
// nobody can tell who was last, Partner Center's value is taken.
FieldExpectation ByPolicy(const Cell& cell, std::string_view rule) {
  switch (cell.precedence) {
    case Precedence::crm:
    case Precedence::newest_crm:
      return CrmPrevails(cell, rule);
    case Precedence::partner_center:
    case Precedence::newest_partner_center:
    case Precedence::newest_unsure:
      return PartnerCenterPrevails(cell, rule);
    case Precedence::ask:
      return Only(Kind::conflict, rule);
  }
  return Leave(rule);
}

// Found equal, by whatever way: the base is written, nothing else.
FieldExpectation ExpectAgreement(const Cell& cell) { return MoveBase(cell, "found equal"); }

// Changed in Partner Center only: goes to the CRM if the direction allows; where the CRM alone
// speaks, the CRM's value is put back.
FieldExpectation ExpectPartnerCenterChange(const Cell& cell) {
  if (cell.direction != Direction::to_partner_center) {
    return IntoCrm(cell, cell.partner_center, "only Partner Center changed");
  }
  // Nothing can be put back any more, and no edit of a CRM user is at stake.
  if (cell.now.gate_open && cell.now.referral == Referral::closed) {
    return MoveBase(cell, "kept by the CRM, referral closed");
  }
  // I6: what is set one way is never sent backwards, not even to put something back.
  if (TurnsBack(cell)) return Leave("one way is never sent backwards");
  FieldExpectation expectation =
      IntoPartnerCenter(cell, cell.crm, "kept by the CRM: Partner Center's change is put back");
  expectation.put_back = expectation.kind == Kind::to_partner_center;
  return expectation;
}

// Changed in the CRM only: goes to Partner Center if the direction allows, else is put back.
FieldExpectation ExpectCrmChange(const Cell& cell) {
  if (cell.direction == Direction::to_crm) {
    return PutBackInCrm(cell, cell.partner_center, "read-only in the CRM");
  }
  if (TurnsBack(cell)) return PutBackInCrm(cell, cell.partner_center, "one way: put back");
  return IntoPartnerCenter(cell, cell.crm, "only the CRM changed");
}

// Changed on both to different values. Where one side alone speaks, it does; a switch that cannot
// be taken back is on; else the policy decides and the losing value is kept.
FieldExpectation ExpectConflict(const Cell& cell) {
  if (cell.direction == Direction::to_crm || TurnsBack(cell)) return ExpectCrmChange(cell);
  if (cell.direction == Direction::to_partner_center) {
    FieldExpectation expectation =
        IntoPartnerCenter(cell, cell.crm, "both changed, the CRM alone speaks");
    expectation.put_back = expectation.kind == Kind::to_partner_center;
    return expectation;
  }
  if (cell.one_way && IsSet(cell, cell.crm) && !IsSet(cell, cell.partner_center)) {
    return IntoPartnerCenter(cell, cell.crm, "one way: set in the CRM");
  }
  return ByPolicy(cell, "both changed");
}

// Where one side alone speaks, it is asked and the other obeys; nothing is erased for a side that
// has nothing to say.
FieldExpectation ExpectMaster(const Cell& cell, FieldExpectation silent, std::string_view rule) {
  if (cell.direction == Direction::to_crm) {
    if (cell.partner_center == Letter::none) return silent;
    return IntoCrm(cell, cell.partner_center, rule);
  }
  if (cell.crm == Letter::none || TurnsBack(cell)) return silent;
  return IntoPartnerCenter(cell, cell.crm, rule);
}

// No base: the two meet for the first time in this field. A value fills what is empty; two values
// are a conflict. Nobody changed anything, so nothing is put back.
FieldExpectation ExpectFirstMeeting(const Cell& cell) {
  // Nothing can be written any more: the pair is taken over as it stands.
  if (AllClosed(cell)) return MoveBase(cell, "first meeting of closed records");
  if (cell.direction != Direction::both) {
    return ExpectMaster(cell, MoveBase(cell, "first meeting erases nothing"),
                        "first meeting, one side speaks");
  }
  if (!IsSet(cell, cell.crm)) {
    return IntoCrm(cell, cell.partner_center, "first meeting fills the CRM");
  }
  if (!IsSet(cell, cell.partner_center)) {
    return IntoPartnerCenter(cell, cell.crm, "first meeting fills Partner Center");
  }
  return ByPolicy(cell, "first meeting of two values");
}

// Who is right when nobody changed anything: the side that alone speaks; what cannot be taken back;
// else the policy. Of two values of which none is new, none is the newest.
FieldExpectation RepairDrift(const Cell& cell) {
  if (cell.direction == Direction::to_crm) {
    return IntoCrm(cell, cell.partner_center, "drift, one side speaks");
  }
  if (cell.direction == Direction::to_partner_center) {
    if (TurnsBack(cell)) return Leave("one way is never sent backwards");
    return IntoPartnerCenter(cell, cell.crm, "drift, one side speaks");
  }
  if (cell.one_way) {
    return IsSet(cell, cell.partner_center) ? PartnerCenterPrevails(cell, "drift")
                                            : CrmPrevails(cell, "drift");
  }
  const bool newest = cell.precedence != Precedence::partner_center &&
                      cell.precedence != Precedence::crm && cell.precedence != Precedence::ask;
  return newest ? Leave("drift") : ByPolicy(cell, "drift");
}

// Nobody changed anything and yet the two disagree: reported, and repaired by policy while the deal
// is open on both sides. No edit is at stake, so what cannot be repaired is left.
FieldExpectation ExpectDrift(const Cell& cell) {
  const bool open =
      cell.now.gate_open && cell.now.referral == Referral::active && cell.now.crm_open;
  if (!open) return Leave("drift of a deal that is not open");
  if (IsAsStored(cell)) return Leave("as the remote stores it");
  const FieldExpectation expectation = RepairDrift(cell);
  return HasNoChannel(expectation) ? Leave("drift") : expectation;
}

// --- sets ----------------------------------------------------------------------------------------

// What `side` changed against its base happens to what the other side has.
int ChangedOnto(int other, int side, int base) {
  const int changed = side ^ base;
  return (changed & side) | (~changed & other);
}

// Element by element; without a base every element somebody has stays. Where the two bases differ,
// one half of an earlier merge has not landed (the write was refused). The side that is as its base
// says has it already, so the other side's changes are the ones still to be carried over: invariant
// I1. Where both have changed since, nobody can tell which half it was, and no element is given up.
Letter Merged(const Cell& cell) {
  const int pc = static_cast<int>(cell.partner_center), crm = static_cast<int>(cell.crm);
  if (!BaseKnown(cell)) return static_cast<Letter>(pc | crm);
  const int from_crm = ChangedOnto(pc, crm, static_cast<int>(cell.base_crm));
  const int from_pc = ChangedOnto(crm, pc, static_cast<int>(cell.base_partner_center));
  if (!CrmChanged(cell)) return static_cast<Letter>(from_pc);
  if (!PartnerCenterChanged(cell)) return static_cast<Letter>(from_crm);
  return static_cast<Letter>(from_crm | from_pc);
}

FieldExpectation MergeTravels(const Cell& cell, Letter merged, std::string_view rule) {
  if (merged == cell.partner_center) return IntoCrm(cell, merged, rule);
  // While the CRM's part may not travel, the whole set stays: the base of a side is one value and
  // could not tell the part that was kept from the part that was not.
  FieldExpectation expectation = IntoPartnerCenter(cell, merged, rule);
  if (merged == cell.crm || expectation.kind != Kind::to_partner_center || !cell.now.crm_open) {
    return expectation;
  }
  expectation.kind = Kind::to_both;
  expectation.written_to_crm = merged;
  return expectation;
}

FieldExpectation ExpectSet(const Cell& cell) {
  // The list column is obsolete in the CRM: that it was left empty is no reason to fill it, and a
  // closed record is taken over as it stands.
  if (!BaseKnown(cell) && (cell.crm == Letter::none || !cell.now.crm_open)) {
    return MoveBase(cell, "first meeting of sets");
  }
  if (BaseKnown(cell) && !PartnerCenterChanged(cell) && !CrmChanged(cell)) {
    return ExpectDrift(cell);
  }
  return MergeTravels(cell, Merged(cell), "sets merge element by element");
}

// --- help ----------------------------------------------------------------------------------------

// Asking Microsoft for help makes a second referral; the code is read-only once it was set. What
// the CRM asked for never shows in our own referral, so its absence there is no difference.
FieldExpectation ExpectHelpFromCrm(const Cell& cell) {
  const bool asked_before = BaseKnown(cell) && cell.base_crm != Letter::none;
  if (asked_before || cell.partner_center != Letter::none) {
    const bool theirs = cell.partner_center != Letter::none;
    return PutBackInCrm(cell, theirs ? cell.partner_center : cell.base_crm, "help is fixed");
  }
  if (cell.now.connected) return MoveBase(cell, "help was asked for already");
  if (cell.direction == Direction::to_crm) {
    return BaseKnown(cell) ? PutBackInCrm(cell, Letter::none, "read-only in the CRM")
                           : MoveBase(cell, "first meeting erases nothing");
  }
  FieldExpectation expectation = IntoPartnerCenter(cell, cell.crm, "help is asked for");
  if (expectation.kind == Kind::to_partner_center) {
    expectation.kind = Kind::ask_help;
    expectation.written_to_partner_center.reset();
  }
  return expectation;
}

FieldExpectation ExpectHelp(const Cell& cell) {
  const bool crm_edited = BaseKnown(cell) && CrmChanged(cell);
  const bool theirs = cell.partner_center != Letter::none;
  // Neither has help, and yet it is not agreed that there is none: the CRM withdrew its request. If
  // Partner Center dropped it as well, the two have changed to the same.
  const bool withdrawn =
      !theirs && crm_edited && !PartnerCenterChanged(cell) && cell.base_crm != Letter::none;
  if (cell.partner_center == cell.crm && !withdrawn) return ExpectAgreement(cell);
  if (!BaseKnown(cell) && AllClosed(cell)) {
    return MoveBase(cell, "first meeting of closed records");
  }
  if (theirs && (!BaseKnown(cell) || PartnerCenterChanged(cell))) {
    if (cell.direction == Direction::to_partner_center) {
      return MoveBase(cell, "help of Partner Center is not wanted in the CRM");
    }
    FieldExpectation expectation = IntoCrm(cell, cell.partner_center, "help of Partner Center");
    // At a first meeting it may be an edit as well: what is overwritten is kept.
    const bool lost = (crm_edited || !BaseKnown(cell)) && cell.crm != Letter::none;
    return lost ? WithLoser(expectation, Side::crm) : expectation;
  }
  if (BaseKnown(cell) && !CrmChanged(cell)) return MoveBase(cell, "help is left");
  return ExpectHelpFromCrm(cell);
}

}  // namespace

FieldExpectation ExpectField(const Cell& cell) {
  if (cell.spelling->rule.connected_referral) return ExpectHelp(cell);
  if (Agreed(cell)) return ExpectAgreement(cell);
  if (cell.spelling->is_set && cell.direction == Direction::both) return ExpectSet(cell);
  if (!BaseKnown(cell)) return ExpectFirstMeeting(cell);
  if (PartnerCenterChanged(cell) && CrmChanged(cell)) return ExpectConflict(cell);
  if (PartnerCenterChanged(cell)) return ExpectPartnerCenterChange(cell);
  if (CrmChanged(cell)) return ExpectCrmChange(cell);
  return ExpectDrift(cell);
}

}  // namespace cosell::truth

#include <algorithm>
#include <array>

#include "base/text.h"
#include "tools/simulation/invariants/scene.h"

// I1. Every edit of a person is on both sides, or a later edit of that field took its place, or the
// value is kept where a person can find it, or one of the rules below says why it cannot travel.
namespace cosell::simulation {
namespace {

bool IsPerson(Actor actor) { return actor == Actor::seller || actor == Actor::partner; }

std::vector<std::string> Members(const Shown& set) {
  return set ? Split(*set, ',') : std::vector<std::string>();
}

bool Contains(const Shown& set, const std::string& member) {
  const auto members = Members(set);
  return std::find(members.begin(), members.end(), member) != members.end();
}

// One edit with what the two sides show in the end.
struct Case {
  const Scene& scene;
  const Edit& edit;
  const Deal& deal;
  Shown partner_center;
  Shown crm;

  const Shown& own() const { return edit.side == Side::crm ? crm : partner_center; }
  Shown Final(Side side, Field field) const { return scene.ledger.Show(side, edit.deal, field); }
  bool stands_on_its_side() const { return Same(edit.field, own(), edit.value); }
  bool in_crm() const { return edit.side == Side::crm; }
  bool database_lost_since() const { return edit.databases < scene.ledger.databases(); }
  bool is_closed() const {
    const Shown status = Final(Side::partner_center, Field::status);
    return status == "won" || status == "lost";
  }
};

bool ReachedBoth(const Case& at) {
  return Same(at.edit.field, at.partner_center, at.edit.value) &&
         Same(at.edit.field, at.crm, at.edit.value);
}

bool Superseded(const Case& at) {
  const auto& edits = at.scene.ledger.edits();
  return std::any_of(edits.begin(), edits.end(), [&](const Edit& later) {
    return later.order > at.edit.order && later.deal == at.edit.deal &&
           later.field == at.edit.field;
  });
}

// Sets are merged, so as a whole they lose nothing but a decision that somebody still has to make.
bool IsKept(const Case& at) {
  if (at.edit.field == Field::solutions && !at.scene.HasConflict(at.deal, at.edit.field))
    return false;
  return at.scene.Kept(at.deal, at.edit.field, at.edit.value);
}

// What an element's presence is compared with: the base, where there is one.
const Shown& BaseOf(const Edit& edit) { return edit.agreed_known ? edit.agreed : edit.before; }

// Of a set the elements travel: what was added is on both sides, what was taken out is on neither.
// Where the other side cannot take them, the conflict shows both sets.
bool ElementsTravelled(const Case& at) {
  if (at.edit.field != Field::solutions) return false;
  const bool in_conflict = at.scene.HasConflict(at.deal, at.edit.field);
  const bool own_in_crm = at.in_crm();
  const auto shows = [&](Side side, const std::string& member) {
    return Contains(side == Side::crm ? at.crm : at.partner_center, member);
  };
  const auto matters = [&](Side side) { return !in_conflict || (side == Side::crm) == own_in_crm; };
  for (const Side side : {Side::crm, Side::partner_center}) {
    if (!matters(side)) continue;
    for (const std::string& member : Members(at.edit.value)) {
      if (!Contains(at.edit.before, member) && !shows(side, member)) return false;
    }
    // Without a base the two sides are united, so what one side took out may come back.
    if (at.database_lost_since()) continue;
    for (const std::string& member : Members(BaseOf(at.edit))) {
      if (!Contains(at.edit.value, member) && shows(side, member)) return false;
    }
  }
  return true;
}

// --- why a value may stay where it is

// The CRM record is gone by a person's own will, and the referral is kept as it is (design,
// section 7: never silently recreated).
bool DealIsGone(const Case& at) {
  return at.deal.deleted && (at.in_crm() || at.stands_on_its_side());
}

// Never shared, or closed before it was linked; that it should have been is checked with I3.
bool NeverPaired(const Case& at) {
  const bool paired = !at.deal.referral_id.empty() && !at.deal.crm_id.empty();
  return !paired && at.stands_on_its_side();
}

// What the CRM shows was written there by somebody: a change that may not travel, and that an edit
// of the other side must not overwrite either (three-way rule: both changed).
bool CrmHasAChangeOfItsOwn(const Case& at) {
  const auto& edits = at.scene.ledger.edits();
  return std::any_of(edits.begin(), edits.end(), [&](const Edit& other) {
    return other.side == Side::crm && other.deal == at.edit.deal && other.field == at.edit.field &&
           Same(other.field, other.value, at.crm);
  });
}

// Sync = No: the CRM's edits stay in the CRM, and a field it changed takes none from the other
// side (design, section 9). So does one that differs without a base, since nobody can tell which
// side changed it. Both values are where they were entered.
bool GateIsClosed(const Case& at) {
  if (at.scene.IsFlagged(at.deal) || !at.stands_on_its_side()) return false;
  return at.in_crm() || CrmHasAChangeOfItsOwn(at) || at.database_lost_since();
}

// Before the accept only ids travel to Partner Center: the CRM's edits wait where they were
// entered, and with them the decision where both sides edited, or where no base tells which did.
bool NotAcceptedYet(const Case& at) {
  if (!at.stands_on_its_side() || at.Final(Side::partner_center, Field::status) != "new")
    return false;
  return at.in_crm() || CrmHasAChangeOfItsOwn(at) || at.database_lost_since();
}

// The value is what both sides agreed on before: to compare with a base is to see no change. What
// the other side changed meanwhile then stands on both.
bool IsNoChangeToTheBase(const Case& at) {
  return at.edit.agreed_known && Same(at.edit.field, at.edit.value, at.edit.agreed) &&
         Same(at.edit.field, at.partner_center, at.crm);
}

// Visibility is never withdrawn, and the request for help is fixed once it is sent (I6): another
// wish stays in the CRM, or is put back there with a line in Audit.
bool IsOneWay(const Case& at) {
  if (at.edit.field == Field::visibility)
    return at.edit.value.value_or("false") == "false" && at.partner_center == "true";
  const bool stands_or_put_back =
      at.stands_on_its_side() || Same(Field::help, at.own(), at.edit.before);
  return at.edit.field == Field::help && at.edit.before.has_value() && stands_or_put_back;
}

// Asked for by a referral of its own, addressed to Microsoft; ours does not show it. Where
// Microsoft brought the deal it is asked already.
bool HelpWasAsked(const Case& at) {
  return at.edit.field == Field::help && Same(Field::help, at.crm, at.edit.value) &&
         at.scene.MicrosoftTakesPart(at.deal);
}

// An accepted referral knows no on-hold state, a closed one nothing but how it was closed: what is
// reopened in the CRM is closed there again (design, section 9: on_reopen). And an accept is but a
// step on the way of a deal that the CRM has closed: both sides show the end of it.
bool StatusHasNoCounterpart(const Case& at) {
  if (at.edit.field != Field::status) return false;
  if (at.edit.value == "new") return at.in_crm();
  return at.edit.value == "active" && at.is_closed() &&
         (at.in_crm() || Same(at.edit.field, at.partner_center, at.crm));
}

// A closed referral takes no write (I7), and Salesforce lets people edit a closed opportunity: the
// edit stays there.
bool ReferralIsClosed(const Case& at) {
  return at.is_closed() && at.in_crm() && at.stands_on_its_side();
}

// Adopted from the identifiers alone, a referral nobody accepted puts the CRM record on hold, and a
// closed pair is left as it is on either side.
bool AdoptedWithoutBase(const Case& at) {
  if (!at.database_lost_since()) return false;
  if (at.is_closed() && at.stands_on_its_side()) return true;
  if (at.edit.field == Field::status)
    return at.in_crm() && at.edit.value == "active" && at.partner_center == "new";
  // Nothing against something: the value is taken.
  return !at.edit.value.has_value();
}

using Rule = bool (*)(const Case&);
constexpr std::array<Rule, 14> kRules = {
    ReachedBoth,         Superseded,        IsKept,       ElementsTravelled,
    DealIsGone,          NeverPaired,       GateIsClosed, NotAcceptedYet,
    IsNoChangeToTheBase, IsOneWay,          HelpWasAsked, StatusHasNoCounterpart,
    ReferralIsClosed,    AdoptedWithoutBase};

std::string Tell(const Case& at) {
  return std::string(ToString(at.edit.actor)) + " set " + std::string(ToString(at.edit.field)) +
         " of deal " + std::to_string(at.edit.deal + 1) + " from " + Print(at.edit.before) +
         " to " + Print(at.edit.value) + " in " +
         (at.in_crm() ? std::string("the CRM") : std::string("Partner Center")) + " at " +
         FormatInstant(at.edit.at) + "; in the end Partner Center shows " +
         Print(at.partner_center) + ", the CRM " + Print(at.crm) + ", and nothing is kept";
}

}  // namespace

void CheckNothingLost(const Scene& scene, Violations* violations) {
  for (const Edit& edit : scene.ledger.edits()) {
    if (!IsPerson(edit.actor)) continue;
    const Case at{scene, edit, scene.ledger.deals().at(edit.deal),
                  scene.ledger.Show(Side::partner_center, edit.deal, edit.field),
                  scene.ledger.Show(Side::crm, edit.deal, edit.field)};
    const bool fine =
        std::any_of(kRules.begin(), kRules.end(), [&](Rule rule) { return rule(at); });
    if (!fine) violations->push_back({"I1 lost", Tell(at)});
  }
}

}  // namespace cosell::simulation

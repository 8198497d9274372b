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

bool IsKept(const Case& at) { return at.scene.Kept(at.deal, at.edit.field, at.edit.value); }

// Of a set the elements travel: what was added is on both sides, what was taken out is on neither.
bool ElementsTravelled(const Case& at) {
  if (at.edit.field != Field::solutions) return false;
  for (const std::string& member : Members(at.edit.value)) {
    const bool added = !Contains(at.edit.before, member);
    if (added && !(Contains(at.partner_center, member) && Contains(at.crm, member))) return false;
  }
  for (const std::string& member : Members(at.edit.before)) {
    const bool removed = !Contains(at.edit.value, member);
    // Without a base the two sides are united, so what one side took out may come back.
    if (removed && !at.database_lost_since() &&
        (Contains(at.partner_center, member) || Contains(at.crm, member)))
      return false;
  }
  return true;
}

// --- why a value may stay where it is

bool DealIsGone(const Case& at) { return at.deal.deleted; }

// Never shared, or closed before it was linked; that it should have been is checked with I3.
bool NeverPaired(const Case& at) {
  const bool paired = !at.deal.referral_id.empty() && !at.deal.crm_id.empty();
  return !paired && at.stands_on_its_side();
}

// The CRM shows something else than both sides last agreed on: a field it changed itself.
bool CrmHasAChangeOfItsOwn(const Case& at) {
  return !at.edit.agreed_known || !Same(at.edit.field, at.crm, at.edit.agreed);
}

// Sync = No: the CRM's edits stay in the CRM, and a field it changed takes none from the other
// side.
bool GateIsClosed(const Case& at) {
  if (at.scene.IsFlagged(at.deal) || !at.stands_on_its_side()) return false;
  return at.in_crm() || CrmHasAChangeOfItsOwn(at);
}

// Before the accept the CRM's edits wait, and with them the decision where both sides edited.
bool NotAcceptedYet(const Case& at) {
  if (!at.stands_on_its_side() || at.Final(Side::partner_center, Field::status) != "new")
    return false;
  return at.in_crm() || CrmHasAChangeOfItsOwn(at);
}

// The value is what both sides agreed on before: to compare with a base is to see no change.
bool IsNoChangeToTheBase(const Case& at) {
  return at.edit.agreed_known && Same(at.edit.field, at.edit.value, at.edit.agreed);
}

// Visibility is never withdrawn, and the request for help is fixed once it is sent.
bool IsOneWay(const Case& at) {
  if (at.edit.field == Field::visibility)
    return at.edit.value.value_or("false") == "false" && at.partner_center == "true";
  return at.edit.field == Field::help && at.edit.before.has_value();
}

// Asked for by a referral of its own, addressed to Microsoft; ours does not show it.
bool HelpWasAsked(const Case& at) {
  if (at.edit.field != Field::help || !Same(Field::help, at.crm, at.edit.value)) return false;
  const std::string engagement = [&] {
    const std::string referral = at.scene.world.Referral(at.deal.referral_id);
    const auto from = referral.find("\"engagementId\":\"");
    return from == std::string::npos ? "" : referral.substr(from + 16, 36);
  }();
  return at.scene.world.EngagementIds(engagement).size() > 1;
}

// An accepted referral knows no on-hold state, a closed one nothing but how it was closed.
bool StatusHasNoCounterpart(const Case& at) {
  if (at.edit.field != Field::status) return false;
  if (at.edit.value == "new") return true;
  return at.edit.value == "active" && at.is_closed();
}

// Adopted from the identifiers alone, a referral nobody accepted puts the CRM record on hold, and a
// closed pair is left as it is.
bool AdoptedWithoutBase(const Case& at) {
  if (!at.database_lost_since()) return false;
  if (at.is_closed()) return true;
  if (at.edit.field == Field::status) return at.edit.value == "active";
  // Nothing against something: the value is taken.
  return !at.edit.value.has_value();
}

using Rule = bool (*)(const Case&);
constexpr std::array<Rule, 13> kRules = {ReachedBoth,       Superseded,     IsKept,
                                         ElementsTravelled, DealIsGone,     NeverPaired,
                                         GateIsClosed,      NotAcceptedYet, IsNoChangeToTheBase,
                                         IsOneWay,          HelpWasAsked,   StatusHasNoCounterpart,
                                         AdoptedWithoutBase};

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

#include "plan/status_rule.h"

#include "base/planted.h"
#include "mapping/deal_state.h"

namespace cosell {
namespace {

using Kind = StatusDecision::Kind;

StatusDecision PartnerCenterClosed(const std::string& pc, const Value& crm, bool reopened,
                                   OnReopen on_reopen) {
  if (IsClosed(crm)) {
    return {Kind::conflict, "", "closed_differently",
            "Partner Center says " + pc + ", the CRM says " + *crm +
                ", and a closed referral cannot be changed"};
  }
  if (reopened && Planted(PlantedBug::closed_referral_reopened)) {
    return {Kind::move_partner_center, std::string(kStateActive), "crm_changed",
            "reopened in the CRM"};
  }
  if (reopened && on_reopen == OnReopen::unlink) {
    return {Kind::unlink, "", "on_reopen",
            "reopened in the CRM after the referral was closed as " + pc};
  }
  if (reopened) {
    return {Kind::move_crm, pc, "on_reopen",
            "the referral is closed as " + pc +
                " and cannot be reopened; the CRM record is closed again"};
  }
  return {Kind::move_crm, pc, "partner_center_changed", "Partner Center closed the deal as " + pc};
}

// One legal move of the referral towards the state the CRM reached. However a mapping calls a
// closed state that is not won, the deal is lost.
StatusDecision FollowCrm(const std::string& pc, const std::string& crm) {
  if (pc == kStateNew && crm != kStateActive && crm != kStateWon) {
    return {Kind::move_partner_center, std::string(kStateDeclined), "crm_changed",
            "lost in the CRM before it was accepted: declined"};
  }
  const bool skips = pc == kStateNew && crm == kStateWon && Planted(PlantedBug::accept_skipped);
  if (pc == kStateNew && !skips) {
    return {Kind::move_partner_center, std::string(kStateActive), "crm_changed",
            crm == kStateActive ? "the on-hold stage was left in the CRM: accepted"
                                : "won in the CRM: accepted first, closed next"};
  }
  const auto state = crm == kStateWon ? kStateWon : kStateLost;
  return {Kind::move_partner_center, std::string(state), "crm_changed",
          "closed in the CRM as " + std::string(state)};
}

StatusDecision BothOpen(const std::string& pc, const std::string& crm, bool known, bool crm_changed,
                        bool pc_changed) {
  if (pc == kStateNew) {  // the CRM is active
    if (known && crm_changed) return FollowCrm(pc, crm);
    return {Kind::move_crm, pc, known ? "drift" : "no_base",
            "the referral is not accepted yet: on hold"};
  }
  // Partner Center is active, the CRM on hold.
  if (pc_changed || !known) {
    return {Kind::move_crm, pc, "partner_center_changed",
            "the referral was accepted in Partner Center"};
  }
  if (Planted(PlantedBug::hold_sent)) {
    return {Kind::move_partner_center, std::string(kStateNew), "crm_changed",
            "put on hold in the CRM"};
  }
  return {Kind::settle, "", "no_counterpart",
          "put on hold in the CRM; an accepted referral has no such state"};
}

}  // namespace

StatusDecision DecideStatus(const Value& partner_center, const Value& crm,
                            const std::optional<Value>& base_partner_center,
                            const std::optional<Value>& base_crm, OnReopen on_reopen,
                            bool settled_apart) {
  if (!partner_center || !crm) {
    return {Kind::nothing, "", "unknown_state",
            "a status the contract does not know is left alone"};
  }
  if (SameState(partner_center, crm)) return {Kind::settle, "", "agree", "both sides agree"};
  const bool known = base_partner_center && base_crm;
  const bool pc_changed = known && *base_partner_center != partner_center;
  const bool crm_changed = known && *base_crm != crm;
  if (settled_apart && known && !pc_changed && !crm_changed) {
    return {Kind::nothing, "", "settled_apart", "left as they are by a person"};
  }
  if (IsClosed(partner_center)) {
    const bool reopened = known && IsClosed(*base_crm) && !IsClosed(crm);
    return PartnerCenterClosed(*partner_center, crm, reopened, on_reopen);
  }
  if (IsClosed(crm)) {
    if (known && !crm_changed && !pc_changed)
      return {Kind::nothing, "", "drift", "closed in the CRM only"};
    return FollowCrm(*partner_center, *crm);
  }
  return BothOpen(*partner_center, *crm, known, crm_changed, pc_changed);
}

}  // namespace cosell

#include "truth_table/status_oracle.h"

namespace cosell::truth {
namespace {

using Kind = StatusDecision::Kind;

bool Is(const Value& state, std::string_view word) { return state && *state == word; }
bool IsOpen(const Value& state) { return Is(state, "new") || Is(state, "active"); }
bool IsDone(const Value& state) { return state && !IsOpen(state); }

// A CRM knows on hold, active, won and lost; every other way to close shows there as lost.
std::string SeenInCrm(const std::string& state) {
  return state == "declined" || state == "expired" || state == "error" ? "lost" : state;
}
bool SameDeal(const Value& partner_center, const Value& crm) {
  return SeenInCrm(*partner_center) == SeenInCrm(*crm);
}

bool BaseKnown(const StatusCell& cell) { return cell.base_partner_center && cell.base_crm; }
bool PartnerCenterChanged(const StatusCell& cell) {
  return *cell.base_partner_center != cell.partner_center;
}
bool CrmChanged(const StatusCell& cell) { return *cell.base_crm != cell.crm; }

// Both closed, differently: no edit is possible in Partner Center, so a person has to look. A CRM
// record opened again after the close is closed again, or let go. An open one follows.
StatusExpectation ReferralIsClosed(const StatusCell& cell) {
  if (IsDone(cell.crm)) return {Kind::conflict, "", "closed differently"};
  const bool reopened = BaseKnown(cell) && IsDone(*cell.base_crm);
  if (reopened && cell.on_reopen == OnReopen::unlink) return {Kind::unlink, "", "reopened"};
  return {Kind::move_crm, *cell.partner_center, reopened ? "reopened" : "Partner Center closed"};
}

// One legal step towards what the CRM reached: lost before it was accepted is declined; won before
// it was accepted is accepted first.
StatusExpectation CrmIsClosed(const StatusCell& cell) {
  // Nobody did anything: an irreversible move is not sent for that.
  if (BaseKnown(cell) && !PartnerCenterChanged(cell) && !CrmChanged(cell)) {
    return {Kind::nothing, "", "drift"};
  }
  const bool won = Is(cell.crm, "won");
  if (Is(cell.partner_center, "new")) {
    return {Kind::move_partner_center, won ? "active" : "declined", "closed before accepted"};
  }
  return {Kind::move_partner_center, won ? "won" : "lost", "closed in the CRM"};
}

// Leaving the on-hold stage accepts; without a base nobody is known to have left it, so the record
// goes on hold. A record put on hold after the accept is the seller's own business.
StatusExpectation BothOpen(const StatusCell& cell) {
  if (Is(cell.partner_center, "new")) {
    const bool left_hold = BaseKnown(cell) && CrmChanged(cell);
    return left_hold ? StatusExpectation{Kind::move_partner_center, "active", "accepted in the CRM"}
                     : StatusExpectation{Kind::move_crm, "new", "not accepted: on hold"};
  }
  if (!BaseKnown(cell) || PartnerCenterChanged(cell)) {
    return {Kind::move_crm, "active", "accepted in Partner Center"};
  }
  return {CrmChanged(cell) ? Kind::settle : Kind::nothing, "", "on hold after the accept"};
}

}  // namespace

StatusExpectation ExpectStatus(const StatusCell& cell) {
  if (!cell.partner_center || !cell.crm) return {Kind::nothing, "", "unknown state"};
  if (SameDeal(cell.partner_center, cell.crm)) {
    const bool moves = !BaseKnown(cell) || PartnerCenterChanged(cell) || CrmChanged(cell);
    return {moves ? Kind::settle : Kind::nothing, "", "found equal"};
  }
  if (IsDone(cell.partner_center)) return ReferralIsClosed(cell);
  if (IsDone(cell.crm)) return CrmIsClosed(cell);
  return BothOpen(cell);
}

bool MayMoveReferral(const std::string& from, const std::string& to) {
  if (from == "new") return to == "active" || to == "declined" || to == "error";
  if (from == "active") return to == "won" || to == "lost" || to == "error";
  return false;
}

}  // namespace cosell::truth

#include "tools/simulation/ledger.h"

#include "tools/simulation/crm_side.h"

namespace cosell::simulation {

std::string_view ToString(Actor actor) {
  switch (actor) {
    case Actor::seller:
      return "the seller";
    case Actor::partner:
      return "somebody in Partner Center";
    case Actor::microsoft:
      return "Microsoft";
    case Actor::rival:
      return "an automation";
    case Actor::time:
      return "time";
  }
  return "";
}

bool Ledger::HasOpportunity(int deal) const {
  const Deal& at = deals_.at(deal);
  return !at.crm_id.empty() && !at.deleted;
}

Shown Ledger::Show(Side side, int deal, Field field) const {
  const Deal& at = deals_.at(deal);
  if (side == Side::crm)
    return HasOpportunity(deal) ? InCrm(world_.desk(product_), at.crm_id, field) : std::nullopt;
  if (at.referral_id.empty()) return std::nullopt;
  return InReferral(ReferralOf(at), field);
}

const nlohmann::json& Ledger::ReferralOf(const Deal& deal) const {
  Parsed& parsed = parsed_[deal.referral_id];
  std::string version = world_.ReferralVersion(deal.referral_id);
  if (version != parsed.version) {
    parsed.json = nlohmann::json::parse(world_.Referral(deal.referral_id));
    parsed.version = std::move(version);
  }
  return parsed.json;
}

// Looking is the costly part of a quiet round.
bool Ledger::NothingChanged() {
  std::string referrals =
      std::to_string(deals_.size()) + "," + std::to_string(world_.ReferralIds().size());
  for (const auto& [number, deal] : deals_) {
    if (!deal.referral_id.empty()) referrals += world_.ReferralVersion(deal.referral_id);
  }
  const std::size_t changes = CrmChangesSoFar(world_, product_);
  const bool same = changes == crm_changes_ && referrals == referrals_looked_at_;
  crm_changes_ = changes;
  referrals_looked_at_ = std::move(referrals);
  return same;
}

void Ledger::Observe() {
  if (NothingChanged()) return;
  for (auto& [number, deal] : deals_) {
    FindCounterparts(&deal);
    NoteExpiry(number, deal);
    if (!HasReferral(number) || !HasOpportunity(number)) continue;
    const auto& referral = ReferralOf(deal);
    for (const Field field : kFields) {
      const Shown crm = InCrm(world_.desk(product_), deal.crm_id, field);
      if (Same(field, InReferral(referral, field), crm)) deal.agreed[field] = crm;
    }
  }
}

void Ledger::FindCounterparts(Deal* deal) const {
  if (deal->referral_id.empty() && !deal->crm_id.empty()) {
    const auto ids = world_.OwnReferralsOf(deal->crm_id);
    if (!ids.empty()) deal->referral_id = ids.front();
  }
  if (!deal->crm_id.empty() || deal->referral_id.empty()) return;
  const auto& desk = world_.desk(product_);
  for (const std::string& id : desk.Opportunities()) {
    if (desk.Value(id, "referral_id") == deal->referral_id) deal->crm_id = id;
  }
}

// A referral nobody answered in time is closed by nobody.
void Ledger::NoteExpiry(int number, const Deal& deal) {
  if (deal.referral_id.empty()) return;
  const auto& referral = ReferralOf(deal);
  const Shown status = InReferral(referral, Field::status);
  const Shown before = last_status_[number];
  last_status_[number] = status;
  if (before == status || referral.value("substatus", "") != "Expired") return;
  Note(Actor::time, Side::partner_center, number, Field::status, before);
}

void Ledger::Note(Actor actor, Side side, int deal, Field field, const Shown& before) {
  const Shown value = Show(side, deal, field);
  if (value == before) return;
  Edit edit;
  edit.order = static_cast<int>(edits_.size());
  edit.at = world_.clock().Now();
  edit.actor = actor;
  edit.side = side;
  edit.deal = deal;
  edit.field = field;
  edit.before = before;
  edit.value = value;
  const Deal& at = deals_.at(deal);
  if (const auto agreed = at.agreed.find(field); agreed != at.agreed.end()) {
    edit.agreed_known = true;
    edit.agreed = agreed->second;
  }
  edit.databases = databases_with_base_;
  edits_.push_back(std::move(edit));
}

}  // namespace cosell::simulation

#include "plan/pair_planner.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/planted.h"
#include "base/text.h"
#include "mapping/deal_state.h"
#include "mapping/normalize.h"
#include "plan/field_moves.h"
#include "plan/one_side.h"
#include "plan/person_rule.h"
#include "plan/sharing_rules.h"

namespace cosell {
namespace {

using Fate = PlannedDecision::Fate;

std::string Reasons(const Step& step) {
  std::vector<std::string> reasons;
  for (const FieldChange& change : step.changes) {
    if (reasons.empty() || reasons.back() != change.reason) reasons.push_back(change.reason);
  }
  return Join(reasons, "; ");
}

}  // namespace

PairPlanner::PairPlanner(const LinkView& view, const Mapping& mapping, const Policy& policy)
    : view_(view), mapping_(mapping), policy_(policy), context_(MakeContext()) {}

Plan PairPlanner::Make() {
  if (const auto id = mapping_.Find(kFieldCrmId); id && NamesAnotherRecord(*id)) {
    RaiseConflict(*id, "the referral names CRM record " + *Pc(*id) +
                           ", but its identifier stands in " + *Crm(*id) +
                           "; correct one of the two, or say which record is meant");
    SetState();
    return std::move(plan_);
  }
  for (FieldIndex i = 0; i < mapping_.fields.size(); ++i) {
    if (IsLeftAlone(i)) continue;
    if (mapping_.fields[i].type == FieldType::status) {
      PlanStatus(i);
    } else {
      PlanField(i);
    }
  }
  if (unlink_) return Ended(LinkState::unlinked, status_reason_);
  AddPartnerCenterStep();
  AddCrmStep();
  SetState();
  return std::move(plan_);
}

// --- what the rules look at

FieldContext PairPlanner::MakeContext() const {
  const auto status = mapping_.Find(kFieldStatus).value();
  FieldContext context;
  context.gate_open = view_.crm_facts.sync || view_.base.from_lead;
  context.referral_open = view_.referral.open || Planted(PlantedBug::closed_referral_edited);
  context.referral_accepted =
      IsLead() || Pc(status) != Value(kStateNew) || Planted(PlantedBug::edit_sent_before_accept);
  // A qualified lead is read-only as well.
  context.crm_open = IsLead() ? Crm(status) == Value(kStateNew) : !IsClosed(Crm(status));
  context.connected_referral = view_.connected_referral;
  const auto help = mapping_.Find(kFieldHelp);
  context.contacts_frozen =
      view_.connected_referral || (help && Pc(*help)) || !view_.referral.consent_to_share;
  context.partner_center_changed_at = view_.partner_center_changed_at;
  context.crm_changed_at = view_.crm_changed_at;
  context.base_in_doubt = view_.base_in_doubt;
  return context;
}

FieldContext PairPlanner::ContextOf(FieldIndex i) const {
  FieldContext context = context_;
  context.settled_apart = view_.base.Apart(i);
  context.written_to_crm = WasWritten(Side::crm, i, Pc(i));
  context.written_to_partner_center = WasWritten(Side::partner_center, i, Crm(i));
  return context;
}

bool PairPlanner::WasWritten(Side side, FieldIndex i, const Value& value) const {
  return std::any_of(view_.written.begin(), view_.written.end(), [&](const Written& written) {
    return written.side == side && written.field == i && written.value == value;
  });
}

const Decision* PairPlanner::DecisionAbout(FieldIndex i) const {
  for (const Decision& decision : view_.decisions) {
    if (decision.field == mapping_.fields[i].name) return &decision;
  }
  return nullptr;
}

// The two have never met, and the referral was given to another CRM record: whose deal it is, only
// a person can tell.
bool PairPlanner::NamesAnotherRecord(FieldIndex i) const {
  const bool both_closed = !context_.referral_open && !context_.crm_open;
  return Pc(i) && Crm(i) && Pc(i) != Crm(i) && !view_.base.Knows(i) && !both_closed &&
         DecisionAbout(i) == nullptr;
}

// The mapping's conditions do not hold, or the field speaks only when a record is made.
bool PairPlanner::IsLeftAlone(FieldIndex i) const {
  const auto& fields = view_.left_alone;
  return mapping_.fields[i].direction == Direction::off ||
         std::find(fields.begin(), fields.end(), i) != fields.end();
}

// The CRM does not show the field, and Partner Center has no news for it either.
bool PairPlanner::IsUntold(FieldIndex i) const {
  const auto& hidden = view_.hidden_in_crm;
  if (std::find(hidden.begin(), hidden.end(), i) == hidden.end()) return false;
  return !view_.base.Knows(i) || *view_.base.partner_center[i] == Pc(i);
}

// --- fields

void PairPlanner::PlanField(FieldIndex i) {
  if (IsUntold(i)) return;
  const FieldContext context = ContextOf(i);
  if (const auto decided = AskPerson(i, context)) return Follow(i, *decided);
  Follow(i, DecideField(mapping_.fields[i], Pc(i), Crm(i), view_.base.partner_center[i],
                        view_.base.crm[i], context, policy_));
}

// What a person decided, if that still stands and can be done.
std::optional<FieldDecision> PairPlanner::AskPerson(FieldIndex i, const FieldContext& context) {
  const Decision* decided = DecisionAbout(i);
  if (decided == nullptr) return std::nullopt;
  const FieldRule& rule = mapping_.fields[i];
  const Field field{rule,    Pc(i),  Crm(i), view_.base.partner_center[i], view_.base.crm[i],
                    context, policy_};
  auto decision = rule.type == FieldType::status
                      ? DecideStatusByPerson(field, *decided, CrmCanMoveClosed(i))
                      : DecideByPerson(field, *decided);
  PlannedDecision planned{rule.name, Fate::acts, ""};
  if (!decision) {
    planned.fate = Fate::voided;
    planned.reason = "a side has changed " + rule.name + " since the decision";
  } else if (decision->kind == FieldDecision::Kind::conflict) {
    planned.fate = Fate::impossible;
    planned.reason = decision->reason;
    decision.reset();
  } else if (decision->kind == FieldDecision::Kind::settle) {
    planned.fate = Fate::done;
  }
  plan_.decisions.push_back(std::move(planned));
  return decision;
}

void PairPlanner::Follow(FieldIndex i, const FieldDecision& d) {
  using Kind = FieldDecision::Kind;
  if (d.put_back) put_back_.push_back(d.reason);
  if (d.drift) plan_.drift.push_back(d.reason);
  if (d.loser) {
    const bool of_crm = (*d.loser == Side::crm) != Planted(PlantedBug::winner_kept_as_loser);
    plan_.losers.push_back({i, *d.loser, of_crm ? Crm(i) : Pc(i), d.rule});
  }
  switch (d.kind) {
    case Kind::nothing:
      break;
    case Kind::settle:
      SettleField(i);
      break;
    case Kind::wait:
      waits_ = d.reason;
      break;
    case Kind::conflict:
      RaiseConflict(i, d.reason);
      break;
    case Kind::ask_help:
      AskHelp(i, d.reason);
      break;
    case Kind::to_both:
    case Kind::to_partner_center: {
      Step& step = mapping_.fields[i].name == kFieldName ? name_step_ : referral_step_;
      Write(&step, i, Pc(i), d.partner_center_value, d.rule, d.reason);
      if (d.kind == Kind::to_both) Write(&crm_step_, i, Crm(i), d.crm_value, d.rule, d.reason);
      break;
    }
    case Kind::to_crm:
      Write(&crm_step_, i, Crm(i), d.crm_value, d.rule, d.reason);
      break;
  }
}

// Help needs the seller consent; where Partner Center keeps that, only a person can give it there.
void PairPlanner::AskHelp(FieldIndex i, const std::string& reason) {
  if (NeedsConsent() && !mapping_.fields[*mapping_.Find(kFieldVisibility)].ReachesPartnerCenter()) {
    return RaiseConflict(i,
                         "asking for help makes the deal visible to Microsoft, and visibility is "
                         "kept by Partner Center; share it with Microsoft's sellers there first");
  }
  asks_help_ = true;
  help_reason_ = reason;
}

void PairPlanner::RaiseConflict(FieldIndex i, const std::string& reason) {
  const Value base = view_.base.Knows(i) ? *view_.base.crm[i] : Value();
  plan_.conflicts.push_back({i, base, Pc(i), Crm(i), reason});
}

void PairPlanner::Write(Step* step, FieldIndex i, const Value& before, const Value& after,
                        const std::string& rule, const std::string& reason) {
  step->writes.push_back({i, after});
  step->changes.push_back(ChangeOf(mapping_.fields[i], before, after, rule, reason));
}

// A rule that lets two different values stand means them to.
void PairPlanner::SettleField(FieldIndex i) {
  const bool apart = !Agree(mapping_.fields[i], Pc(i), Crm(i));
  const bool same = view_.base.Knows(i) && *view_.base.partner_center[i] == Pc(i) &&
                    *view_.base.crm[i] == Crm(i) && view_.base.Apart(i) == apart;
  if (same || (view_.base.Knows(i) && Planted(PlantedBug::equal_edits_not_recorded))) return;
  plan_.settled.push_back({i, Pc(i), Crm(i), apart});
}

// --- the state of the deal

void PairPlanner::PlanStatus(FieldIndex i) {
  if (const auto decided = AskPerson(i, ContextOf(i))) {
    if (decided->kind == FieldDecision::Kind::settle) return SettleField(i);
    return MoveCrm(i, decided->crm_value.value(), decided->rule, decided->reason);
  }
  auto base_pc = view_.base.partner_center[i];
  auto base_crm = view_.base.crm[i];
  // Every lead begins as an open one, so what it is otherwise is somebody's act.
  if (IsLead() && !view_.base.Knows(i)) base_pc = base_crm = Value(kStateNew);
  Follow(i, DecideStatus(Pc(i), Crm(i), base_pc, base_crm, policy_.on_reopen, view_.base.Apart(i)));
}

void PairPlanner::Follow(FieldIndex i, const StatusDecision& d) {
  using Kind = StatusDecision::Kind;
  status_reason_ = d.reason;
  switch (d.kind) {
    case Kind::nothing:
      break;
    case Kind::settle:
      SettleField(i);
      break;
    case Kind::conflict:
      RaiseConflict(i, d.reason);
      break;
    case Kind::unlink:
      unlink_ = true;
      break;
    case Kind::move_partner_center:
      if (context_.gate_open && mapping_.fields[i].ReachesPartnerCenter()) MovePartnerCenter(i, d);
      break;
    case Kind::move_crm:
      if (d.rule == "on_reopen") put_back_.push_back(d.reason);
      MoveCrm(i, d.state, d.rule, d.reason);
      break;
  }
}

// Whatever the rules lead to, a move Partner Center does not know is never sent (I7).
void PairPlanner::MovePartnerCenter(FieldIndex i, const StatusDecision& d) {
  if (!IsLegalMove(*Pc(i), d.state)) {
    throw std::logic_error("the status rule would move a referral from " + *Pc(i) + " to " +
                           d.state);
  }
  const bool early = d.state == kStateWon && !view_.won_early.empty();
  Write(&status_step_, i, Pc(i), d.state, d.rule,
        early ? d.reason + "; " + view_.won_early : d.reason);
  if (d.state == kStateDeclined || d.state == kStateLost)
    status_step_.status_reason = view_.loss_reason;
}

void PairPlanner::MoveCrm(FieldIndex i, const std::string& state, const std::string& rule,
                          const std::string& reason) {
  if (IsLead() && (state == kStateActive || state == kStateWon))
    return Write(&qualify_step_, i, Crm(i), std::string(kStateActive), rule, reason);
  const auto write = mapping_.status.write.find(state);
  if (write == mapping_.status.write.end() || !mapping_.fields[i].ReachesCrm()) return;
  Step& step = write->second.close.empty() ? crm_step_ : close_step_;
  Write(&step, i, Crm(i), state, rule, reason);
}

// Where closing is an act of its own, a closed record cannot be closed again.
bool PairPlanner::CrmCanMoveClosed(FieldIndex i) const {
  const auto write = mapping_.status.write.find(Pc(i).value_or(""));
  return mapping_.fields[i].ReachesCrm() && write != mapping_.status.write.end() &&
         write->second.close.empty();
}

// --- steps

// Fields first, the name in a call of its own (contract cosell-field-mapping.md section 5.2),
// then help, then status. Before the accept only ids travel, so the status comes at once.
void PairPlanner::AddPartnerCenterStep() {
  Step* step = nullptr;
  if (Planted(PlantedBug::status_before_fields) && !status_step_.writes.empty()) {
    step = &status_step_;
  } else if (!referral_step_.writes.empty()) {
    step = &referral_step_;
  } else if (!name_step_.writes.empty()) {
    step = &name_step_;
  } else if (asks_help_ && !LacksForHelp()) {
    help_step_.operation = IntentOperation::create_connected_referral;
    help_step_.reason = help_reason_;
    const FieldIndex help = mapping_.Find(kFieldHelp).value();
    Write(&help_step_, help, Pc(help), Crm(help), "crm_changed", help_reason_);
    plan_.steps.push_back(NeedsConsent() ? ConsentStep() : help_step_);
    return;
  } else if (!status_step_.writes.empty()) {
    step = &status_step_;
  }
  if (step == nullptr) return;
  step->operation = IntentOperation::update_referral;
  step->reason = Reasons(*step);
  plan_.steps.push_back(*step);
}

// The request for help is a referral of its own, with everything a new one needs.
bool PairPlanner::LacksForHelp() {
  if (!view_.sharing) return false;
  const auto missing = MissingForSharing(mapping_, *view_.crm, *view_.sharing);
  if (missing.empty()) return false;
  lacks_for_help_ = "Microsoft's help is not asked for yet: " + Join(missing, "; ");
  return true;
}

// A referral may be addressed to Microsoft only with the seller consent (contract
// partner-center.md 3.11, rule 8b).
bool PairPlanner::NeedsConsent() const {
  const auto visibility = mapping_.Find(kFieldVisibility);
  return visibility && Pc(*visibility) != Value("true") &&
         !Planted(PlantedBug::help_without_consent);
}

Step PairPlanner::ConsentStep() {
  Step step;
  step.operation = IntentOperation::update_referral;
  const FieldIndex visibility = mapping_.Find(kFieldVisibility).value();
  Write(&step, visibility, Pc(visibility), "true", "crm_changed",
        "asking for help makes the deal visible to Microsoft");
  step.reason = Reasons(step);
  return step;
}

void PairPlanner::AddCrmStep() {
  crm_step_.set_sync = !IsLead() && view_.base.from_lead && !view_.crm_facts.sync;
  const bool flags = crm_step_.set_sync && context_.crm_open;
  const bool tells = TakeNews();
  if (!qualify_step_.writes.empty()) {
    qualify_step_.operation = IntentOperation::qualify_lead;
    qualify_step_.reason = Reasons(qualify_step_);
    plan_.steps.push_back(qualify_step_);
  } else if (!crm_step_.writes.empty() || flags || tells) {
    crm_step_.operation = IntentOperation::update_crm;
    crm_step_.reason = Reasons(crm_step_);
    if (crm_step_.changes.empty())
      crm_step_.reason = "the opportunity of a lead in sync is in sync as well";
    SetAudit(&crm_step_);
    plan_.steps.push_back(crm_step_);
  } else if (!close_step_.writes.empty()) {
    close_step_.operation = IntentOperation::close_crm;
    close_step_.reason = Reasons(close_step_);
    plan_.steps.push_back(close_step_);
  } else if (plan_.steps.empty() && !lacks_for_help_.empty() && context_.crm_open) {
    AddNotice(view_, lacks_for_help_, &plan_);
  }
}

// News is told with the next write, or in one of its own; not where the record cannot be written
// any more, and not what is older than our knowledge of the pair (a rebuild writes nothing).
bool PairPlanner::TakeNews() {
  const bool new_to_us =
      !view_.base.Knows(mapping_.Find(kFieldStatus).value()) || view_.base_in_doubt;
  for (const News& news : view_.news) {
    if (view_.base.told.contains(news.key)) continue;
    if (new_to_us) plan_.told.push_back(news.key);
    if (new_to_us || !context_.crm_open) continue;
    crm_step_.changes.push_back({kRuleNews, "", news.key, kRuleNews, news.text});
    news_.push_back(news.text);
  }
  return !news_.empty();
}

// The first write-back of the identifier tells the seller that the deal was shared; a value put
// back tells why.
void PairPlanner::SetAudit(Step* step) {
  const auto id = mapping_.Find(kFieldReferralId);
  for (const FieldWrite& write : step->writes) {
    if (id && write.field == *id && view_.base.empty() == false && !Crm(*id)) step->from_crm = true;
  }
  step->audit_reason = Join(put_back_.empty() ? news_ : put_back_, "; ");
  step->audit_success = put_back_.empty();
  // The line tells of what was put back; the news has to wait.
  if (!put_back_.empty())
    std::erase_if(step->changes, [](const FieldChange& c) { return c.rule == kRuleNews; });
}

void PairPlanner::SetState() {
  if (!plan_.conflicts.empty()) {
    plan_.state = LinkState::conflict;
    plan_.reason = plan_.conflicts.front().reason;
  } else if (!plan_.steps.empty()) {
    plan_.state = LinkState::pending;
    plan_.reason = plan_.steps.front().reason;
  } else if (!view_.referral.open) {
    plan_.state = LinkState::closed;
  } else if (!lacks_for_help_.empty()) {
    // Looked at again: the contact's data stand in another record.
    plan_.state = LinkState::waiting;
    plan_.reason = lacks_for_help_;
  } else if (!context_.gate_open) {
    plan_.reason = "Sync with Partner Center is No: CRM edits stay in the CRM";
  } else {
    plan_.reason = plan_.drift.empty() ? waits_ : Join(plan_.drift, "; ");
  }
}

}  // namespace cosell

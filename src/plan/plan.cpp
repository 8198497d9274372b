#include "plan/plan.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "mapping/deal_state.h"
#include "mapping/normalize.h"
#include "plan/field_rule.h"
#include "plan/sharing_rules.h"
#include "plan/status_rule.h"

namespace cosell {
namespace {

constexpr std::array<std::pair<ConflictPolicy, std::string_view>, 4> kPolicies = {{
    {ConflictPolicy::partner_center_wins, "partner_center_wins"},
    {ConflictPolicy::crm_wins, "crm_wins"},
    {ConflictPolicy::newest_wins, "newest_wins"},
    {ConflictPolicy::ask, "ask"},
}};

Plan Ended(LinkState state, std::string reason) {
  Plan plan;
  plan.state = state;
  plan.reason = std::move(reason);
  return plan;
}

FieldChange ChangeOf(const FieldRule& rule, const Value& before, const Value& after,
                     std::string why_rule, std::string reason) {
  return {rule.name, before.value_or(""), after.value_or(""), std::move(why_rule),
          std::move(reason)};
}

// A line in the CRM's Audit that stands there once; nothing to write if it already does.
void AddNotice(const LinkView& view, std::string notice, Plan* plan) {
  plan->notice = std::move(notice);
  if (plan->notice.empty() || plan->notice == view.last_notice) return;
  Step step;
  step.operation = IntentOperation::update_crm;
  step.reason = plan->notice;
  step.audit_success = false;
  step.from_crm = true;
  step.audit_reason = plan->notice;
  plan->steps.push_back(std::move(step));
}

// --- one side only
// ---------------------------------------------------------------------------------------------------

Plan ReferralOnly(const LinkView& view, const Mapping& mapping) {
  if (view.crm_deleted)
    return Ended(LinkState::unlinked, "the CRM record was deleted; the referral is kept");
  if (!view.referral.open)
    return Ended(LinkState::left_alone, "closed in Partner Center before it was linked");
  if (view.referral.lead) return Ended(LinkState::left_alone, "a lead: leads are not synced");
  if (!view.referral.external_reference_id.empty()) {
    return Ended(LinkState::left_alone, "carries the CRM id " +
                                            view.referral.external_reference_id +
                                            ", which is not in this CRM (or is not flagged there)");
  }
  Step step;
  step.operation = IntentOperation::create_crm;
  step.reason = "a new referral in Partner Center";
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    const FieldRule& rule = mapping.fields[i];
    const Value& value = view.partner_center->values[i];
    if (!rule.ReachesCrm() || !value) continue;
    step.writes.push_back({i, value});
    step.changes.push_back(ChangeOf(rule, std::nullopt, value, "create", step.reason));
  }
  Plan plan = Ended(LinkState::pending, step.reason);
  plan.steps.push_back(std::move(step));
  return plan;
}

Plan CrmOnly(const LinkView& view, const Mapping& mapping) {
  if (!view.crm_facts.sync)
    return Ended(LinkState::left_alone, "Sync with Partner Center is not Yes");
  const auto at = [&](std::string_view field) {
    const auto index = mapping.Find(field);
    return index ? view.crm->values[*index] : Value();
  };
  if (at(kFieldReferralId)) {
    return Ended(LinkState::left_alone, "carries the referral identifier " + *at(kFieldReferralId) +
                                            ", which Partner Center does not list");
  }
  if (IsClosed(at(kFieldStatus)))
    return Ended(LinkState::left_alone, "closed in the CRM before it was shared");
  Plan plan = Ended(LinkState::waiting, "");
  if (at(kFieldStatus) == Value(kStateNew)) {
    plan.reason = "on hold in the CRM: shared once the on-hold stage is left";
    AddNotice(view, plan.reason, &plan);
    return plan;
  }
  if (!view.sharing) return Ended(LinkState::pending, "to be read with its customer and owner");
  if (const auto missing = MissingForSharing(mapping, *view.crm, *view.sharing); !missing.empty()) {
    plan.reason = Join(missing, "; ");
    AddNotice(view, plan.reason, &plan);
    return plan;
  }
  Step step;
  step.operation = IntentOperation::create_referral;
  step.reason = "Sync with Partner Center is Yes";
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    const FieldRule& rule = mapping.fields[i];
    // Asking for help makes the deal visible, whatever the visibility column says.
    const bool made_visible = rule.name == kFieldVisibility && at(kFieldHelp);
    const Value value = made_visible ? Value("true") : view.crm->values[i];
    if (!rule.ReachesPartnerCenter() || rule.connected_referral || rule.type == FieldType::status ||
        !value)
      continue;
    step.writes.push_back({i, value});
    step.changes.push_back(ChangeOf(rule, std::nullopt, value, "create", step.reason));
  }
  plan.state = LinkState::pending;
  plan.reason = step.reason;
  plan.steps.push_back(std::move(step));
  return plan;
}

// --- both sides
// ------------------------------------------------------------------------------------------------------

// Collects what the fields want and turns it into at most one step per side.
class PairPlanner {
 public:
  PairPlanner(const LinkView& view, const Mapping& mapping, const Policy& policy)
      : view_(view), mapping_(mapping), policy_(policy), context_(MakeContext()) {}

  Plan Make() {
    for (FieldIndex i = 0; i < mapping_.fields.size(); ++i) {
      if (mapping_.fields[i].type == FieldType::status) {
        Status(i);
      } else {
        Field(i);
      }
    }
    if (unlink_) return Ended(LinkState::unlinked, status_reason_);
    AddPartnerCenterStep();
    AddCrmStep();
    SetState();
    return std::move(plan_);
  }

 private:
  const Value& Pc(FieldIndex i) const { return view_.partner_center->values[i]; }
  const Value& Crm(FieldIndex i) const { return view_.crm->values[i]; }

  FieldContext MakeContext() const {
    const auto status = mapping_.Find(kFieldStatus).value();
    FieldContext context;
    context.gate_open = view_.crm_facts.sync;
    context.referral_open = view_.referral.open;
    context.referral_accepted = Pc(status) != Value(kStateNew);
    context.crm_open = !IsClosed(Crm(status));
    context.connected_referral = view_.connected_referral;
    context.partner_center_changed_at = view_.partner_center_changed_at;
    context.crm_changed_at = view_.crm_changed_at;
    return context;
  }

  void Write(Step* step, FieldIndex i, const Value& before, const Value& after,
             const std::string& rule, const std::string& reason) {
    step->writes.push_back({i, after});
    step->changes.push_back(ChangeOf(mapping_.fields[i], before, after, rule, reason));
  }

  void SettleField(FieldIndex i) {
    const bool same = view_.base.Knows(i) && *view_.base.partner_center[i] == Pc(i) &&
                      *view_.base.crm[i] == Crm(i);
    if (!same) plan_.settled.push_back({i, Pc(i), Crm(i)});
  }

  void Field(FieldIndex i) {
    using Kind = FieldDecision::Kind;
    const FieldDecision d =
        DecideField(mapping_.fields[i], Pc(i), Crm(i), view_.base.partner_center[i],
                    view_.base.crm[i], context_, policy_);
    if (d.put_back) put_back_.push_back(d.reason);
    if (d.loser)
      plan_.losers.push_back({i, *d.loser, *d.loser == Side::crm ? Crm(i) : Pc(i), d.rule});
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
        Conflict(i, d.reason);
        break;
      case Kind::ask_help:
        asks_help_ = true;
        help_reason_ = d.reason;
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

  void Conflict(FieldIndex i, const std::string& reason) {
    const Value base = view_.base.Knows(i) ? *view_.base.crm[i] : Value();
    plan_.conflicts.push_back({i, base, Pc(i), Crm(i), reason});
  }

  void Status(FieldIndex i) {
    using Kind = StatusDecision::Kind;
    const StatusDecision d = DecideStatus(Pc(i), Crm(i), view_.base.partner_center[i],
                                          view_.base.crm[i], policy_.on_reopen);
    status_reason_ = d.reason;
    switch (d.kind) {
      case Kind::nothing:
        break;
      case Kind::settle:
        SettleField(i);
        break;
      case Kind::conflict:
        Conflict(i, d.reason);
        break;
      case Kind::unlink:
        unlink_ = true;
        break;
      case Kind::move_partner_center:
        if (!context_.gate_open) break;
        Write(&status_step_, i, Pc(i), d.state, d.rule, d.reason);
        if (d.state == kStateDeclined || d.state == kStateLost)
          status_step_.status_reason = view_.loss_reason;
        break;
      case Kind::move_crm:
        if (d.rule == "on_reopen") put_back_.push_back(d.reason);
        MoveCrm(i, d);
        break;
    }
  }

  void MoveCrm(FieldIndex i, const StatusDecision& d) {
    const auto write = mapping_.status.write.find(d.state);
    if (write == mapping_.status.write.end()) return;
    Step& step = write->second.close.empty() ? crm_step_ : close_step_;
    Write(&step, i, Crm(i), d.state, d.rule, d.reason);
  }

  // Fields first, the name in a call of its own (contract cosell-field-mapping.md section 5.2),
  // then help, then status. Before the accept only ids travel, so the status comes at once.
  void AddPartnerCenterStep() {
    Step* step = nullptr;
    if (!referral_step_.writes.empty()) {
      step = &referral_step_;
    } else if (!name_step_.writes.empty()) {
      step = &name_step_;
    } else if (asks_help_) {
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

  // A referral may be addressed to Microsoft only with the seller consent (contract
  // partner-center.md 3.11, rule 8b).
  bool NeedsConsent() const {
    const auto visibility = mapping_.Find(kFieldVisibility);
    return visibility && Pc(*visibility) != Value("true");
  }
  Step ConsentStep() {
    Step step;
    step.operation = IntentOperation::update_referral;
    const FieldIndex visibility = mapping_.Find(kFieldVisibility).value();
    Write(&step, visibility, Pc(visibility), "true", "crm_changed",
          "asking for help makes the deal visible to Microsoft");
    step.reason = Reasons(step);
    return step;
  }

  void AddCrmStep() {
    if (!crm_step_.writes.empty()) {
      crm_step_.operation = IntentOperation::update_crm;
      crm_step_.reason = Reasons(crm_step_);
      SetAudit(&crm_step_);
      plan_.steps.push_back(crm_step_);
    } else if (!close_step_.writes.empty()) {
      close_step_.operation = IntentOperation::close_crm;
      close_step_.reason = Reasons(close_step_);
      plan_.steps.push_back(close_step_);
    }
  }

  // The first write-back of the identifier tells the seller that the deal was shared; a value put
  // back tells why.
  void SetAudit(Step* step) {
    const auto id = mapping_.Find(kFieldReferralId);
    for (const FieldWrite& write : step->writes) {
      if (id && write.field == *id && view_.base.empty() == false && !Crm(*id))
        step->from_crm = true;
    }
    step->audit_reason = Join(put_back_, "; ");
    step->audit_success = put_back_.empty();
  }

  static std::string Reasons(const Step& step) {
    std::vector<std::string> reasons;
    for (const FieldChange& change : step.changes) {
      if (reasons.empty() || reasons.back() != change.reason) reasons.push_back(change.reason);
    }
    return Join(reasons, "; ");
  }

  void SetState() {
    if (!plan_.conflicts.empty()) {
      plan_.state = LinkState::conflict;
      plan_.reason = plan_.conflicts.front().reason;
    } else if (!plan_.steps.empty()) {
      plan_.state = LinkState::pending;
      plan_.reason = plan_.steps.front().reason;
    } else if (!view_.referral.open) {
      plan_.state = LinkState::closed;
    } else {
      plan_.reason = !context_.gate_open
                         ? "Sync with Partner Center is No: CRM edits stay in the CRM"
                         : waits_;
    }
  }

  const LinkView& view_;
  const Mapping& mapping_;
  const Policy& policy_;
  const FieldContext context_;
  Plan plan_;
  Step referral_step_;
  Step name_step_;
  Step status_step_;
  Step help_step_;
  Step crm_step_;
  Step close_step_;
  bool asks_help_ = false;
  bool unlink_ = false;
  std::string help_reason_;
  std::string status_reason_;
  std::string waits_;
  std::vector<std::string> put_back_;
};

}  // namespace

std::string_view ToString(ConflictPolicy policy) {
  for (const auto& [value, name] : kPolicies) {
    if (value == policy) return name;
  }
  return "newest_wins";
}

std::optional<ConflictPolicy> ConflictPolicyFromText(std::string_view text) {
  for (const auto& [value, name] : kPolicies) {
    if (name == text) return value;
  }
  return std::nullopt;
}

ConflictPolicy Policy::For(const std::string& field) const {
  const auto it = by_field.find(field);
  return it == by_field.end() ? conflict : it->second;
}

Plan MakePlan(const LinkView& view, const Mapping& mapping, const Policy& policy) {
  if (!view.crm) return ReferralOnly(view, mapping);
  if (!view.partner_center) return CrmOnly(view, mapping);
  return PairPlanner(view, mapping, policy).Make();
}

}  // namespace cosell

#include "plan/one_side.h"

#include <utility>

#include "base/record_id.h"
#include "base/text.h"
#include "mapping/deal_state.h"
#include "plan/sharing_rules.h"

namespace cosell {
namespace {

// Leads come from Partner Center; a seller's own lead is shared once it is an opportunity (contract
// cosell-field-mapping.md section 6.3).
Plan PlanLeadOnly(const LinkView& view, const Value& status) {
  if (status != Value(kStateNew))
    return Ended(LinkState::left_alone, "this lead was qualified or disqualified in the CRM");
  Plan plan = Ended(LinkState::waiting,
                    "a lead is not shared with Microsoft: qualify it, then flag its opportunity");
  AddNotice(view, plan.reason, &plan);
  return plan;
}

// What was told is forgotten with a lost database, and still stands on top of the CRM's Audit.
bool StandsInAudit(const LinkView& view, const std::string& notice) {
  if (!view.last_notice.empty()) return false;
  const std::string& audit = view.crm_facts.audit;
  return audit.substr(0, audit.find('\n')).find(notice) != std::string::npos;
}

}  // namespace

void AddNotice(const LinkView& view, std::string notice, Plan* plan) {
  plan->notice = std::move(notice);
  if (plan->notice.empty() || plan->notice == view.last_notice) return;
  if (StandsInAudit(view, plan->notice)) return;
  Step step;
  step.operation = IntentOperation::update_crm;
  step.reason = plan->notice;
  step.audit_success = false;
  step.from_crm = true;
  step.audit_reason = plan->notice;
  plan->steps.push_back(std::move(step));
}

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

Plan PlanReferralOnly(const LinkView& view, const Mapping& mapping) {
  if (view.crm_deleted)
    return Ended(LinkState::unlinked, "the CRM record was deleted; the referral is kept");
  if (!view.referral.open)
    return Ended(LinkState::left_alone, "closed in Partner Center before it was linked");
  if (!view.not_ours.empty()) return Ended(LinkState::left_alone, view.not_ours);
  if (!view.counterpart_holder.empty()) {
    return Ended(LinkState::left_alone,
                 "carries the CRM id " + view.counterpart + ", but that record is paired with " +
                     "referral " + view.counterpart_holder +
                     "; clear or correct one of the two, nothing is written until then");
  }
  const bool names_its_lead =
      !view.former_lead.empty() &&
      CanonicalRecordId(view.referral.external_reference_id) == view.former_lead;
  if (!view.referral.external_reference_id.empty() && !names_its_lead) {
    return Ended(LinkState::left_alone, "carries the CRM id " +
                                            view.referral.external_reference_id +
                                            ", which is not in this CRM (or is not flagged there)");
  }
  Step step;
  step.operation =
      view.kind == RecordKind::lead ? IntentOperation::create_lead : IntentOperation::create_crm;
  step.reason = "a new referral in Partner Center";
  if (!view.former_lead.empty()) {
    step.reason =
        "accepted in Partner Center: lead " + view.former_lead + " goes on as this opportunity";
    step.audit_reason = step.reason;
  }
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    const FieldRule& rule = mapping.fields[i];
    const Value& value = view.partner_center->values[i];
    if (!rule.CreatesInCrm() || !value) continue;
    step.writes.push_back({i, value});
    step.changes.push_back(ChangeOf(rule, std::nullopt, value, "create", step.reason));
  }
  Plan plan = Ended(LinkState::pending, step.reason);
  plan.steps.push_back(std::move(step));
  return plan;
}

Plan PlanCrmOnly(const LinkView& view, const Mapping& mapping) {
  if (!view.crm_facts.sync)
    return Ended(LinkState::left_alone, "Sync with Partner Center is not Yes");
  const auto at = [&](std::string_view field) {
    const auto index = mapping.Find(field);
    return index ? view.crm->values[*index] : Value();
  };
  if (!view.counterpart_holder.empty()) {
    const std::string link = at(kFieldReferralId)
                                 ? "carries the referral identifier " + view.counterpart
                                 : "is named by referral " + view.counterpart;
    return Ended(LinkState::left_alone,
                 link + ", but that referral is paired with CRM record " + view.counterpart_holder +
                     "; clear or correct one of the two, nothing is written until then");
  }
  if (at(kFieldReferralId)) {
    return Ended(LinkState::left_alone, "carries the referral identifier " + *at(kFieldReferralId) +
                                            ", which Partner Center does not list");
  }
  if (view.kind == RecordKind::lead) return PlanLeadOnly(view, at(kFieldStatus));
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
    if (!rule.CreatesInPartnerCenter() || rule.connected_referral ||
        rule.type == FieldType::status || !value)
      continue;
    step.writes.push_back({i, value});
    step.changes.push_back(ChangeOf(rule, std::nullopt, value, "create", step.reason));
  }
  plan.state = LinkState::pending;
  plan.reason = step.reason;
  plan.steps.push_back(std::move(step));
  return plan;
}

}  // namespace cosell

#include "engine/planning.h"

#include <algorithm>

#include "base/record_id.h"
#include "plan/field_rule.h"

namespace cosell {
namespace {

// The referral is named by a record, or names one, that has a pair of its own already: which of the
// two is meant, only a person can tell.
void FindHolderOfReferral(EngineContext& context, const LinkWork& work, LinkView* view,
                          const std::string& referral_id) {
  const auto link = context.store.FindLinkByReferral(context.name(), ReferralId{referral_id});
  if (!link || link->id == work.link.id || link->crm_id.empty()) return;
  view->counterpart = referral_id;
  view->counterpart_holder = link->crm_id.text;
}

void FindHolderOfRecord(EngineContext& context, const LinkWork& work, LinkView* view,
                        const std::string& crm_id) {
  const auto link = context.store.FindLinkByCrm(context.name(), CrmId{crm_id});
  if (!link || link->id == work.link.id || link->referral_id.empty()) return;
  view->counterpart = crm_id;
  view->counterpart_holder = link->referral_id.text;
}

void FindHolder(EngineContext& context, const LinkWork& work, LinkView* view) {
  if (view->partner_center && !view->crm_deleted) {
    const std::string named = CanonicalRecordId(view->referral.external_reference_id);
    if (!named.empty()) FindHolderOfRecord(context, work, view, named);
    return;
  }
  if (!work.crm || !view->crm_facts.sync) return;
  if (!work.crm->counterpart_id.empty()) {
    return FindHolderOfReferral(context, work, view, work.crm->counterpart_id);
  }
  for (const Snapshot& referral :
       context.store.FindByCounterpart(context.name(), Side::partner_center, work.crm->id)) {
    if (view->counterpart_holder.empty()) FindHolderOfReferral(context, work, view, referral.id);
  }
}

bool RepairsDrift(const Plan& plan) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [](const Step& step) {
    return std::any_of(step.changes.begin(), step.changes.end(),
                       [](const FieldChange& change) { return change.rule == kRuleDrift; });
  });
}

void AddWritten(EngineContext& context, const LinkWork& work, Side side, LinkView* view) {
  const std::string& id = side == Side::crm ? work.link.crm_id.text : work.link.referral_id.text;
  const Instant since = work.link.counted_from.value_or(Instant{});
  const Mapping& mapping = context.mapping.For(view->kind);
  for (const WrittenValue& written : context.store.WrittenValues(context.name(), side, id, since)) {
    if (const auto field = mapping.Find(written.field)) {
      view->written.push_back(
          {side, *field, written.value.empty() ? Value() : Value(written.value)});
    }
  }
}

}  // namespace

Plan PlanLink(EngineContext& context, const LinkWork& work, LinkView* view) {
  if (!view->partner_center || !view->crm) FindHolder(context, work, view);
  const Mapping& mapping = context.mapping.For(view->kind);
  Plan plan = MakePlan(*view, mapping, context.options.policy);
  if (!RepairsDrift(plan)) return plan;
  AddWritten(context, work, Side::partner_center, view);
  AddWritten(context, work, Side::crm, view);
  return MakePlan(*view, mapping, context.options.policy);
}

}  // namespace cosell

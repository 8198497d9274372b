#include "engine/kinds.h"

#include "mapping/deal_state.h"
#include "plan/base.h"

namespace cosell {
namespace {

// An accepted lead in a CRM where only people convert: an opportunity is made beside it.
bool NeedsOpportunity(const EngineContext& context, const LinkWork& work) {
  if (context.can_qualify || !work.referral) return false;
  const Mapping& lead = context.mapping.For(RecordKind::lead);
  const auto facts = FactsFromReferral(work.referral->raw);
  const auto record = RecordFromCrm(lead, work.crm->raw, work.crm->id);
  return facts && record && facts->state == Value(kStateActive) &&
         record->values[lead.Find(kFieldStatus).value()] == Value(kStateNew);
}

Standing StandingOfReferral(const EngineContext& context, const Snapshot& referral) {
  switch (RouteOf(context.mapping, referral.raw)) {
    case Route::none:
      return {RecordKind::opportunity, "left alone by a route of the mapping", ""};
    case Route::opportunity:
      return {};
    case Route::lead:
      break;
  }
  if (!context.mapping.lead) return {RecordKind::opportunity, "a lead: leads are not synced", ""};
  const auto facts = FactsFromReferral(referral.raw);
  const bool open_lead = facts && facts->state == Value(kStateNew);
  return {open_lead ? RecordKind::lead : RecordKind::opportunity, "", ""};
}

bool TravelsBothWays(const Mapping& mapping, std::string_view field) {
  const auto index = mapping.Find(field);
  return index && mapping.fields[*index].direction == Direction::both;
}

}  // namespace

Standing StandingOf(const EngineContext& context, const LinkWork& work) {
  const bool there = work.crm && !work.crm->deleted;
  if (there && work.link.kind == RecordKind::lead) {
    if (NeedsOpportunity(context, work)) return {RecordKind::opportunity, "", work.crm->id};
    return {RecordKind::lead, "", ""};
  }
  if (there || !work.referral) return {};
  return StandingOfReferral(context, *work.referral);
}

RecordKind KindOf(const Intent& intent, const Link& link) {
  switch (intent.operation) {
    case IntentOperation::create_crm:
      return RecordKind::opportunity;
    case IntentOperation::create_lead:
    case IntentOperation::qualify_lead:
      return RecordKind::lead;
    default:
      return link.kind;
  }
}

// What only ever goes to the CRM is written anew: the lead's columns are not carried over.
void BecomeOpportunity(const Mapping& mapping, const CrmId& opportunity, bool flagged, Link* link) {
  const Mapping& lead = mapping.For(RecordKind::lead);
  const Base old = DecodeBase(lead, link->base_partner_center, link->base_crm);
  Base base = DecodeBase(mapping, "", "");
  for (FieldIndex i = 0; i < lead.fields.size(); ++i) {
    const std::string& field = lead.fields[i].name;
    if (!TravelsBothWays(lead, field) || !TravelsBothWays(mapping, field) || old.Apart(i)) continue;
    const FieldIndex at = mapping.Find(field).value();
    base.partner_center[at] = old.partner_center[i];
    base.crm[at] = old.crm[i];
  }
  const auto set = [&](std::string_view field, const Value& value) {
    const FieldIndex at = mapping.Find(field).value();
    base.partner_center[at] = value;
    base.crm[at] = value;
  };
  if (!base.Knows(mapping.Find(kFieldStatus).value())) set(kFieldStatus, Value(kStateNew));
  set(kFieldCrmId, Value(link->crm_id.text));
  base.from_lead = flagged;
  link->base_partner_center = EncodePartnerCenterBase(mapping, base);
  link->base_crm = EncodeCrmBase(mapping, base);
  link->crm_id = opportunity;
  link->kind = RecordKind::opportunity;
  link->notice.clear();
}

}  // namespace cosell

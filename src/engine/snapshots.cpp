#include "engine/snapshots.h"

#include "base/record_id.h"
#include "mapping/read_record.h"
#include "model/digest.h"

namespace cosell {
namespace {

// Fields and facts in one text; a unit separator keeps neighbours apart.
std::string HashOf(const Record& record, const std::string& facts) {
  std::string text = facts;
  for (const Value& value : record.values) {
    text += '\x1f';
    text += value ? "=" + *value : std::string("-");
  }
  return ContentHash(text);
}

std::optional<Instant> OnOurClock(const Snapshot& snapshot) {
  if (!snapshot.clock_offset) return std::nullopt;
  return snapshot.changed_at + std::chrono::duration_cast<Ticks>(*snapshot.clock_offset);
}

std::optional<Error> ViewPartnerCenter(const EngineContext& context, const Snapshot& snapshot,
                                       LinkView* view) {
  auto record = RecordFromReferral(context.mapping, snapshot.raw);
  if (!record) return record.error();
  auto facts = FactsFromReferral(snapshot.raw);
  if (!facts) return facts.error();
  view->partner_center = std::move(*record);
  view->referral = std::move(*facts);
  view->partner_center_changed_at = OnOurClock(snapshot);
  return std::nullopt;
}

std::optional<Error> ViewCrm(const EngineContext& context, const Snapshot& snapshot,
                             LinkView* view) {
  auto record = RecordFromCrm(context.mapping, snapshot.raw, snapshot.id);
  if (!record) return record.error();
  auto facts = FactsFromCrm(context.mapping, snapshot.raw);
  if (!facts) return facts.error();
  view->crm = std::move(*record);
  view->crm_facts = std::move(*facts);
  view->crm_changed_at = OnOurClock(snapshot);
  view->loss_reason = LossReason(context.mapping, snapshot.raw);
  auto hidden = FieldsHiddenInCrm(context.mapping, snapshot.raw);
  if (!hidden) return hidden.error();
  view->hidden_in_crm = std::move(*hidden);
  return std::nullopt;
}

// What the CRM does not show is still what it was.
void TakeHiddenFromBase(LinkView* view) {
  for (const FieldIndex i : view->hidden_in_crm) {
    if (view->base.crm[i]) view->crm->values[i] = *view->base.crm[i];
  }
}

}  // namespace

Result<Snapshot> MakeSnapshot(const EngineContext& context, const RemoteReferral& referral) {
  const auto record = RecordFromReferral(context.mapping, referral.raw);
  if (!record) return record.error();
  const auto facts = FactsFromReferral(referral.raw);
  if (!facts) return facts.error();
  Snapshot snapshot;
  snapshot.side = Side::partner_center;
  snapshot.id = referral.id.text;
  snapshot.etag = referral.etag;
  snapshot.changed_at = referral.updated_at;
  snapshot.read_at = context.clock.Now();
  snapshot.clock_offset = referral.clock_offset;
  snapshot.raw = referral.raw;
  snapshot.counterpart_id = CanonicalRecordId(referral.external_reference_id);
  snapshot.engagement_id = referral.engagement_id.text;
  snapshot.organization_id = facts->microsofts ? "msft" : referral.organization_id;
  snapshot.hash =
      HashOf(*record, std::string(facts->open ? "open" : "closed") + (facts->lead ? ",lead" : ""));
  return snapshot;
}

Result<Snapshot> MakeSnapshot(const EngineContext& context, const CrmRecord& record) {
  const auto mapped = RecordFromCrm(context.mapping, record.raw, record.id.text);
  if (!mapped) return mapped.error();
  Snapshot snapshot;
  snapshot.side = Side::crm;
  snapshot.kind = record.kind;
  snapshot.id = record.id.text;
  snapshot.etag = record.etag;
  snapshot.changed_at = record.changed_at;
  snapshot.read_at = context.clock.Now();
  snapshot.clock_offset = record.clock_offset;
  snapshot.raw = record.raw;
  snapshot.counterpart_id = CanonicalRecordId(record.referral_id);
  snapshot.hash = HashOf(*mapped, record.sync ? "sync" : "no sync");
  return snapshot;
}

Result<Record> MapSnapshot(const EngineContext& context, const Snapshot& snapshot) {
  return snapshot.side == Side::partner_center
             ? RecordFromReferral(context.mapping, snapshot.raw)
             : RecordFromCrm(context.mapping, snapshot.raw, snapshot.id);
}

Result<LinkView> MakeView(const EngineContext& context, const LinkWork& work) {
  LinkView view;
  if (work.referral) {
    if (const auto error = ViewPartnerCenter(context, *work.referral, &view)) return *error;
  }
  if (work.crm && !work.crm->deleted) {
    if (const auto error = ViewCrm(context, *work.crm, &view)) return *error;
  }
  view.crm_deleted = work.crm && work.crm->deleted;
  view.base = DecodeBase(context.mapping, work.link.base_partner_center, work.link.base_crm);
  TakeHiddenFromBase(&view);
  view.connected_referral = !work.link.connected_referral_id.empty();
  view.last_notice = work.link.notice;
  view.decisions = work.decisions;
  return view;
}

}  // namespace cosell

#include "engine/snapshots.h"

#include <algorithm>

#include "base/planted.h"
#include "base/record_id.h"
#include "engine/kinds.h"
#include "engine/news.h"
#include "engine/redefined.h"
#include "mapping/conditions.h"
#include "mapping/deal_state.h"
#include "mapping/read_record.h"
#include "model/digest.h"
#include "model/field_text.h"

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

// Without those the side did not show.
std::string FieldsOf(const Mapping& mapping, const Record& record,
                     const std::vector<FieldIndex>& hidden) {
  std::vector<std::pair<std::string_view, const Value*>> fields;
  fields.reserve(record.values.size());
  for (FieldIndex i = 0; i < record.values.size(); ++i) {
    if (std::find(hidden.begin(), hidden.end(), i) == hidden.end())
      fields.emplace_back(mapping.fields[i].name, &record.values[i]);
  }
  return FieldsAsText(fields);
}

std::optional<Instant> OnOurClock(const Snapshot& snapshot) {
  if (Planted(PlantedBug::order_by_raw_clocks)) return snapshot.changed_at;
  if (!snapshot.clock_offset) return std::nullopt;
  return snapshot.changed_at + std::chrono::duration_cast<Ticks>(*snapshot.clock_offset);
}

std::optional<Error> ViewPartnerCenter(const Mapping& mapping, const Snapshot& snapshot,
                                       LinkView* view) {
  auto record = RecordFromReferral(mapping, snapshot.raw);
  if (!record) return record.error();
  auto facts = FactsFromReferral(snapshot.raw);
  if (!facts) return facts.error();
  view->partner_center = std::move(*record);
  view->referral = std::move(*facts);
  view->partner_center_changed_at = OnOurClock(snapshot);
  return std::nullopt;
}

std::optional<Error> ViewCrm(const Mapping& mapping, const Snapshot& snapshot, LinkView* view) {
  auto record = RecordFromCrm(mapping, snapshot.raw, snapshot.id);
  if (!record) return record.error();
  auto facts = FactsFromCrm(mapping, snapshot.raw);
  if (!facts) return facts.error();
  view->crm = std::move(*record);
  view->crm_facts = std::move(*facts);
  view->crm_changed_at = OnOurClock(snapshot);
  view->loss_reason = LossReason(mapping, snapshot.raw);
  auto hidden = FieldsHiddenInCrm(mapping, snapshot.raw);
  if (!hidden) return hidden.error();
  view->hidden_in_crm = std::move(*hidden);
  return std::nullopt;
}

// Conditions are over what the records say, mapped or not.
std::string ConditionsIn(const std::vector<bool>& allowed) {
  std::string text;
  for (const bool each : allowed) text += each ? '1' : '0';
  return text;
}

// A referral is a lead or an opportunity by its route and state, so what either part of the mapping
// sees counts.
Result<std::string> HashOfReferral(const Mapping& mapping, const std::string& raw,
                                   const Record& record, const ReferralFacts& facts) {
  std::string text = facts.open ? "open" : "closed";
  if (RouteOf(mapping, raw) == Route::lead) text += ",lead";
  if (mapping.lead) {
    const auto as_lead = RecordFromReferral(*mapping.lead, raw);
    if (!as_lead) return as_lead.error();
    const auto allowed = AllowedByReferral(*mapping.lead, raw);
    if (!allowed) return allowed.error();
    text += HashOf(*as_lead, ConditionsIn(*allowed));
  }
  const auto allowed = AllowedByReferral(mapping, raw);
  if (!allowed) return allowed.error();
  return HashOf(record, text + ConditionsIn(*allowed));
}

Error LeadsAreOff() {
  return {ErrorKind::invalid_input, "a lead, and leads are not synced any more"};
}

void LeaveAlone(const std::vector<bool>& allowed, LinkView* view) {
  const bool pair = view->partner_center && view->crm;
  for (FieldIndex i = 0; i < allowed.size(); ++i) {
    if (allowed[i]) continue;
    if (pair) {
      view->left_alone.push_back(i);
    } else {
      (view->crm ? view->crm : view->partner_center)->values[i].reset();
    }
  }
}

Status ApplyConditions(const Mapping& mapping, const LinkWork& work, LinkView* view) {
  if (view->partner_center) {
    const auto allowed = AllowedByReferral(mapping, work.referral->raw);
    if (!allowed) return allowed.error();
    LeaveAlone(*allowed, view);
  }
  if (view->crm) {
    const auto allowed = AllowedByCrm(mapping, work.crm->raw);
    if (!allowed) return allowed.error();
    LeaveAlone(*allowed, view);
  }
  return Done{};
}

// What the CRM does not show is still what it was.
void TakeHiddenFromBase(LinkView* view) {
  for (const FieldIndex i : view->hidden_in_crm) {
    if (view->base.crm[i]) view->crm->values[i] = *view->base.crm[i];
  }
}

std::optional<Snapshot> MicrosoftsReferral(const EngineContext& context, const Link& link) {
  if (link.connected_referral_id.empty()) return std::nullopt;
  return context.store.FindSnapshot(context.name(), Side::partner_center,
                                    link.connected_referral_id.text);
}

Result<LinkView> ViewOf(const Standing& standing, const EngineContext& context,
                        const LinkWork& work) {
  LinkView view;
  view.kind = standing.kind;
  view.not_ours = standing.not_ours;
  view.former_lead = standing.former_lead;
  const Mapping& mapping = context.mapping.For(view.kind);
  if (work.referral) {
    if (const auto error = ViewPartnerCenter(mapping, *work.referral, &view)) return *error;
  }
  if (work.crm && !work.crm->deleted && view.former_lead.empty()) {
    if (const auto error = ViewCrm(mapping, *work.crm, &view)) return *error;
  }
  view.crm_deleted = work.crm && work.crm->deleted;
  view.base = DecodeBase(mapping, work.link.base_partner_center, work.link.base_crm);
  view.base_in_doubt = work.link.base_in_doubt;
  ForgetRedefined(context, view.kind, &view.base);
  TakeHiddenFromBase(&view);
  view.connected_referral = !work.link.connected_referral_id.empty();
  const auto microsofts = MicrosoftsReferral(context, work.link);
  if (microsofts && view.partner_center)
    TakeFromMicrosoft(mapping, microsofts->raw, &*view.partner_center);
  if (const auto applied = ApplyConditions(mapping, work, &view); !applied) return applied.error();
  if (view.partner_center && view.crm) AddNews(context, microsofts, &view);
  view.last_notice = work.link.notice;
  view.decisions = work.decisions;
  return view;
}

}  // namespace

Result<Snapshot> MakeSnapshot(const EngineContext& context, const RemoteReferral& referral) {
  std::string raw = context.erased.InJson(referral.raw);
  const auto facts = FactsFromReferral(raw);
  if (!facts) return facts.error();
  const auto record = RecordFromReferral(context.mapping, raw);
  if (!record) return record.error();
  auto hash = HashOfReferral(context.mapping, raw, *record, *facts);
  if (!hash) return hash.error();
  Snapshot snapshot;
  snapshot.side = Side::partner_center;
  snapshot.id = referral.id.text;
  snapshot.etag = referral.etag;
  snapshot.changed_at = referral.updated_at;
  snapshot.read_at = context.clock.Now();
  snapshot.clock_offset = referral.clock_offset;
  snapshot.raw = std::move(raw);
  snapshot.counterpart_id = CanonicalRecordId(referral.external_reference_id);
  snapshot.engagement_id = referral.engagement_id.text;
  snapshot.organization_id = facts->microsofts ? "msft" : referral.organization_id;
  snapshot.hash = std::move(*hash);
  snapshot.fields = FieldsOf(context.mapping, *record, {});
  return snapshot;
}

Result<Snapshot> MakeSnapshot(const EngineContext& context, const CrmRecord& record) {
  if (record.kind == RecordKind::lead && !context.mapping.lead) return LeadsAreOff();
  const Mapping& mapping = context.mapping.For(record.kind);
  std::string raw = context.erased.InJson(record.raw);
  const auto mapped = RecordFromCrm(mapping, raw, record.id.text);
  if (!mapped) return mapped.error();
  const auto facts = FactsFromCrm(mapping, raw);
  if (!facts) return facts.error();
  const auto allowed = AllowedByCrm(mapping, raw);
  if (!allowed) return allowed.error();
  Snapshot snapshot;
  snapshot.side = Side::crm;
  snapshot.kind = record.kind;
  snapshot.id = record.id.text;
  snapshot.etag = record.etag;
  snapshot.changed_at = record.changed_at;
  snapshot.read_at = context.clock.Now();
  snapshot.clock_offset = record.clock_offset;
  snapshot.counterpart_id = CanonicalRecordId(record.referral_id);
  const bool sync = record.sync || Planted(PlantedBug::sync_change_unseen);
  snapshot.hash = HashOf(*mapped, (sync ? "sync" : "no sync") + facts->became + facts->people +
                                      ConditionsIn(*allowed));
  const auto hidden = FieldsHiddenInCrm(mapping, raw);
  if (!hidden) return hidden.error();
  snapshot.fields = FieldsOf(mapping, *mapped, *hidden);
  snapshot.raw = std::move(raw);
  return snapshot;
}

Result<Record> MapSnapshot(const EngineContext& context, const Snapshot& snapshot,
                           RecordKind kind) {
  if (snapshot.side == Side::crm) kind = snapshot.kind;
  if (kind == RecordKind::lead && !context.mapping.lead) return LeadsAreOff();
  const Mapping& mapping = context.mapping.For(kind);
  return snapshot.side == Side::partner_center ? RecordFromReferral(mapping, snapshot.raw)
                                               : RecordFromCrm(mapping, snapshot.raw, snapshot.id);
}

Result<LinkView> MakeView(const EngineContext& context, const LinkWork& work) {
  if (work.link.kind == RecordKind::lead && !context.mapping.lead && work.crm) return LeadsAreOff();
  return ViewOf(StandingOf(context, work), context, work);
}

Result<Sharing> SharingOf(const EngineContext& context, const CrmRecord& record) {
  return SharingFromCrm(context.mapping, context.erased.InJson(record.raw));
}

void TakePeople(const Mapping& mapping, Sharing sharing, LinkView* view) {
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    if (mapping.fields[i].type != FieldType::members || !view->crm) continue;
    const Value people = PeopleOf(mapping.fields[i], sharing);
    if (!people) continue;
    view->crm->values[i] = people;
    std::erase(view->hidden_in_crm, i);
  }
  view->sharing = std::move(sharing);
}

bool HasOtherPeople(const Mapping& mapping, const LinkView& view) {
  const bool wanted =
      std::any_of(mapping.fields.begin(), mapping.fields.end(), [](const FieldRule& rule) {
        return rule.type == FieldType::members && rule.ReachesPartnerCenter();
      });
  return wanted && view.kind == RecordKind::opportunity && view.crm && view.crm_facts.sync &&
         view.partner_center && view.referral.state == Value(kStateActive) && !view.base.empty() &&
         view.base.people != view.crm_facts.people;
}

Result<LinkView> MakeViewAs(RecordKind kind, const EngineContext& context, const LinkWork& work) {
  if (kind == RecordKind::lead && !context.mapping.lead) return LeadsAreOff();
  Standing standing;
  standing.kind = kind;
  const bool beside = work.crm && work.crm->kind != kind;
  if (beside) standing.former_lead = work.crm->id;
  return ViewOf(standing, context, work);
}

}  // namespace cosell

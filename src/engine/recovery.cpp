#include "engine/recovery.h"

#include "base/planted.h"
#include "base/record_id.h"
#include "engine/intent_body.h"
#include "engine/kinds.h"
#include "engine/snapshots.h"
#include "mapping/normalize.h"

namespace cosell {
namespace {

// A write may arrive after its caller gave up, and reads lag behind writes: that it did not happen
// is believed only this long after it was sent.
constexpr std::chrono::seconds kAbsentAfter{15};
constexpr std::chrono::minutes kOverlap{5};
constexpr int kPagesMax = 1000;

bool IsCreate(const Intent& intent) {
  return intent.operation == IntentOperation::create_referral ||
         intent.operation == IntentOperation::create_connected_referral ||
         intent.operation == IntentOperation::create_crm ||
         intent.operation == IntentOperation::create_lead;
}

}  // namespace

std::set<std::int64_t> Recovery::Run() {
  std::set<std::int64_t> in_doubt;
  if (Planted(PlantedBug::in_doubt_unread)) return in_doubt;
  for (const Intent& intent : context_.store.OpenIntents(context_.name())) {
    const auto work = context_.store.LoadLink(context_.name(), intent.link_id);
    if (!work) continue;
    const Verdict verdict = LookUp(intent, *work);
    if (verdict == Verdict::unclear) {
      in_doubt.insert(intent.link_id);
      LookAgainLater(work->link);
    }
    if (verdict == Verdict::not_done || verdict == Verdict::overtaken) {
      recorder_.Ended(
          intent, context_.store.LoadLink(context_.name(), intent.link_id)->link,
          verdict == Verdict::not_done ? AuditOutcome::not_done : AuditOutcome::unknown);
    }
    recorder_.Flush();
  }
  return in_doubt;
}

// So that the lookup is repeated even where neither poll nor sweep is scheduled.
void Recovery::LookAgainLater(Link link) {
  link.not_before = context_.clock.Now() + kLookUpAfter;
  Changes changes;
  changes.links.push_back(std::move(link));
  context_.store.Commit(context_.name(), changes);
}

Recovery::Verdict Recovery::LookUp(const Intent& intent, const LinkWork& work) {
  if (IsCreate(intent) ? Planted(PlantedBug::unknown_create_repeated)
                       : Planted(PlantedBug::unknown_update_repeated))
    return Verdict::not_done;
  switch (intent.operation) {
    case IntentOperation::create_referral:
      return LookUpReferral(intent, work);
    case IntentOperation::create_connected_referral:
      return LookUpConnected(intent, work);
    case IntentOperation::create_crm:
    case IntentOperation::create_lead:
      return LookUpCreatedCrm(intent, work);
    case IntentOperation::qualify_lead:
      return LookUpQualified(intent, work);
    case IntentOperation::update_referral:
    case IntentOperation::update_crm:
    case IntentOperation::close_crm:
      return LookUpUpdate(intent, work);
  }
  return Verdict::unclear;
}

// A referral of ours carries the CRM id in externalReferenceId. Only what changed since the newest
// stamp we knew can be it.
Recovery::Verdict Recovery::LookUpReferral(const Intent& intent, const LinkWork& work) {
  const bool ours = Planted(PlantedBug::lookup_on_our_clock);
  const Instant since = (ours ? intent.created_at : intent.lookup_from) - kOverlap;
  std::string next;
  for (int page_number = 0; page_number < kPagesMax; ++page_number) {
    const auto page = context_.partner_center.List(since, next);
    if (!page) return Verdict::unclear;
    for (const RemoteReferral& referral : page->referrals) {
      const auto facts = FactsFromReferral(referral.raw);
      if (!facts || facts->microsofts ||
          CanonicalRecordId(referral.external_reference_id) != work.link.crm_id.text)
        continue;
      JobOutcome outcome;
      outcome.referral = referral;
      return Adopt(intent, work, std::move(outcome));
    }
    next = page->next;
    if (next.empty() || Planted(PlantedBug::lookup_first_page)) break;
  }
  const bool early = context_.clock.Now() - intent.created_at < kAbsentAfter;
  return early && !Planted(PlantedBug::absent_at_once) ? Verdict::unclear : Verdict::not_done;
}

Recovery::Verdict Recovery::LookUpConnected(const Intent& intent, const LinkWork& work) {
  const auto siblings = context_.partner_center.ListEngagement(work.link.engagement_id);
  if (!siblings) return Verdict::unclear;
  for (const RemoteReferral& referral : *siblings) {
    const auto facts = FactsFromReferral(referral.raw);
    if (!facts || !facts->microsofts) continue;
    JobOutcome outcome;
    outcome.referral = referral;
    return Adopt(intent, work, std::move(outcome));
  }
  return context_.clock.Now() - intent.created_at < kAbsentAfter ? Verdict::unclear
                                                                 : Verdict::not_done;
}

Recovery::Verdict Recovery::LookUpCreatedCrm(const Intent& intent, const LinkWork& work) {
  auto found = context_.crm.FindCreated(SearchFor(intent, work.link));
  if (!found) return Verdict::unclear;
  if (!found->record) {
    // It got no further than the customer, which the next attempt will find.
    recorder_.Found(intent, work.link, found->related);
    return Verdict::not_done;
  }
  JobOutcome outcome;
  outcome.crm = std::move(found->record);
  outcome.found = std::move(found->related);
  return Adopt(intent, work, std::move(outcome));
}

// A lead is qualified once, and tells what it became.
Recovery::Verdict Recovery::LookUpQualified(const Intent& intent, const LinkWork& work) {
  const auto leads =
      context_.crm.Read(RecordKind::lead, {CrmId{intent.target_id}}, Crm::Detail::own);
  if (!leads) return Verdict::unclear;
  if (leads->empty() || !context_.mapping.lead) return Verdict::not_done;
  const auto facts = FactsFromCrm(*context_.mapping.lead, leads->front().raw);
  if (!facts || facts->became.empty()) return Verdict::not_done;
  const auto made =
      context_.crm.Read(RecordKind::opportunity, {CrmId{facts->became}}, Crm::Detail::own);
  if (!made) return Verdict::unclear;
  if (made->empty()) return Verdict::overtaken;
  CreateSearch customers = SearchFor(intent, work.link);
  customers.kind = RecordKind::opportunity;
  auto found = context_.crm.FindCreated(customers);
  if (!found) return Verdict::unclear;
  JobOutcome outcome;
  outcome.crm = made->front();
  outcome.found = std::move(found->related);
  outcome.found.push_back({"opportunity", facts->became, "create", "", true, 0});
  return Adopt(intent, work, std::move(outcome));
}

Recovery::Verdict Recovery::LookUpUpdate(const Intent& intent, const LinkWork& work) {
  JobOutcome outcome;
  if (intent.side == Side::partner_center) {
    const auto referral = context_.partner_center.Get(ReferralId{intent.target_id});
    if (!referral)
      return referral.error().kind == ErrorKind::not_found ? Verdict::not_done : Verdict::unclear;
    outcome.referral = *referral;
  } else {
    const auto records =
        context_.crm.Read(work.link.kind, {CrmId{intent.target_id}}, Crm::Detail::own);
    if (!records) return Verdict::unclear;
    if (records->empty()) return Verdict::not_done;
    outcome.crm = records->front();
  }
  const auto snapshot = outcome.referral ? MakeSnapshot(context_, *outcome.referral)
                                         : MakeSnapshot(context_, *outcome.crm);
  if (!snapshot) return Verdict::unclear;
  const bool moved = snapshot->etag != intent.etag && Planted(PlantedBug::effect_assumed);
  if (moved || ShowsEffect(intent, work.link.kind, *snapshot))
    return Adopt(intent, work, std::move(outcome));
  outcome.referral ? intake_.Save(*outcome.referral) : intake_.Save(*outcome.crm);
  return WithoutEffect(intent, *snapshot);
}

// Partner Center may still show what was before the write; the CRMs show what they hold.
Recovery::Verdict Recovery::WithoutEffect(const Intent& intent, const Snapshot& snapshot) const {
  if (!intent.etag.empty() && snapshot.etag != intent.etag) return Verdict::overtaken;
  const bool early = context_.clock.Now() - intent.created_at < kAbsentAfter;
  return intent.side == Side::partner_center && early ? Verdict::unclear : Verdict::not_done;
}

// Every field of the write has the value it was to get. A write of the Audit alone shows there: the
// version may have moved by somebody else's edit.
bool Recovery::ShowsEffect(const Intent& intent, RecordKind kind, const Snapshot& snapshot) const {
  const auto record = MapSnapshot(context_, snapshot, kind);
  if (!record) return false;
  const Mapping& mapping = context_.mapping.For(kind);
  bool compared = false;
  for (const FieldChange& change : intent.changes) {
    const auto field = mapping.Find(change.field);
    if (!field) continue;
    compared = true;
    const Value wanted = change.after.empty() ? Value() : Value(change.after);
    const FieldRule& rule = mapping.fields[*field];
    const Value& there = record->values[*field];
    const bool same = intent.side == Side::crm ? IsEffectOf(rule, wanted, there)
                                               : IsEffectOf(rule, there, wanted);
    if (!same) return false;
  }
  return compared || ShowsAudit(mapping, intent, snapshot);
}

bool Recovery::ShowsAudit(const Mapping& mapping, const Intent& intent, const Snapshot& snapshot) {
  const auto facts = FactsFromCrm(mapping, snapshot.raw);
  const auto sent = FactsFromCrm(mapping, intent.body);
  return facts && sent && NormalizeText(facts->audit) == NormalizeText(sent->audit);
}

// The same record keeping as if the answer had arrived.
Recovery::Verdict Recovery::Adopt(const Intent& intent, const LinkWork& work, JobOutcome outcome) {
  Job job;
  job.work = work;
  const auto view = MakeViewAs(KindOf(intent, work.link), context_, work);
  if (!view) return Verdict::unclear;
  job.view = *view;
  job.intent = intent;
  job.step.operation = intent.operation;
  job.step.changes = intent.changes;
  job.step.reason = intent.reason;
  const Mapping& mapping = context_.mapping.For(view->kind);
  for (const FieldChange& change : intent.changes) {
    if (const auto field = mapping.Find(change.field)) {
      job.step.writes.push_back({*field, change.after.empty() ? Value() : Value(change.after)});
    }
  }
  outcome.adopted = true;
  recorder_.Done(job, outcome);
  return Verdict::adopted;
}

}  // namespace cosell

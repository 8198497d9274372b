#include "engine/recovery.h"

#include "base/record_id.h"
#include "engine/snapshots.h"
#include "mapping/normalize.h"

namespace cosell {
namespace {

// A write may arrive after its caller gave up, and reads lag behind writes: that it did not happen
// is believed only this long after it was sent.
constexpr std::chrono::seconds kAbsentAfter{15};
constexpr std::chrono::minutes kOverlap{5};
constexpr int kPagesMax = 1000;

}  // namespace

std::set<std::int64_t> Recovery::Run() {
  std::set<std::int64_t> in_doubt;
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
  switch (intent.operation) {
    case IntentOperation::create_referral:
      return LookUpReferral(intent, work);
    case IntentOperation::create_connected_referral:
      return LookUpConnected(intent, work);
    case IntentOperation::create_crm:
      return LookUpCreatedCrm(intent, work);
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
  std::string next;
  for (int page_number = 0; page_number < kPagesMax; ++page_number) {
    const auto page = context_.partner_center.List(intent.lookup_from - kOverlap, next);
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
    if (next.empty()) break;
  }
  return context_.clock.Now() - intent.created_at < kAbsentAfter ? Verdict::unclear
                                                                 : Verdict::not_done;
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
  const auto found = context_.crm.FindCreated(RecordKind::opportunity, work.link.referral_id);
  if (!found) return Verdict::unclear;
  if (!found->has_value()) return Verdict::not_done;
  JobOutcome outcome;
  outcome.crm = **found;
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
        context_.crm.Read(RecordKind::opportunity, {CrmId{intent.target_id}}, Crm::Detail::own);
    if (!records) return Verdict::unclear;
    if (records->empty()) return Verdict::not_done;
    outcome.crm = records->front();
  }
  const auto snapshot = outcome.referral ? MakeSnapshot(context_, *outcome.referral)
                                         : MakeSnapshot(context_, *outcome.crm);
  if (!snapshot) return Verdict::unclear;
  if (ShowsEffect(intent, *snapshot)) return Adopt(intent, work, std::move(outcome));
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
bool Recovery::ShowsEffect(const Intent& intent, const Snapshot& snapshot) const {
  if (intent.changes.empty()) return ShowsAudit(intent, snapshot);
  const auto record = MapSnapshot(context_, snapshot);
  if (!record) return false;
  for (const FieldChange& change : intent.changes) {
    const auto field = context_.mapping.Find(change.field);
    if (!field) continue;
    const Value wanted = change.after.empty() ? Value() : Value(change.after);
    const FieldRule& rule = context_.mapping.fields[*field];
    const Value& there = record->values[*field];
    const bool same = intent.side == Side::crm ? IsEffectOf(rule, wanted, there)
                                               : IsEffectOf(rule, there, wanted);
    if (!same) return false;
  }
  return true;
}

bool Recovery::ShowsAudit(const Intent& intent, const Snapshot& snapshot) const {
  const auto facts = FactsFromCrm(context_.mapping, snapshot.raw);
  const auto sent = FactsFromCrm(context_.mapping, intent.body);
  return facts && sent && NormalizeText(facts->audit) == NormalizeText(sent->audit);
}

// The same record keeping as if the answer had arrived.
Recovery::Verdict Recovery::Adopt(const Intent& intent, const LinkWork& work, JobOutcome outcome) {
  Job job;
  job.work = work;
  const auto view = MakeView(context_, work);
  if (!view) return Verdict::unclear;
  job.view = *view;
  job.intent = intent;
  job.step.operation = intent.operation;
  job.step.changes = intent.changes;
  job.step.reason = intent.reason;
  for (const FieldChange& change : intent.changes) {
    if (const auto field = context_.mapping.Find(change.field)) {
      job.step.writes.push_back({*field, change.after.empty() ? Value() : Value(change.after)});
    }
  }
  outcome.adopted = true;
  recorder_.Done(job, outcome);
  return Verdict::adopted;
}

}  // namespace cosell

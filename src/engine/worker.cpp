#include "engine/worker.h"

#include <algorithm>
#include <utility>

#include "base/planted.h"
#include "engine/aside.h"
#include "engine/breaker.h"
#include "engine/intent_body.h"
#include "engine/kinds.h"
#include "engine/planning.h"
#include "engine/sender.h"
#include "engine/snapshots.h"
#include "mapping/deal_state.h"

namespace cosell {
namespace {

// Links planned at a time: as many as a CRM takes in one go (salesforce.md section 12.1 reads 2000
// records at once), so that a mass change costs few calls.
constexpr std::size_t kBatch = 2000;
// Partner Center takes one write a call: after so many, what was answered is recorded before more
// is sent.
constexpr std::size_t kReferralWritesPerWave = 32;
// A link that does not come to rest after this many writes in one round is being rewritten by
// somebody else.
constexpr int kStepsPerRoundMax = 12;
// How long a link waits whose write met a side that could not be reached.
constexpr std::chrono::seconds kBrokenDelay{30};
constexpr std::string_view kNameNotPatchable = "name_not_patchable";

bool IsShared(const LinkWork& work) { return !work.link.referral_id.empty(); }

bool HasOpportunity(const LinkWork& work) {
  return work.crm && !work.crm->deleted && work.link.kind == RecordKind::opportunity;
}

// Deals about to be shared, or to ask for help, need their customer, contact and owner, and so does
// a pair whose owner or contact is another: change feeds do not bring them.
bool NeedsRelated(const Mapping& mapping, const LinkWork& work, const LinkView& view) {
  if (!view.crm || !view.crm_facts.sync) return false;
  if (!IsShared(work)) return true;
  if (!view.referral.open) return false;
  const auto help = mapping.Find(kFieldHelp);
  const bool asks_help = help && view.crm->values[*help].has_value();
  return (asks_help && !view.connected_referral) || HasOtherPeople(mapping, view);
}

bool EndsRound(ErrorKind kind) {
  return kind == ErrorKind::unauthorized || kind == ErrorKind::throttled ||
         kind == ErrorKind::unreachable;
}

// A write answered with these may or may not have happened.
bool IsUnknown(const Error& error) {
  if (Planted(PlantedBug::unknown_taken_for_failed)) return false;
  return error.kind == ErrorKind::unknown_outcome || error.kind == ErrorKind::unavailable ||
         error.kind == ErrorKind::invalid_response;
}

bool IsNameOnly(const Job& job) {
  return job.step.operation == IntentOperation::update_referral && job.step.writes.size() == 1 &&
         job.step.changes.front().field == kFieldName;
}

// A record that was closed by closing it, or a qualified lead, takes no more writes.
bool IsSealed(const Mapping& mapping, const Record& crm) {
  const Value& state = crm.values[mapping.Find(kFieldStatus).value()];
  if (mapping.kind == RecordKind::lead) return state == Value(kStateActive);
  const auto write = state ? mapping.status.write.find(*state) : mapping.status.write.end();
  return write != mapping.status.write.end() && !write->second.close.empty();
}

}  // namespace

Worker::Worker(EngineContext& context, Intake& intake, std::string run_id, std::string cause)
    : context_(context),
      intake_(intake),
      recorder_(context, run_id),
      run_id_(std::move(run_id)),
      cause_(std::move(cause)) {
  const auto name = context_.store.Cursor(context_.name(), std::string(kNameNotPatchable));
  context_.options.policy.name_is_patchable = !name.has_value();
}

WorkResult Worker::Run(WorkLimits limits) {
  limits_ = std::move(limits);
  while (!result_.broken) {
    auto batch = context_.store.DueLinks(context_.name(), context_.clock.Now(),
                                         kBatch + limits_.in_doubt.size());
    std::erase_if(batch,
                  [&](const LinkWork& work) { return limits_.in_doubt.contains(work.link.id); });
    if (batch.empty()) break;
    Batch(batch);
  }
  return result_;
}

WorkResult Worker::Apply(const std::vector<PlannedLink>& planned, WorkLimits limits) {
  limits_ = std::move(limits);
  std::vector<Job> jobs;
  Changes changes;
  for (const PlannedLink& link : planned) {
    if (!link.plan.steps.empty()) TakeUp(link.work, link.view, link.plan, &jobs, &changes);
  }
  Send(jobs, std::move(changes));
  return result_;
}

void Worker::Batch(const std::vector<LinkWork>& batch) {
  ReadRelated(batch);
  if (result_.broken) return;
  std::vector<Job> jobs;
  Changes changes;
  for (const LinkWork& work : batch) {
    try {
      PlanOne(work, &jobs, &changes);
    } catch (const std::logic_error& error) {
      // A broken invariant in one record must not stop the others.
      Quarantine(work, std::string("internal error: ") + error.what(), &changes);
    }
  }
  Send(jobs, std::move(changes));
  context_.AdvanceCompared(static_cast<std::int64_t>(batch.size()));
}

void Worker::Send(std::span<const Job> all, Changes changes) {
  for (std::size_t begin = 0; begin == 0 || begin < all.size();) {
    const std::size_t end = EndOfWave(all, begin);
    Wave(all.subspan(begin, end - begin), std::exchange(changes, {}));
    if (result_.broken || end == all.size()) break;
    begin = end;
  }
}

// Jobs of one link stay together.
std::size_t Worker::EndOfWave(std::span<const Job> jobs, std::size_t begin) {
  std::size_t referral_writes = 0;
  std::size_t end = begin;
  for (; end < jobs.size(); ++end) {
    const bool new_link = end == begin || jobs[end].work.link.id != jobs[end - 1].work.link.id;
    if (new_link && referral_writes >= kReferralWritesPerWave) break;
    referral_writes += jobs[end].intent.side == Side::partner_center ? 1 : 0;
  }
  return end;
}

// Durable first, then sent, then recorded.
void Worker::Wave(std::span<const Job> jobs, Changes changes) {
  for (const Job& job : jobs) {
    if (!Planted(PlantedBug::intent_not_flushed)) changes.intents.push_back(job.intent);
  }
  if (!changes.empty()) context_.store.Commit(context_.name(), changes);
  auto outcomes = SendJobs(context_, jobs);
  const std::int64_t before = result_.written;
  for (std::size_t i = 0; i < jobs.size(); ++i) Record(jobs[i], std::move(outcomes[i]));
  recorder_.Flush();
  context_.Advance(0, result_.written - before);
}

void Worker::PlanOne(const LinkWork& work, std::vector<Job>* jobs, Changes* changes) {
  if (work.link.kind == RecordKind::lead && !context_.mapping.lead)
    return SetAside(context_, work, LinkState::left_alone, "a lead: leads are not synced", changes);
  auto view = MakeView(context_, work);
  if (!view) return Quarantine(work, Describe(view.error()), changes);
  if (!view->partner_center && !view->crm) {
    return view->crm_deleted ? SetAside(context_, work, LinkState::unlinked,
                                        "the CRM record was deleted before it was shared", changes)
                             : SetAside(context_, work, LinkState::left_alone,
                                        "neither side has been read yet", changes);
  }
  if (const auto it = sharing_.find(work.link.crm_id.text); it != sharing_.end())
    TakePeople(context_.mapping, it->second, &*view);
  const Plan plan = PlanLink(context_, work, &*view);
  if (!plan.steps.empty()) return TakeUp(work, *view, plan, jobs, changes);
  result_.conflicts += NoteConflicts(context_, work.link, *view, plan, changes);
  NoteDecisions(context_, work, plan, changes);
  if (Rest(context_, work, *view, plan, run_id_, cause_, changes)) ++result_.drifting;
}

void Worker::TakeUp(const LinkWork& work, const LinkView& view, const Plan& plan,
                    std::vector<Job>* jobs, Changes* changes) {
  ++result_.planned;
  result_.conflicts += NoteConflicts(context_, work.link, view, plan, changes);
  NoteDecisions(context_, work, plan, changes);
  if (context_.options.shadow) {
    return SetAside(context_, work, LinkState::pending, "shadow: would " + plan.reason, changes);
  }
  if (limits_.hold_sharing && plan.steps.front().operation == IntentOperation::create_referral) {
    return SetAside(context_, work, LinkState::waiting,
                    "first sharing of many deals waits for a person: sync --confirm first-share",
                    changes);
  }
  if (const auto reason = MustWait(work, view, plan)) return Quarantine(work, *reason, changes);
  NoteLosers(context_, work.link, view, plan, cause_, changes);
  for (const Step& step : plan.steps) {
    auto job = MakeJob(context_, work, view, step, cause_);
    if (!job) return Quarantine(work, Describe(job.error()), changes);
    if (limits_.confirmed) job->intent.rewrites = false;
    jobs->push_back(std::move(*job));
  }
}

// The loop breakers: within a round by the number of writes, over rounds by what was written
// before.
std::optional<std::string> Worker::MustWait(const LinkWork& work, const LinkView& view,
                                            const Plan& plan) {
  const Step& first = plan.steps.front();
  if (++steps_[work.link.id] > kStepsPerRoundMax) {
    return DoesNotRest(first.changes.empty() ? "the record" : first.changes.front().field,
                       SideOf(first.operation));
  }
  for (const Step& step : plan.steps) {
    if (auto reason = KeepsBeingRewritten(context_, work, view, step)) return reason;
  }
  return std::nullopt;
}

void Worker::Quarantine(const LinkWork& work, const std::string& reason, Changes* changes) {
  ++result_.failed;
  SetAside(context_, work, LinkState::quarantined, reason, changes);
}

void Worker::ReadRelated(const std::vector<LinkWork>& batch) {
  sharing_.clear();
  std::vector<CrmId> ids;
  for (const LinkWork& work : batch) {
    if (!HasOpportunity(work)) continue;
    const auto view = MakeView(context_, work);
    if (view && NeedsRelated(context_.mapping, work, *view)) ids.push_back(work.link.crm_id);
  }
  if (ids.empty()) return;
  const auto records = context_.crm.Read(RecordKind::opportunity, ids, Crm::Detail::with_related);
  if (!records) {
    result_.broken = records.error();
    return;
  }
  for (const CrmRecord& record : *records) {
    if (auto sharing = SharingOf(context_, record)) sharing_[record.id.text] = std::move(*sharing);
  }
}

void Worker::Record(const Job& job, JobOutcome outcome) {
  if (!outcome.error) {
    ++result_.written;
    if (!job.step.audit_success) ++result_.told;
    return recorder_.Done(job, outcome);
  }
  const Error& error = *outcome.error;
  if (IsUnknown(error)) {
    ++result_.failed;
    limits_.in_doubt.insert(job.work.link.id);
    context_.log.Warning(
        "a write got no clear answer; it is looked up before anything else happens to the link",
        {{"connection", context_.name().text},
         {"link", std::to_string(job.work.link.id)},
         {"correlation_id", job.intent.id},
         {"error", Summarize(error)}});
    return recorder_.Unknown(job, outcome);
  }
  if (error.kind == ErrorKind::stale_version && job.work.link.attempts < kStepsPerRoundMax) {
    recorder_.Stale(job, outcome);
    return Reread(job);
  }
  if (error.kind == ErrorKind::already_exists &&
      (job.step.operation == IntentOperation::create_crm ||
       job.step.operation == IntentOperation::create_lead)) {
    return AdoptExisting(job, outcome);
  }
  Failed(job, outcome);
}

void Worker::Failed(const Job& job, const JobOutcome& outcome) {
  const Error& error = *outcome.error;
  ++result_.failed;
  if (error.kind == ErrorKind::throttled && Planted(PlantedBug::throttled_taken_for_done))
    return recorder_.Failed(job, outcome, LinkState::in_sync, std::nullopt);
  if (EndsRound(error.kind)) {
    result_.broken = error;
    return recorder_.Failed(job, outcome, LinkState::pending,
                            context_.clock.Now() + error.retry_after.value_or(kBrokenDelay));
  }
  if (error.kind == ErrorKind::refused && IsNameOnly(job)) {
    Changes changes;
    changes.cursors.emplace_back(std::string(kNameNotPatchable),
                                 FormatInstant(context_.clock.Now()));
    context_.store.Commit(context_.name(), changes);
    context_.options.policy.name_is_patchable = false;
    return recorder_.Stale(job, outcome);
  }
  if (error.kind == ErrorKind::not_found) Reread(job);
  recorder_.Failed(job, outcome, LinkState::quarantined,
                   RetryAt(context_, job.work.link.attempts + 1));
  if (job.intent.side == Side::partner_center) TellSeller(job, error);
}

// Reads the side that was written to again, so that the next plan sees it as it is.
void Worker::Reread(const Job& job) {
  recorder_.Flush();
  if (job.intent.side == Side::partner_center) {
    auto referral = context_.partner_center.Get(ReferralId{job.intent.target_id});
    if (!referral) return;
    if (Planted(PlantedBug::stale_values_kept)) referral->raw = job.work.referral->raw;
    return intake_.Save(*referral);
  }
  const auto records =
      context_.crm.Read(job.work.link.kind, {CrmId{job.intent.target_id}}, Crm::Detail::own);
  if (!records) return;
  for (const CrmRecord& record : *records) intake_.Save(record);
  if (records->empty() && job.work.crm) {
    Changes changes;
    changes.snapshots.push_back(*job.work.crm);
    changes.snapshots.back().deleted = true;
    changes.snapshots.back().hash = "deleted";
    context_.store.Commit(context_.name(), changes);
  }
}

// The create met its own marker: an earlier attempt had worked.
void Worker::AdoptExisting(const Job& job, const JobOutcome& outcome) {
  recorder_.Flush();
  auto found = context_.crm.FindCreated(SearchFor(job.intent, job.work.link));
  if (!found || !found->record) return Failed(job, outcome);
  JobOutcome adopted;
  adopted.crm = std::move(found->record);
  adopted.found = std::move(found->related);
  for (const PerformedWrite& write : outcome.performed) {
    if (!write.done) continue;  // the create itself
    adopted.performed.push_back(write);
    std::erase_if(adopted.found,
                  [&](const PerformedWrite& each) { return each.record_id == write.record_id; });
  }
  adopted.adopted = true;
  adopted.duration_ms = outcome.duration_ms;
  recorder_.Done(job, adopted);
}

// What Partner Center refused stands in the CRM's Audit, once, where the seller looks.
void Worker::TellSeller(const Job& job, const Error& error) {
  recorder_.Flush();
  const std::string text = "Partner Center refused the change: " + error.message;
  auto work = context_.store.LoadLink(context_.name(), job.work.link.id);
  if (!work || !work->crm || work->link.notice == text) return;
  const auto view = MakeView(context_, *work);
  if (!view || !view->crm || IsSealed(context_.mapping.For(view->kind), *view->crm)) return;
  Step step;
  step.operation = IntentOperation::update_crm;
  step.reason = "Partner Center refused the change: " + Summarize(error);
  step.audit_success = false;
  step.from_crm = true;
  step.audit_reason = text;
  const auto notice = MakeJob(context_, *work, *view, step, cause_);
  if (!notice) return;
  Changes changes;
  changes.intents.push_back(notice->intent);
  context_.store.Commit(context_.name(), changes);
  auto outcomes = SendJobs(context_, std::span(&*notice, 1));
  const Link before = work->link;
  if (outcomes[0].error && IsUnknown(*outcomes[0].error)) {
    limits_.in_doubt.insert(before.id);
    return recorder_.Unknown(*notice, outcomes[0]);
  }
  if (outcomes[0].error) {
    return recorder_.Failed(*notice, outcomes[0], before.state, before.not_before);
  }
  recorder_.Done(*notice, outcomes[0]);
  recorder_.Flush();
  // The notice changes nothing about the reason the link is set aside.
  auto after = context_.store.LoadLink(context_.name(), before.id);
  Link link = before;
  link.notice = text;
  link.seen_crm_hash = after->crm ? after->crm->hash : "";
  Changes restore;
  restore.links.push_back(std::move(link));
  context_.store.Commit(context_.name(), restore);
}

}  // namespace cosell

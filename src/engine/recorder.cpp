#include "engine/recorder.h"

#include <algorithm>

#include "base/planted.h"
#include "base/text.h"
#include "engine/kinds.h"
#include "engine/snapshots.h"
#include "mapping/normalize.h"
#include "plan/base.h"
#include "plan/person_rule.h"

namespace cosell {
namespace {

std::string OperationName(IntentOperation operation) {
  switch (operation) {
    case IntentOperation::create_referral:
    case IntentOperation::create_connected_referral:
    case IntentOperation::create_crm:
    case IntentOperation::create_lead:
      return "create";
    case IntentOperation::qualify_lead:
      return "qualify";
    case IntentOperation::close_crm:
      return "close";
    case IntentOperation::update_referral:
    case IntentOperation::update_crm:
      break;
  }
  return "update";
}

// One for all fields or, where they differ, one for each in their order.
std::string RuleOf(const std::vector<FieldChange>& changes) {
  if (changes.empty()) return "notice";
  std::vector<std::string> rules;
  for (const FieldChange& change : changes) rules.push_back(change.rule);
  const bool same = std::all_of(rules.begin(), rules.end(),
                                [&](const std::string& rule) { return rule == rules.front(); });
  return same ? rules.front() : Join(rules, ",");
}

bool IsEffect(const FieldRule& rule, bool to_crm, const Value& sent, const Value& there) {
  return to_crm ? IsEffectOf(rule, sent, there) : IsEffectOf(rule, there, sent);
}

// Looked at again at once: nothing it was last worked on with counts.
void MakeDirty(Link* link) {
  link->state = LinkState::pending;
  link->not_before.reset();
  link->seen_referral_hash.clear();
  link->seen_crm_hash.clear();
}

}  // namespace

// What every entry about an intent has in common.
AuditEntry Recorder::Blank(const Intent& intent, const Link& link) const {
  AuditEntry entry;
  entry.at = context_.clock.Now();
  entry.side = intent.side;
  entry.record_kind = intent.side == Side::partner_center
                          ? "referral"
                          : std::string(ToString(KindOf(intent, link)));
  entry.record_id = intent.target_id;
  entry.referral_id = link.referral_id.text;
  entry.operation = OperationName(intent.operation);
  entry.cause = intent.cause;
  entry.run_id = run_id_;
  entry.correlation_id = intent.id;
  return entry;
}

AuditEntry Recorder::Entry(const Job& job, const JobOutcome& outcome, AuditOutcome result) const {
  AuditEntry entry = Blank(job.intent, job.work.link);
  if (outcome.referral) entry.record_id = outcome.referral->id.text;
  const bool own = outcome.crm && outcome.crm->kind == KindOf(job.intent, job.work.link);
  if (own) entry.record_id = outcome.crm->id.text;
  if (entry.referral_id.empty() && outcome.referral) entry.referral_id = outcome.referral->id.text;
  entry.changes = job.step.changes;
  entry.reason =
      outcome.error ? job.step.reason + " -> " + Summarize(*outcome.error) : job.step.reason;
  entry.rule = RuleOf(job.step.changes);
  entry.outcome = result;
  entry.duration_ms = outcome.duration_ms;
  if (outcome.referral && !outcome.adopted) entry.request_id = outcome.referral->request_id;
  if (outcome.error) entry.request_id = outcome.error->request_id;
  return entry;
}

// Its one change names the record, which is how IsAudited finds it again.
AuditEntry Recorder::RelatedEntry(const Intent& intent, const Link& link,
                                  const PerformedWrite& write, AuditOutcome result) const {
  AuditEntry entry = Blank(intent, link);
  entry.record_kind = write.record_kind;
  entry.record_id = write.record_id;
  entry.operation = write.operation;
  entry.reason = "the opportunity needs it: " + intent.reason;
  entry.rule = "create";
  const bool gone = write.operation == "delete";
  entry.changes = {{write.record_kind, gone ? write.record_id : "", gone ? "" : write.record_id,
                    entry.rule, entry.reason}};
  entry.outcome = result;
  entry.duration_ms = write.duration_ms;
  entry.request_id = write.request_id;
  return entry;
}

// One entry per remote record written: accounts and contacts made on the way have their own.
std::vector<AuditEntry> Recorder::Entries(const Job& job, const JobOutcome& outcome,
                                          AuditOutcome result) const {
  std::vector<AuditEntry> entries;
  for (const PerformedWrite& write : outcome.performed) {
    const bool own = write.record_kind == ToString(KindOf(job.intent, job.work.link));
    // A write that is still to be looked up is told once more then, also where it was answered and
    // only the record could not be read back.
    const bool to_be_told = own && result == AuditOutcome::unknown;
    const AuditOutcome became = write.done && !to_be_told ? AuditOutcome::done : result;
    if (!own) {
      if (!Planted(PlantedBug::audit_lacks_customers))
        entries.push_back(RelatedEntry(job.intent, job.work.link, write, became));
      continue;
    }
    AuditEntry entry = Entry(job, outcome, became);
    entry.record_id = write.record_id;
    entry.operation = write.operation;
    entry.duration_ms = write.duration_ms;
    entry.request_id = write.request_id;
    entries.push_back(std::move(entry));
  }
  if (entries.empty() || outcome.adopted) entries.push_back(Entry(job, outcome, result));
  return entries;
}

// Two deals of one new customer share its account: whose answer arrived has told of it.
bool Recorder::IsAudited(const PerformedWrite& write) const {
  return !context_.store.WrittenValues(context_.name(), Side::crm, write.record_id, {}).empty();
}

void Recorder::Found(const Intent& intent, const Link& link,
                     const std::vector<PerformedWrite>& made) {
  for (const PerformedWrite& write : made) {
    if (!IsAudited(write))
      pending_.audit.push_back(RelatedEntry(intent, link, write, AuditOutcome::adopted));
  }
}

// The side written to is what it answered; the other side is what it was when it was read, if that
// is what was sent or means the same.
void Recorder::MoveBase(const Job& job, const Record& after, bool adopted, Link* link) const {
  const Mapping& mapping = context_.mapping.For(job.view.kind);
  Base base = DecodeBase(mapping, link->base_partner_center, link->base_crm);
  const bool to_crm = job.intent.side == Side::crm;
  const auto& source_record = to_crm ? job.view.partner_center : job.view.crm;
  auto& target = to_crm ? base.crm : base.partner_center;
  auto& source = to_crm ? base.partner_center : base.crm;
  if (Planted(PlantedBug::base_takes_whole_answer))
    target.assign(after.values.begin(), after.values.end());
  for (const FieldWrite& write : job.step.writes) {
    const FieldIndex i = write.field;
    target[i] = after.values[i];
    // Found after a crash, the record may have been edited since: that edit is still to travel.
    if (adopted && !IsEffect(mapping.fields[i], to_crm, write.value, after.values[i]) &&
        !Planted(PlantedBug::adopted_edit_swallowed))
      target[i] = write.value;
    if (!source_record) continue;
    const Value& from = source_record->values[i];
    const bool same = to_crm ? Agree(mapping.fields[i], from, after.values[i])
                             : Agree(mapping.fields[i], after.values[i], from);
    if (from == write.value || same) source[i] = from;
    base.SetApart(i, false);
  }
  if (job.step.set_sync || job.view.crm_facts.sync) base.from_lead = false;
  if (job.step.operation == IntentOperation::create_referral)
    base.people = job.view.crm_facts.people;
  for (const FieldChange& change : job.step.changes) {
    if (change.rule == kRuleNews) base.told.insert(change.after);
  }
  link->base_partner_center = EncodePartnerCenterBase(mapping, base);
  link->base_crm = EncodeCrmBase(mapping, base);
}

// A person's decision ends with the write after which both sides agree; what it wants of the other
// side is still to come where they do not.
void Recorder::EndDecisions(const Job& job, const Record& after) {
  const Mapping& mapping = context_.mapping.For(job.view.kind);
  const bool to_crm = job.intent.side == Side::crm;
  const auto& other = to_crm ? job.view.partner_center : job.view.crm;
  for (const FieldChange& change : job.step.changes) {
    const auto i = mapping.Find(change.field);
    if (change.rule != kRuleResolved || !i || !other) continue;
    const Value& pc = to_crm ? other->values[*i] : after.values[*i];
    const Value& crm = to_crm ? after.values[*i] : other->values[*i];
    if (!Agree(mapping.fields[*i], pc, crm)) continue;
    Decision ended;
    ended.link_id = job.work.link.id;
    ended.field = change.field;
    pending_.decisions.push_back({std::move(ended), true});
  }
}

// A link of its own may have begun for the new record while the answer was on its way; the two
// become one.
void Recorder::TakeIds(const JobOutcome& outcome, Link* link) {
  const auto give_up = [&](std::optional<Link> other) {
    if (!other || other->id == link->id) return;
    other->referral_id = ReferralId{};
    other->crm_id = CrmId{};
    other->state = LinkState::unlinked;
    other->reason = "joined with link " + std::to_string(link->id);
    pending_.links.push_back(std::move(*other));
  };
  if (outcome.referral) {
    give_up(context_.store.FindLinkByReferral(context_.name(), outcome.referral->id));
    link->referral_id = outcome.referral->id;
    link->engagement_id = outcome.referral->engagement_id;
  }
  if (outcome.crm) {
    give_up(context_.store.FindLinkByCrm(context_.name(), outcome.crm->id));
    link->crm_id = outcome.crm->id;
    link->kind = outcome.crm->kind;
  }
}

Link Recorder::Begin(const Job& job) {
  if (touched_.contains(job.work.link.id)) Flush();
  touched_.insert(job.work.link.id);
  Link link = context_.store.LoadLink(context_.name(), job.work.link.id)->link;
  const auto& before = job.intent.side == Side::crm ? job.view.crm : job.view.partner_center;
  if (before && Planted(PlantedBug::base_before_confirmation)) MoveBase(job, *before, true, &link);
  return link;
}

void Recorder::Close(const Job& job, const JobOutcome& outcome, AuditOutcome result) {
  pending_.closings.push_back({job.intent.id, result});
  if (outcome.adopted && Planted(PlantedBug::audit_lacks_adopted)) return;
  if (outcome.error && Planted(PlantedBug::audit_lacks_failures)) return;
  if (outcome.adopted && Planted(PlantedBug::audit_lacks_adopted)) return;
  Found(job.intent, job.work.link, outcome.found);
  for (AuditEntry& entry : Entries(job, outcome, result))
    pending_.audit.push_back(std::move(entry));
}

void Recorder::Flush() {
  if (Planted(PlantedBug::intent_closed_before_record)) {
    Changes first;
    first.closings.swap(pending_.closings);
    context_.store.Commit(context_.name(), first);
  }
  if (Planted(PlantedBug::audit_before_record)) {
    Changes first;
    first.audit.swap(pending_.audit);
    context_.store.Commit(context_.name(), first);
  }
  if (!pending_.empty()) context_.store.Commit(context_.name(), pending_);
  pending_ = {};
  touched_.clear();
}

void Recorder::Done(const Job& job, const JobOutcome& outcome) {
  Link link = Begin(job);
  auto snapshot = outcome.referral ? MakeSnapshot(context_, *outcome.referral)
                                   : MakeSnapshot(context_, *outcome.crm);
  if (snapshot) {
    snapshot->source = outcome.adopted ? "lookup" : "answer";
    snapshot->source_detail = job.intent.id;
  }
  if (snapshot && !Planted(PlantedBug::answer_not_kept)) pending_.snapshots.push_back(*snapshot);
  if (job.step.operation == IntentOperation::qualify_lead) {
    BecomeOpportunity(context_.mapping, outcome.crm->id, job.view.crm_facts.sync, &link);
    TakeIds(outcome, &link);
  } else if (job.step.operation == IntentOperation::create_connected_referral) {
    link.connected_referral_id = outcome.referral->id;
    MoveBase(job, *job.view.partner_center, /*adopted=*/false, &link);
  } else if (snapshot) {
    TakeIds(outcome, &link);
    if (const auto after = MapSnapshot(context_, *snapshot, job.view.kind)) {
      MoveBase(job, *after, outcome.adopted, &link);
      EndDecisions(job, *after);
    }
  }
  // What the seller was told stands until the deal is shared; then the next problem is news again.
  if (job.intent.side == Side::crm) {
    link.notice = job.step.audit_success ? "" : job.step.audit_reason;
  }
  link.attempts = 0;
  MakeDirty(&link);
  for (const FieldChange& change : job.step.changes) {
    if (change.rule == kRuleNews) continue;
    pending_.history.push_back({link.id, change.field, change.after, Other(job.intent.side),
                                context_.clock.Now(), job.intent.cause + ": " + change.reason, ""});
  }
  pending_.links.push_back(std::move(link));
  Close(job, outcome, outcome.adopted ? AuditOutcome::adopted : AuditOutcome::done);
}

void Recorder::Failed(const Job& job, const JobOutcome& outcome, LinkState state,
                      std::optional<Instant> not_before) {
  Link link = Begin(job);
  link.state = state;
  link.reason = Describe(*outcome.error);
  link.attempts += 1;
  link.not_before = not_before;
  link.seen_referral_hash = job.work.referral ? job.work.referral->hash : "";
  link.seen_crm_hash = job.work.crm ? job.work.crm->hash : "";
  pending_.links.push_back(std::move(link));
  const bool refused = outcome.error->http_status != 0;
  Close(job, outcome, refused ? AuditOutcome::refused : AuditOutcome::failed);
}

void Recorder::Stale(const Job& job, const JobOutcome& outcome) {
  Link link = Begin(job);
  link.attempts += 1;
  MakeDirty(&link);
  pending_.links.push_back(std::move(link));
  Close(job, outcome, AuditOutcome::refused);
}

void Recorder::Unknown(const Job& job, const JobOutcome& outcome) {
  Link link = Begin(job);
  link.not_before = context_.clock.Now() + kLookUpAfter;
  pending_.links.push_back(std::move(link));
  for (AuditEntry& entry : Entries(job, outcome, AuditOutcome::unknown)) {
    pending_.audit.push_back(std::move(entry));
  }
}

void Recorder::Ended(const Intent& intent, const Link& before, AuditOutcome outcome) {
  Link link = before;
  MakeDirty(&link);
  pending_.links.push_back(link);
  pending_.closings.push_back({intent.id, outcome});
  AuditEntry entry = Blank(intent, link);
  entry.changes = intent.changes;
  entry.reason =
      outcome == AuditOutcome::not_done
          ? "looked up after an unknown outcome: it did not happen"
          : "looked up after an unknown outcome: the record was changed again meanwhile, so "
            "whether it happened cannot be told";
  entry.rule = "in_doubt";
  entry.outcome = outcome;
  pending_.audit.push_back(std::move(entry));
}

}  // namespace cosell

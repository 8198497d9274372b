#include "engine/aside.h"

#include <algorithm>

#include "base/planted.h"
#include "engine/news.h"
#include "plan/base.h"

namespace cosell {
namespace {

constexpr std::chrono::seconds kFirstDelay{30};
constexpr std::chrono::hours kLongestDelay{6};
// How often a deal that is not shareable yet is looked at again: its customer or contact may have
// been completed.
constexpr std::chrono::seconds kWaitingDelay{5};
constexpr std::chrono::seconds kLongWaitingDelay{600};
constexpr int kWaitingLooksMax = 60;

void HaveSeen(const LinkWork& work, Link* link) {
  link->seen_referral_hash = work.referral ? work.referral->hash : "";
  link->seen_crm_hash = work.crm ? work.crm->hash : "";
  link->not_before.reset();
}

void MoveBases(const EngineContext& context, const LinkView& view, const Plan& plan, Link* link) {
  Base base = view.base;
  for (const Settled& settled : plan.settled) {
    base.partner_center[settled.field] = settled.partner_center;
    base.crm[settled.field] = settled.crm;
    base.SetApart(settled.field, settled.apart);
  }
  if (view.crm_facts.sync) base.from_lead = false;
  base.told.insert(plan.told.begin(), plan.told.end());
  if (view.sharing || view.base.empty()) base.people = view.crm_facts.people;
  const Mapping& mapping = context.mapping.For(view.kind);
  link->base_partner_center = EncodePartnerCenterBase(mapping, base);
  link->base_crm = EncodeCrmBase(mapping, base);
}

bool IsInConflict(const Mapping& mapping, const Plan& plan, const std::string& field) {
  return std::any_of(plan.conflicts.begin(), plan.conflicts.end(),
                     [&](const PlannedConflict& conflict) {
                       return mapping.fields[conflict.field].name == field;
                     });
}

// Until a decision is carried out, its conflict stays open.
bool IsBeingResolved(const Plan& plan, const std::string& field) {
  return std::any_of(
      plan.decisions.begin(), plan.decisions.end(), [&](const PlannedDecision& decision) {
        return decision.field == field && decision.fate == PlannedDecision::Fate::acts;
      });
}

bool IsKept(const std::vector<FieldHistoryEntry>& history, const std::string& field,
            const Loser& loser) {
  const auto newest =
      std::find_if(history.rbegin(), history.rend(), [&](const FieldHistoryEntry& entry) {
        return entry.field == field && entry.side == loser.side &&
               entry.superseded_by == loser.rule;
      });
  return newest != history.rend() && newest->value == loser.value.value_or("");
}

}  // namespace

Instant RetryAt(const EngineContext& context, int attempts) {
  if (Planted(PlantedBug::quarantine_never_retried))
    return context.clock.Now() + std::chrono::years{10};
  const auto doubled = kFirstDelay * (1LL << std::clamp(attempts - 1, 0, 12));
  return context.clock.Now() + std::min<std::chrono::seconds>(doubled, kLongestDelay);
}

void SetAside(const EngineContext& context, const LinkWork& work, LinkState state,
              const std::string& reason, Changes* changes) {
  Link link = work.link;
  link.state = state;
  link.reason = reason;
  HaveSeen(work, &link);
  if (state == LinkState::quarantined) {
    link.attempts += 1;
    link.not_before = RetryAt(context, link.attempts);
  }
  changes->links.push_back(std::move(link));
}

bool Rest(EngineContext& context, const LinkWork& work, const LinkView& view, const Plan& plan,
          const std::string& run_id, const std::string& cause, Changes* changes) {
  Link link = work.link;
  MoveBases(context, view, plan, &link);
  link.state = plan.state;
  link.reason = plan.reason;
  HaveSeen(work, &link);
  if (plan.state == LinkState::waiting || plan.state == LinkState::pending) {
    link.attempts += 1;
    const auto delay = link.attempts < kWaitingLooksMax ? kWaitingDelay : kLongWaitingDelay;
    link.not_before = context.clock.Now() + delay;
  } else {
    link.attempts = 0;
    const auto news = NextNews(view);
    if (news && *news > context.clock.Now()) link.not_before = news;
  }
  const bool pair = !link.referral_id.empty() && !link.crm_id.empty();
  if (pair && (plan.state == LinkState::in_sync || plan.state == LinkState::closed)) {
    link.last_synced_at = context.clock.Now();
    link.base_in_doubt = false;
  }
  if (pair && plan.state == LinkState::unlinked && work.link.state != LinkState::unlinked) {
    changes->audit.push_back(PairEntry(context, link, "unlink", "unlinked", plan.reason));
    changes->audit.back().run_id = run_id;
    changes->audit.back().cause = cause;
    context.log.Warning("a pair has ended", {{"connection", context.name().text},
                                             {"link", std::to_string(link.id)},
                                             {"reason", plan.reason}});
  }
  const bool news = !plan.drift.empty() && plan.reason != work.link.reason;
  if (news) {
    context.log.Warning("a pair disagrees although neither side has changed",
                        {{"connection", context.name().text},
                         {"link", std::to_string(link.id)},
                         {"reason", plan.reason}});
  }
  changes->links.push_back(std::move(link));
  return news;
}

std::int64_t NoteConflicts(EngineContext& context, const Link& link, const LinkView& view,
                           const Plan& plan, Changes* changes) {
  const Mapping& mapping = context.mapping.For(view.kind);
  const Instant now = context.clock.Now();
  std::int64_t fresh = 0;
  const auto open = context.store.ConflictsOf(link.id);
  for (const Conflict& known : open) {
    if (!IsInConflict(mapping, plan, known.field) && !IsBeingResolved(plan, known.field))
      changes->conflicts.push_back({known, true});
  }
  for (const PlannedConflict& conflict : plan.conflicts) {
    const std::string& field = mapping.fields[conflict.field].name;
    const auto known =
        std::find_if(open.begin(), open.end(), [&](const Conflict& c) { return c.field == field; });
    fresh += known == open.end() ? 1 : 0;
    changes->conflicts.push_back(
        {{link.id, field, conflict.base.value_or(""), conflict.partner_center.value_or(""),
          conflict.crm.value_or(""), known == open.end() ? now : known->since},
         false});
  }
  return fresh;
}

void NoteDecisions(const EngineContext& context, const LinkWork& work, const Plan& plan,
                   Changes* changes) {
  using Fate = PlannedDecision::Fate;
  for (const Decision& decision : work.decisions) {
    const auto planned =
        std::find_if(plan.decisions.begin(), plan.decisions.end(),
                     [&](const PlannedDecision& each) { return each.field == decision.field; });
    if (planned != plan.decisions.end() && planned->fate == Fate::acts) continue;
    changes->decisions.push_back({decision, true});
    if (planned != plan.decisions.end() && planned->fate == Fate::done) continue;
    context.log.Warning(
        "a person's decision could not be carried out; the conflict is shown again if it is still "
        "there",
        {{"connection", context.name().text},
         {"link", std::to_string(work.link.id)},
         {"field", decision.field},
         {"reason", planned == plan.decisions.end() ? "the pair has ended" : planned->reason}});
  }
}

void NoteLosers(EngineContext& context, const Link& link, const LinkView& view, const Plan& plan,
                const std::string& cause, Changes* changes) {
  if (plan.losers.empty() || Planted(PlantedBug::loser_not_kept)) return;
  const auto history = context.store.HistoryOf(link.id);
  for (const Loser& loser : plan.losers) {
    const std::string& field = context.mapping.For(view.kind).fields[loser.field].name;
    if (IsKept(history, field, loser)) continue;
    changes->history.push_back({link.id, field, loser.value.value_or(""), loser.side,
                                context.clock.Now(), cause, loser.rule});
  }
}

AuditEntry PairEntry(const EngineContext& context, const Link& link, const std::string& operation,
                     const std::string& rule, const std::string& reason) {
  AuditEntry entry;
  entry.at = context.clock.Now();
  entry.side = Side::crm;
  entry.record_kind = ToString(link.kind);
  entry.record_id = link.crm_id.text;
  entry.referral_id = link.referral_id.text;
  entry.operation = operation;
  entry.reason = reason;
  entry.rule = rule;
  return entry;
}

}  // namespace cosell

#include "engine/person_work.h"

#include <algorithm>
#include <charconv>

#include "base/record_id.h"
#include "engine/planning.h"
#include "engine/snapshots.h"
#include "plan/field_rule.h"
#include "plan/person_rule.h"

namespace cosell {
namespace {

using Fate = PlannedDecision::Fate;

Error Invalid(std::string message) { return {ErrorKind::invalid_input, std::move(message)}; }

std::optional<std::int64_t> ToNumber(const std::string& text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

// By referral id, CRM id or link number.
std::optional<LinkWork> FindWork(EngineContext& context, const std::string& record_id) {
  const std::string id = CanonicalRecordId(record_id);
  auto link = context.store.FindLinkByReferral(context.name(), ReferralId{id});
  if (!link) link = context.store.FindLinkByCrm(context.name(), CrmId{id});
  if (link) return context.store.LoadLink(context.name(), link->id);
  const auto number = ToNumber(record_id);
  return number ? context.store.LoadLink(context.name(), *number) : std::nullopt;
}

Error NoSuchLink(const std::string& record_id) {
  return {ErrorKind::not_found, "no pair has the referral id, CRM id or link number '" + record_id +
                                    "'; `cosell-sync conflicts list` shows them"};
}

std::optional<Conflict> OpenConflict(EngineContext& context, std::int64_t link,
                                     const std::string& field) {
  for (const Conflict& conflict : context.store.ConflictsOf(link)) {
    if (conflict.field == field) return conflict;
  }
  return std::nullopt;
}

// What a rule, or a person, decided against is kept with that rule's name.
bool IsLoser(const FieldHistoryEntry& entry) {
  return ConflictPolicyFromText(entry.superseded_by).has_value() ||
         entry.superseded_by == kRuleDrift || entry.superseded_by == kRuleResolved;
}

std::optional<std::string> NewestLoser(EngineContext& context, std::int64_t link,
                                       const std::string& field) {
  const auto history = context.store.HistoryOf(link);
  const auto newest = std::find_if(history.rbegin(), history.rend(), [&](const auto& entry) {
    return entry.field == field && IsLoser(entry);
  });
  return newest == history.rend() ? std::nullopt : std::optional(newest->value);
}

// The decision with the values the person saw, or why it cannot be taken.
Result<Decision> MakeDecisionOf(EngineContext& context, const Resolution& asked,
                                const LinkWork& work, const LinkView& view, FieldIndex field) {
  const std::string pc = view.partner_center->values[field].value_or("");
  const std::string crm = view.crm->values[field].value_or("");
  Decision decision{work.link.id, asked.field, asked.take, pc, crm, "", context.clock.Now()};
  const auto conflict = OpenConflict(context, work.link.id, asked.field);
  if (!conflict && asked.take != Take::lost_value) {
    return Error{ErrorKind::not_found,
                 asked.field +
                     " of this pair is not in conflict; `cosell-sync conflicts list` "
                     "shows what is"};
  }
  if (conflict && (conflict->partner_center_value != pc || conflict->crm_value != crm)) {
    return Invalid("a side has changed " + asked.field +
                   " since the conflict was shown; run `cosell-sync sync`, look at it again with "
                   "`cosell-sync conflicts list`, then decide");
  }
  if (asked.take == Take::lost_value) {
    const auto lost = NewestLoser(context, work.link.id, asked.field);
    if (!lost) {
      return Invalid("no losing value of " + asked.field +
                     " is kept; take partner-center, crm or leave");
    }
    decision.lost_value = *lost;
  }
  return decision;
}

// Tried out on the plan, so that what cannot be done is said now and not in the log of a round.
Status TryOut(EngineContext& context, const LinkWork& work, LinkView view,
              const Decision& decision) {
  std::erase_if(view.decisions, [&](const Decision& d) { return d.field == decision.field; });
  view.decisions.push_back(decision);
  const Plan plan = PlanLink(context, work, &view);
  for (const PlannedDecision& planned : plan.decisions) {
    if (planned.field != decision.field) continue;
    if (planned.fate == Fate::acts || planned.fate == Fate::done) return Done{};
    return Invalid(planned.reason);
  }
  return Invalid("this pair has ended: " + plan.reason);
}

// Looked at again at once, whatever held it back, with its counts started anew.
Link Released(const EngineContext& context, Link link, const std::string& reason) {
  link.state = LinkState::pending;
  link.reason = reason;
  link.attempts = 0;
  link.not_before.reset();
  link.seen_referral_hash.clear();
  link.seen_crm_hash.clear();
  link.counted_from = context.clock.Now();
  return link;
}

}  // namespace

Status KeepDecision(EngineContext& context, const Resolution& asked) {
  if (context.options.shadow)
    return Invalid(
        "this connection is in shadow mode and writes nothing; set `mode` to live first");
  const auto work = FindWork(context, asked.record_id);
  if (!work) return NoSuchLink(asked.record_id);
  const auto view = MakeView(context, *work);
  if (!view) return view.error();
  const auto field = context.mapping.For(view->kind).Find(asked.field);
  if (!field) return Invalid("the mapping has no field '" + asked.field + "'");
  if (!view->partner_center || !view->crm)
    return Invalid("only one side of this pair is there, so there is nothing to decide between");
  const auto decision = MakeDecisionOf(context, asked, *work, *view, *field);
  if (!decision) return decision.error();
  if (const auto tried = TryOut(context, *work, *view, *decision); !tried) return tried.error();
  Changes changes;
  changes.decisions.push_back({*decision, false});
  changes.links.push_back(Released(context, work->link, "a person decided about " + asked.field));
  context.store.Commit(context.name(), changes);
  return Done{};
}

Result<std::int64_t> ReleaseQuarantined(EngineContext& context, const std::string& record_id) {
  std::vector<Link> links;
  if (record_id.empty()) {
    links = context.store.QuarantinedLinks(context.name());
  } else {
    const auto work = FindWork(context, record_id);
    if (!work) return NoSuchLink(record_id);
    if (work->link.state != LinkState::quarantined) {
      return Error{ErrorKind::not_found, "link " + std::to_string(work->link.id) +
                                             " is not in quarantine; it is " +
                                             std::string(ToString(work->link.state))};
    }
    links.push_back(work->link);
  }
  Changes changes;
  for (const Link& link : links) changes.links.push_back(Released(context, link, link.reason));
  if (!changes.empty()) context.store.Commit(context.name(), changes);
  return static_cast<std::int64_t>(links.size());
}

}  // namespace cosell

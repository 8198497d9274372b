#include "engine/rails.h"

#include <algorithm>

#include "engine/snapshots.h"

namespace cosell {
namespace {

constexpr std::int64_t kPairsMin = 20;
constexpr std::size_t kDueMax = 20'000;
constexpr std::chrono::hours kWindow{1};

bool IsIdField(const std::string& field) {
  return field == kFieldCrmId || field == kFieldReferralId || field == "referral_link";
}

struct Due {
  std::int64_t updates = 0;
  std::size_t first_shares = 0;
};

Due CountDue(EngineContext& context) {
  Due due;
  for (const LinkWork& work :
       context.store.DueLinks(context.name(), context.clock.Now(), kDueMax)) {
    const auto view = MakeView(context, work);
    if (!view || (!view->crm && !view->partner_center)) continue;
    if (!view->partner_center && view->crm_facts.sync) ++due.first_shares;
    if (!view->partner_center || !view->crm) continue;
    const Plan plan = MakePlan(*view, context.mapping, context.options.policy);
    due.updates += std::any_of(plan.steps.begin(), plan.steps.end(), ChangesBusinessValues) ? 1 : 0;
  }
  return due;
}

}  // namespace

bool ChangesBusinessValues(const Step& step) {
  const bool update = step.operation == IntentOperation::update_crm ||
                      step.operation == IntentOperation::update_referral ||
                      step.operation == IntentOperation::close_crm;
  return update && std::any_of(step.changes.begin(), step.changes.end(),
                               [](const FieldChange& change) { return !IsIdField(change.field); });
}

RailVerdict Rails::Check(EngineContext& context, const Confirmations& confirmed) {
  RailVerdict verdict;
  const Due due = CountDue(context);
  const std::int64_t pairs = context.store.CountPairs(context.name());
  const std::int64_t updates = UpdatesSince(context.clock.Now() - kWindow) + due.updates;
  const bool many =
      pairs >= kPairsMin &&
      static_cast<double>(updates) > context.options.change_ratio_max * static_cast<double>(pairs);
  if (many && due.updates > 0 && !confirmed.mass_change) {
    verdict.stopped = "mass-change";
    verdict.reason = std::to_string(updates) + " of " + std::to_string(pairs) +
                     " pairs would be changed within an hour, more than safety.change_ratio_max "
                     "allows; look at `cosell-sync plan`, "
                     "then run `cosell-sync sync " +
                     context.name().text + " --confirm mass-change`";
    return verdict;
  }
  if (due.first_shares > context.options.first_share_count_max && !confirmed.first_share) {
    verdict.hold_sharing = true;
    verdict.reason = std::to_string(due.first_shares) +
                     " deals would be shared for the first time, more than "
                     "safety.first_share_count_max allows; look at "
                     "`cosell-sync plan`, then run `cosell-sync sync " +
                     context.name().text + " --confirm first-share`";
  }
  return verdict;
}

void Rails::NoteUpdates(Instant at, std::int64_t updates) {
  if (updates > 0) updates_.emplace_back(at, updates);
}

std::int64_t Rails::UpdatesSince(Instant since) {
  while (!updates_.empty() && updates_.front().first < since) updates_.pop_front();
  std::int64_t sum = 0;
  for (const auto& [at, updates] : updates_) sum += updates;
  return sum;
}

}  // namespace cosell

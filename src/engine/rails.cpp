#include "engine/rails.h"

#include <algorithm>

#include "engine/planning.h"
#include "engine/snapshots.h"

namespace cosell {
namespace {

constexpr std::int64_t kPairsMin = 20;
constexpr std::size_t kDueMax = 20'000;
constexpr std::chrono::hours kWindow{1};
// Why sharing is held, until it no longer is.
constexpr const char* kSharingHeld = "sharing_held";

// Ids and news change nothing people work with.
bool IsOurs(const std::string& field) {
  return field == kFieldCrmId || field == kFieldReferralId || field == "referral_link" ||
         field == kRuleNews;
}

struct Due {
  std::int64_t updates = 0;
  std::size_t first_shares = 0;
};

Due CountDue(EngineContext& context) {
  Due due;
  for (const LinkWork& work :
       context.store.DueLinks(context.name(), context.clock.Now(), kDueMax)) {
    auto view = MakeView(context, work);
    if (!view || (!view->crm && !view->partner_center)) continue;
    const Plan plan = PlanLink(context, work, &*view);
    const bool pair = view->partner_center && view->crm;
    // What sharing needs is read only then, so a flagged deal counts before that is known.
    if (view->crm && !pair && plan.state == LinkState::pending) ++due.first_shares;
    if (!pair) continue;
    due.updates += std::any_of(plan.steps.begin(), plan.steps.end(), ChangesBusinessValues) ? 1 : 0;
  }
  return due;
}

RailVerdict MassChange(EngineContext& context, const Due& due) {
  RailVerdict verdict;
  const std::int64_t pairs = context.store.CountPairs(context.name());
  if (due.updates == 0 || pairs < kPairsMin) return verdict;
  const std::int64_t updates =
      context.store.CountUpdatesSince(context.name(), context.clock.Now() - kWindow) + due.updates;
  if (static_cast<double>(updates) <= context.options.change_ratio_max * static_cast<double>(pairs))
    return verdict;
  verdict.stopped = "mass-change";
  verdict.reason = std::to_string(updates) + " of " + std::to_string(pairs) +
                   " pairs would be changed within an hour, more than safety.change_ratio_max "
                   "allows; look at `cosell-sync plan`, then run `cosell-sync sync " +
                   context.name().text + " --confirm mass-change`";
  return verdict;
}

std::string TooManyShares(const EngineContext& context, const Due& due) {
  if (due.first_shares <= context.options.first_share_count_max) return "";
  return std::to_string(due.first_shares) +
         " deals would be shared for the first time, more than safety.first_share_count_max "
         "allows; look at `cosell-sync plan`, then run `cosell-sync sync " +
         context.name().text + " --confirm first-share`";
}

// While it is held, a few more that come by themselves are held too: a bulk import must not leak
// out in small batches.
std::string HoldSharing(EngineContext& context, const Due& due, bool confirmed,
                        bool everything_due) {
  const std::string known = context.store.Cursor(context.name(), kSharingHeld).value_or("");
  std::string held = TooManyShares(context, due);
  if (held.empty() && !everything_due) held = known;
  if (confirmed) held.clear();
  if (held != known) {
    Changes changes;
    changes.cursors.emplace_back(kSharingHeld, held);
    context.store.Commit(context.name(), changes);
  }
  return held;
}

}  // namespace

bool ChangesBusinessValues(const Step& step) {
  const bool update = step.operation == IntentOperation::update_crm ||
                      step.operation == IntentOperation::update_referral ||
                      step.operation == IntentOperation::close_crm;
  return update && std::any_of(step.changes.begin(), step.changes.end(),
                               [](const FieldChange& change) { return !IsOurs(change.field); });
}

RailVerdict CheckRails(EngineContext& context, const Confirmations& confirmed,
                       bool everything_due) {
  const Due due = CountDue(context);
  RailVerdict verdict;
  if (!confirmed.mass_change) verdict = MassChange(context, due);
  if (!verdict.stopped.empty()) return verdict;
  verdict.reason = HoldSharing(context, due, confirmed.first_share, everything_due);
  verdict.hold_sharing = !verdict.reason.empty();
  return verdict;
}

}  // namespace cosell

#include "engine/reviewed.h"

#include "engine/planning.h"
#include "engine/snapshots.h"

namespace cosell {
namespace {

constexpr std::size_t kLookedAtMax = 5'000;

std::string NameOf(std::int64_t id, const std::optional<LinkWork>& work) {
  std::string name = "link " + std::to_string(id);
  if (!work) return name;
  if (!work->link.referral_id.empty())
    return name + " (referral " + work->link.referral_id.text + ")";
  return name + " (CRM record " + work->link.crm_id.text + ")";
}

std::string Changed(const std::string& what) {
  return what +
         "; nothing was written. Make a new plan with `cosell-sync plan --out FILE`, look at it, "
         "then run `cosell-sync apply FILE`";
}

}  // namespace

Result<ReviewCheck> CheckReviewed(EngineContext& context, const ReviewedPlan& reviewed,
                                  const std::set<std::int64_t>& in_doubt) {
  ReviewCheck check;
  const auto differs = [&](const std::string& what) {
    check.changed = Changed(what);
    check.planned.clear();
    return check;
  };
  if (reviewed.fingerprint != context.mapping.fingerprint)
    return differs(
        "the plan was made with another mapping or another CRM organisation (the plan of a preview "
        "is applied once mapping_file names the previewed file and the daemon was restarted)");
  for (const auto& [id, digest] : reviewed.digests) {
    const auto work = context.store.LoadLink(context.name(), id);
    if (!work) return differs(NameOf(id, work) + " is no longer there");
    if (in_doubt.contains(id))
      return differs(NameOf(id, work) + " has a write whose outcome is not known yet");
    auto planned = PlanOneLink(context, *work);
    if (!planned) return planned.error();
    if (!*planned) return differs(NameOf(id, work) + " has nothing left to do");
    if ((*planned)->digest != digest)
      return differs(NameOf(id, work) + " has changed since the plan was made");
    check.planned.push_back(std::move(**planned));
  }
  return check;
}

std::int64_t CountLinksWithWork(EngineContext& context) {
  std::int64_t count = 0;
  for (const LinkWork& work :
       context.store.DueLinks(context.name(), context.clock.Now(), kLookedAtMax)) {
    auto view = MakeView(context, work);
    if (!view || (!view->crm && !view->partner_center)) continue;
    const Plan plan = PlanLink(context, work, &*view);
    const bool to_be_read = plan.steps.empty() && plan.state == LinkState::pending;
    count += !plan.steps.empty() || to_be_read ? 1 : 0;
  }
  return count;
}

}  // namespace cosell

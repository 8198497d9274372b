#include "engine/dry_run.h"

#include "engine/snapshots.h"

namespace cosell {
namespace {

constexpr std::size_t kPage = 200;

Status ReadSharing(EngineContext& context, const LinkWork& work, LinkView* view) {
  if (view->partner_center || !view->crm || !view->crm_facts.sync) return Done{};
  const auto records =
      context.crm.Read(RecordKind::opportunity, {work.link.crm_id}, Crm::Detail::with_related);
  if (!records) return records.error();
  for (const CrmRecord& record : *records) {
    if (auto sharing = SharingFromCrm(context.mapping, record.raw))
      view->sharing = std::move(*sharing);
  }
  return Done{};
}

}  // namespace

Result<std::vector<PlannedLink>> PlanAllLinks(EngineContext& context) {
  std::vector<PlannedLink> planned;
  std::int64_t after = 0;
  while (true) {
    const auto links = context.store.LinksAfter(context.name(), after, kPage);
    if (links.empty()) return planned;
    for (const LinkWork& work : links) {
      after = work.link.id;
      auto view = MakeView(context, work);
      if (!view || work.link.state == LinkState::unlinked || (!view->crm && !view->partner_center))
        continue;
      if (const auto read = ReadSharing(context, work, &*view); !read) return read.error();
      Plan plan = MakePlan(*view, context.mapping, context.options.policy);
      if (!plan.steps.empty() || !plan.conflicts.empty())
        planned.push_back({work, std::move(plan)});
    }
  }
}

}  // namespace cosell

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/snapshots.h"
#include "plan/plan.h"
#include "tools/bench/bench.h"
#include "tools/bench/service.h"

namespace cosell::bench {
namespace {

using nlohmann::json;

constexpr std::size_t kLinksMax = 256;

// One link as each contestant wants it: ready in memory.
struct Material {
  LinkView view;
  json base;
  json partner_center;
  json crm;
};

json Parsed(const Mapping& mapping, const Record& record) {
  Base known;
  known.partner_center.assign(record.values.begin(), record.values.end());
  return json::parse(EncodePartnerCenterBase(mapping, known));
}

Material MakeMaterial(const Mapping& mapping, LinkView view) {
  const std::string base = EncodePartnerCenterBase(mapping, view.base);
  Material material{std::move(view), json::parse(base), {}, {}};
  material.partner_center = Parsed(mapping, *material.view.partner_center);
  material.crm = Parsed(mapping, *material.view.crm);
  return material;
}

// The links at rest, and the same with a new value and closing date in the CRM.
struct Links {
  std::vector<Material> unchanged;
  std::vector<Material> changed;
};

LinkView WithEdits(const Mapping& mapping, LinkView view) {
  view.crm->values[*mapping.Find("deal_value")] = "123456.5";
  view.crm->values[*mapping.Find("closing_date")] = "2031-12-24";
  return view;
}

Links ReadLinks(Service& service) {
  const EngineContext context = service.Context();
  Links links;
  for (const LinkWork& work : service.Links()) {
    auto view = MakeView(context, work);
    if (!view || !view->partner_center || !view->crm) continue;
    if (!MakePlan(*view, context.mapping, context.options.policy).steps.empty()) continue;
    LinkView edited = WithEdits(context.mapping, *view);
    if (MakePlan(edited, context.mapping, context.options.policy).steps.empty())
      continue;  // closed
    links.unchanged.push_back(MakeMaterial(context.mapping, std::move(*view)));
    links.changed.push_back(MakeMaterial(context.mapping, std::move(edited)));
    if (links.unchanged.size() == kLinksMax) break;
  }
  if (links.unchanged.empty()) throw std::runtime_error("no pair is in step: use more --pairs");
  return links;
}

// What one writes without a record model: every key looked up in all three objects.
std::int64_t FindPerKey(const Material& link) {
  std::int64_t steps = 0;
  for (auto field = link.base.begin(); field != link.base.end(); ++field) {
    const auto partner_center = link.partner_center.find(field.key());
    const auto crm = link.crm.find(field.key());
    const bool partner_center_moved =
        partner_center == link.partner_center.end() || *partner_center != *field;
    const bool crm_moved = crm == link.crm.end() || *crm != *field;
    steps += partner_center_moved + crm_moved;
  }
  return steps;
}

void Measure(const std::string& what, const std::vector<Material>& links, const Service& service,
             double seconds, Report& report) {
  const Mapping& mapping = service.mapping();
  const Policy policy;
  std::int64_t sink = 0;
  Turn plan_turn(links.size());
  Turn find_turn(links.size());
  const Pair pair = ByTurns(
      seconds, &sink,
      [&] {
        return static_cast<std::int64_t>(
            MakePlan(links[plan_turn.Next()].view, mapping, policy).steps.size());
      },
      [&] { return FindPerKey(links[find_turn.Next()]); });
  report.Rates(what, pair.figures, "nlohmann, 3 objects, find per key", pair.limits);
}

}  // namespace

void MeasurePlan(const BenchOptions& options, Report& report) {
  const auto service = SyncedService(options.folder, "plan", options.pairs);
  const Links links = ReadLinks(*service);
  Measure("plan: merges, link unchanged", links.unchanged, *service, options.seconds, report);
  Measure("plan: merges, two fields changed", links.changed, *service, options.seconds, report);
}

}  // namespace cosell::bench

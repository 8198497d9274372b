#include "tools/sandbox/seed.h"

#include "tools/sandbox/desk/crm_desk.h"
#include "tools/sandbox/seed_referral.h"
#include "tools/sandbox/world/world.h"

namespace cosell::sandbox {
namespace {

bool IsShareable(const SeedDeal& deal) {
  return deal.sync && deal.value && !deal.solutions.empty() && !deal.address.country.empty() &&
         (deal.help_label.empty() || deal.contact);
}

}  // namespace

SeedSummary SeedWorld(World& world, const SeedOptions& options) {
  SeedSummary summary;
  CrmDesk& desk = world.desk(options.crm);
  std::vector<SeedDeal> in_crm;
  for (SeedDeal deal : PlanSeed(options, world.clock().Now())) {
    if (!deal.opportunity_id.empty()) deal.opportunity_id = desk.IdFor(deal.number);
    if (!deal.referral_id.empty())
      for (const std::string& referral : SeedReferrals(deal, world.identities())) {
        world.PutReferral(referral);
        ++summary.referrals;
      }
    if (deal.paired) ++summary.pairs;
    if (deal.referral_id.empty() && IsShareable(deal)) ++summary.shareable;
    if (!deal.opportunity_id.empty()) in_crm.push_back(std::move(deal));
  }
  summary.opportunities = static_cast<int>(in_crm.size());
  const auto lock = world.Lock();
  desk.Open(in_crm, options.referral_link_template);
  return summary;
}

}  // namespace cosell::sandbox

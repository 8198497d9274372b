#include "tools/sandbox/seed.h"

#include "base/text.h"
#include "tools/sandbox/dataverse/dataverse_world.h"
#include "tools/sandbox/seed_referral.h"
#include "tools/sandbox/world/world.h"

namespace cosell::sandbox {
namespace {

constexpr std::size_t kDescriptionMax = 2'000;  // UTF-16 units of the CRM's description column

int StatusCode(SeedCrmState state) {
  switch (state) {
    case SeedCrmState::in_progress:
      return 1;
    case SeedCrmState::on_hold:
      return 2;
    case SeedCrmState::won:
      return 3;
    case SeedCrmState::cancelled:
      return 4;
    case SeedCrmState::lost:
      return 5;
  }
  return 1;
}

SeedOpportunity OpportunityOf(const SeedDeal& deal, const std::string& link_template) {
  SeedOpportunity row;
  row.id = deal.opportunity_id;
  row.name = deal.name;
  row.account = deal.account_name;
  row.account_line1 = deal.address.line1;
  row.account_line2 = deal.address.line2;
  row.account_city = deal.address.city;
  row.account_state = deal.address.state;
  row.account_postal_code = deal.address.postal_code;
  row.account_country = deal.address.country;
  if (deal.contact)
    row.contact = SeedContact{deal.contact->first_name, deal.contact->last_name,
                              deal.contact->email, deal.contact->phone, deal.contact->title};
  row.owner =
      SeedUser{"", deal.owner.first_name, deal.owner.last_name, deal.owner.email, deal.owner.phone};
  row.estimated_value = deal.value.value_or("");
  row.currency = deal.currency;
  row.estimated_close_date = deal.closing_date;
  row.description =
      std::string(TruncateUtf16(ReplaceAll(deal.notes, "\r\n", "\n"), kDescriptionMax));
  row.status_code = StatusCode(deal.crm_state);
  row.sync = deal.sync;
  row.visible = deal.visible;
  row.help = deal.help_label;
  for (const SeedSolution& solution : deal.solutions)
    row.solutions.push_back({solution.id, solution.name});
  if (deal.paired) {
    row.referral_id = deal.referral_id;
    row.referral_link = ReplaceAll(link_template, "{referral_id}", deal.referral_id);
    row.microsoft_crm_id = deal.microsoft_crm_id;
  }
  row.created_at = deal.created_at;
  row.modified_at = deal.updated_at;
  return row;
}

bool IsShareable(const SeedDeal& deal) {
  return deal.sync && deal.value && !deal.solutions.empty() && !deal.address.country.empty() &&
         (deal.help_label.empty() || deal.contact);
}

}  // namespace

SeedSummary SeedWorld(World& world, const SeedOptions& options) {
  SeedSummary summary;
  std::vector<SeedOpportunity> rows;
  for (const SeedDeal& deal : PlanSeed(options, world.clock().Now())) {
    if (!deal.referral_id.empty())
      for (const std::string& referral : SeedReferrals(deal, world.identities())) {
        world.PutReferral(referral);
        ++summary.referrals;
      }
    if (!deal.opportunity_id.empty())
      rows.push_back(OpportunityOf(deal, options.referral_link_template));
    if (deal.paired) ++summary.pairs;
    if (deal.referral_id.empty() && IsShareable(deal)) ++summary.shareable;
  }
  summary.opportunities = static_cast<int>(rows.size());
  const auto lock = world.Lock();
  world.dataverse().Seed(rows);
  return summary;
}

}  // namespace cosell::sandbox

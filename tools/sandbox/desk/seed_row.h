#pragma once

#include <string>

#include "base/text.h"
#include "tools/sandbox/world/seed_deal.h"

namespace cosell::sandbox {

// What the seed rows of both CRMs have in common, filled from the deal; `Row` is SeedOpportunity or
// SeedSalesforceOpportunity. Contact, owner, state, notes and products are each CRM's own.
template <typename Row>
void FillRow(const SeedDeal& deal, const std::string& link_template, Row& row) {
  row.id = deal.opportunity_id;
  row.name = deal.name;
  row.account = deal.account_name;
  row.account_line1 = deal.address.line1;
  row.account_line2 = deal.address.line2;
  row.account_city = deal.address.city;
  row.account_state = deal.address.state;
  row.account_postal_code = deal.address.postal_code;
  row.account_country = deal.address.country;
  row.estimated_value = deal.value.value_or("");
  row.currency = deal.currency;
  row.estimated_close_date = deal.closing_date;
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
}

}  // namespace cosell::sandbox

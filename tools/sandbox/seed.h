#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "tools/sandbox/desk/crm_desk.h"
#include "tools/sandbox/world/seed_deal.h"

namespace cosell::sandbox {

class World;

// How much to put into an empty world.
struct SeedOptions {
  std::uint64_t seed = 1;
  CrmProduct crm = CrmProduct::dynamics365;  // which organisation is filled
  int pairs = 120;                           // deals that exist and agree on both sides
  int referrals_only = 240;     // co-sell deals, leads and closed ones that only Partner Center has
  int opportunities_only = 40;  // deals that only the CRM has: to be shared, incomplete, or private
  std::string referral_link_template =
      "https://partner.microsoft.com/dashboard/referrals/v2/referrals/{referral_id}";
};

// What was put in, for the tests that count.
struct SeedSummary {
  int referrals = 0;  // all parties'
  int pairs = 0;
  int opportunities = 0;  // in the CRM
  int shareable = 0;      // CRM-only, Sync = Yes and complete: a daemon will share these
};

// The deals of a seed: the same list for the same options and time, on every machine. Pairs first,
// then those of Partner Center alone, then those of the CRM alone.
std::vector<SeedDeal> PlanSeed(const SeedOptions& options, Instant now);

// Fills both sides of an empty world from PlanSeed.
SeedSummary SeedWorld(World& world, const SeedOptions& options);

}  // namespace cosell::sandbox

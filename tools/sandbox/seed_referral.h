#pragma once

#include <string>
#include <vector>

#include "tools/sandbox/world/identities.h"
#include "tools/sandbox/world/seed_deal.h"

namespace cosell::sandbox {

// The referrals (JSON) a seeded deal consists of in Partner Center: our own, and Microsoft's when
// it takes part. With the irregularities of live data: null, empty and absent members, padded and
// trimmed timestamps, members nobody documented. The same for the same deal.
std::vector<std::string> SeedReferrals(const SeedDeal& deal, const Identities& identities);

}  // namespace cosell::sandbox

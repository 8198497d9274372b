#include <map>
#include <set>

#include "tools/simulation/invariants/scene.h"

// I2. At most one referral of ours per CRM record, one CRM record per referral, one account and one
// contact per customer.
namespace cosell::simulation {

void CheckNothingDoubled(const Scene& scene, Violations* violations) {
  std::map<std::string, std::string> records;
  for (const std::string& id : scene.desk().Opportunities()) {
    const std::string referral = scene.desk().Value(id, "referral_id").value_or("");
    if (referral.empty()) continue;
    const auto [first, added] = records.emplace(referral, id);
    if (!added)
      violations->push_back({"I2 doubled", "the CRM records " + first->second + " and " + id +
                                               " both carry referral " + referral});
  }
  std::size_t customers = 0;
  for (const auto& [number, deal] : scene.ledger.deals()) {
    customers += deal.crm_id.empty() ? 0 : 1;
    if (deal.crm_id.empty()) continue;
    const auto referrals = scene.world.OwnReferralsOf(deal.crm_id);
    if (referrals.size() > 1)
      violations->push_back({"I2 doubled", "the referrals " + referrals[0] + " and " +
                                               referrals[1] + " both carry the CRM id of deal " +
                                               std::to_string(number + 1)});
  }
  if (scene.desk().Opportunities().size() > customers ||
      scene.desk().Accounts() > scene.ledger.deals().size() ||
      scene.desk().Contacts() > scene.ledger.deals().size())
    violations->push_back(
        {"I2 doubled", "the CRM holds " + std::to_string(scene.desk().Opportunities().size()) +
                           " opportunities, " + std::to_string(scene.desk().Accounts()) +
                           " accounts and " + std::to_string(scene.desk().Contacts()) +
                           " contacts for " + std::to_string(scene.ledger.deals().size()) +
                           " deals"});
}

}  // namespace cosell::simulation

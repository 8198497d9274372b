#include "tools/simulation/invariants/scene.h"

// I6. What was never flagged never leaves the CRM, and no contact leaves it for a referral whose
// customer did not consent.
namespace cosell::simulation {

void CheckGate(const Scene& scene, Violations* violations) {
  for (const auto& request : scene.world.log().entries()) {
    if (request.service != "referrals") continue;
    for (const auto& [number, deal] : scene.ledger.deals()) {
      const std::string what = request.method + " " + request.target;
      const bool names_it =
          !deal.crm_id.empty() && (request.body.find(deal.crm_id) != std::string::npos ||
                                   request.target.find(deal.crm_id) != std::string::npos ||
                                   request.body.find(deal.email) != std::string::npos);
      if (!deal.flagged_ever && names_it)
        violations->push_back({"I6 gate", "deal " + std::to_string(number + 1) +
                                              " was never flagged, but " + what + " tells of it"});
      if (!deal.consent && request.body.find(deal.email) != std::string::npos)
        violations->push_back({"I6 consent", "the contact of deal " + std::to_string(number + 1) +
                                                 " stands in " + what});
    }
  }
}

}  // namespace cosell::simulation

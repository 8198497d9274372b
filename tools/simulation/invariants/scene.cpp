#include "tools/simulation/invariants/scene.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tools/simulation/crm_side.h"

namespace cosell::simulation {
namespace {

template <typename Row>
bool IsOf(const Row& row, const Deal& deal, Field field) {
  const bool here = (!deal.crm_id.empty() && row.crm_id == deal.crm_id) ||
                    (!deal.referral_id.empty() && row.referral_id == deal.referral_id);
  return here && row.field == ToString(field);
}

bool Holds(const std::vector<KeptValue>& kept, const Deal& deal, Field field, const Shown& value) {
  return std::any_of(kept.begin(), kept.end(), [&](const KeptValue& row) {
    return IsOf(row, deal, field) && Same(field, FromTable(field, row.value), value);
  });
}

}  // namespace

bool Scene::HasConflict(const Deal& deal, Field field) const {
  return std::any_of(evidence.conflicts.begin(), evidence.conflicts.end(),
                     [&](const OpenConflict& row) { return IsOf(row, deal, field); });
}

bool Scene::Kept(const Deal& deal, Field field, const Shown& value) const {
  return Holds(evidence.kept, deal, field, value) || Holds(kept_before, deal, field, value);
}

bool Scene::MicrosoftTakesPart(const Deal& deal) const {
  const auto own = nlohmann::json::parse(world.Referral(deal.referral_id), nullptr, false);
  return own.is_object() && world.EngagementIds(own.value("engagementId", "")).size() > 1;
}

bool Scene::IsFlagged(const Deal& deal) const {
  return world.desk(product).Value(deal.crm_id, "sync") == "true";
}

bool IsCommittedReferralWrite(const sandbox::LoggedRequest& request) {
  const bool ok = request.service_status >= 200 && request.service_status < 300;
  return request.service == "referrals" && request.method != "GET" && ok;
}

std::size_t CommittedWrites(sandbox::World& world, sandbox::CrmProduct product) {
  const auto& requests = world.log().entries();
  return static_cast<std::size_t>(
             std::count_if(requests.begin(), requests.end(), IsCommittedReferralWrite)) +
         CrmWritesDone(world, product).size();
}

}  // namespace cosell::simulation

#include "plan/plan.h"

#include <array>
#include <utility>

#include "plan/one_side.h"
#include "plan/pair_planner.h"

namespace cosell {
namespace {

constexpr std::array<std::pair<ConflictPolicy, std::string_view>, 4> kPolicies = {{
    {ConflictPolicy::partner_center_wins, "partner_center_wins"},
    {ConflictPolicy::crm_wins, "crm_wins"},
    {ConflictPolicy::newest_wins, "newest_wins"},
    {ConflictPolicy::ask, "ask"},
}};

}  // namespace

std::string_view ToString(ConflictPolicy policy) {
  for (const auto& [value, name] : kPolicies) {
    if (value == policy) return name;
  }
  return "newest_wins";
}

std::optional<ConflictPolicy> ConflictPolicyFromText(std::string_view text) {
  for (const auto& [value, name] : kPolicies) {
    if (name == text) return value;
  }
  return std::nullopt;
}

ConflictPolicy Policy::For(const std::string& field) const {
  const auto it = by_field.find(field);
  return it == by_field.end() ? conflict : it->second;
}

void Policy::TakeFrom(const Mapping& mapping) {
  for (const FieldRule& rule : mapping.fields) {
    if (const auto word = ConflictPolicyFromText(rule.conflict)) by_field[rule.name] = *word;
  }
}

Plan MakePlan(const LinkView& view, const Mapping& mapping, const Policy& policy) {
  if (!view.crm) return PlanReferralOnly(view, mapping);
  if (!view.partner_center) return PlanCrmOnly(view, mapping);
  return PairPlanner(view, mapping, policy).Make();
}

}  // namespace cosell

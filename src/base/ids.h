#pragma once

#include <compare>
#include <functional>
#include <string>

// One struct per kind of id, so that a referral id never ends up where a CRM id belongs. Values.
namespace cosell {

template <typename Tag>
struct Id {
  std::string text;
  bool empty() const { return text.empty(); }
  auto operator<=>(const Id&) const = default;
};

using ReferralId = Id<struct ReferralTag>;  // Partner Center referral `id`: lower-case GUID
using EngagementId =
    Id<struct EngagementTag>;     // `engagementId`: groups all parties' referrals of one deal
using CrmId = Id<struct CrmTag>;  // Dataverse: lower-case GUID; Salesforce: 18 characters
using ConnectionName = Id<struct ConnectionTag>;  // as configured: letters, digits, hyphen
using CorrelationId =
    Id<struct CorrelationTag>;  // GUID sent as client-request-id and MS-CorrelationId

}  // namespace cosell

template <typename Tag>
struct std::hash<cosell::Id<Tag>> {
  std::size_t operator()(const cosell::Id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.text);
  }
};

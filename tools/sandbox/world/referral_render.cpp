#include "tools/sandbox/world/referral_render.h"

#include "base/text.h"

namespace cosell::sandbox {
namespace {

constexpr std::string_view kPath = "/v1.0/engagements/referrals";

// Links as the server hands them out; misspelt as in public samples (contract 3.4).
Json Links(const Json& referral, const Origins& origins, bool misspelt) {
  std::string base = origins.referrals + std::string(kPath);
  if (misspelt) base = ReplaceAll(base, "engagements", "engagments");
  std::string siblings =
      base + "?$filter=engagementId eq '" + TextAt(referral, "engagementId") + "'";
  if (misspelt) siblings = ReplaceAll(ReplaceAll(siblings, "?", ""), "'", "");
  return {{"relatedReferrals", {{"uri", siblings}, {"method", "GET"}}},
          {"self", {{"uri", base + "/" + TextAt(referral, "id")}, {"method", "GET"}}}};
}

void NullEmptyArrays(Json& value) {
  for (Json& member : value) {
    if (member.is_array() && member.empty())
      member = nullptr;
    else if (member.is_structured())
      NullEmptyArrays(member);
  }
}

}  // namespace

Json Rendered(Json referral, const Origins& origins, const Switches& switches) {
  if (referral.contains("customerProfile") && switches.ids_as_object)
    referral["customerProfile"]["ids"] = Json::object();
  if (switches.null_arrays) NullEmptyArrays(referral);
  if (!referral.contains("customerProfile")) return referral;  // $select
  referral["links"] = Links(referral, origins, switches.misspelt_links);
  if (switches.unknown_members) {
    referral["acceptanceScore"] = 0.25;
    referral["regionalInsights"] = {{"tier", "B"}, {"hints", Json::array()}};
  }
  return referral;
}

}  // namespace cosell::sandbox

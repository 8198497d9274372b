#include "mapping/referral_members.h"

#include "base/text.h"
#include "mapping/pointer.h"

namespace cosell {
namespace {

using Kind = MemberKind;
using Writing = MemberWriting;

constexpr ReferralMember kMembers[] = {
    {"/id", Kind::text, Writing::never},
    {"/engagementId", Kind::text, Writing::never},
    {"/organizationId", Kind::text, Writing::never},
    {"/organizationName", Kind::text, Writing::never},
    {"/mpnId", Kind::text, Writing::at_creation},
    {"/name", Kind::text, Writing::patched},
    {"/externalReferenceId", Kind::text, Writing::patched},
    {"/campaignId", Kind::text, Writing::patched},
    {"/referralProgram", Kind::text, Writing::patched},
    {"/salesStage", Kind::text, Writing::patched},
    {"/status", Kind::text, Writing::never},
    {"/substatus", Kind::text, Writing::never},
    {"/statusReason", Kind::text, Writing::never},
    {"/type", Kind::text, Writing::never},
    {"/qualification", Kind::text, Writing::at_creation},
    {"/direction", Kind::text, Writing::never},
    {"/referralSource", Kind::text, Writing::never},
    {"/callToAction", Kind::text, Writing::never},
    {"/quality", Kind::text, Writing::never},
    {"/isSpam", Kind::boolean, Writing::never},
    {"/favorite", Kind::boolean, Writing::at_creation},
    {"/dealSensitivity", Kind::text, Writing::never},
    {"/createdVia", Kind::text, Writing::never},
    {"/lastModifiedVia", Kind::text, Writing::never},
    {"/lastRunId", Kind::text, Writing::never},
    {"/createdDateTime", Kind::time, Writing::never},
    {"/updatedDateTime", Kind::time, Writing::never},
    {"/expirationDateTime", Kind::time, Writing::never},
    {"/acceptedDateTime", Kind::time, Writing::never},
    {"/closedDateTime", Kind::time, Writing::never},
    {"/registrationStatus", Kind::text, Writing::never},
    {"/tags", Kind::list, Writing::never},
    {"/target/*/type", Kind::text, Writing::never},
    {"/target/*/id", Kind::text, Writing::never},
    {"/customerProfile/name", Kind::text, Writing::at_creation},
    {"/customerProfile/size", Kind::text, Writing::at_creation},
    {"/customerProfile/isMatchingComplete", Kind::boolean, Writing::never},
    {"/customerProfile/address/addressLine1", Kind::text, Writing::at_creation},
    {"/customerProfile/address/addressLine2", Kind::text, Writing::at_creation},
    {"/customerProfile/address/city", Kind::text, Writing::at_creation},
    {"/customerProfile/address/state", Kind::text, Writing::at_creation},
    {"/customerProfile/address/postalCode", Kind::text, Writing::at_creation},
    {"/customerProfile/address/country", Kind::text, Writing::at_creation},
    {"/customerProfile/address/region", Kind::text, Writing::at_creation},
    {"/customerProfile/team", Kind::list, Writing::patched},
    {"/customerProfile/team/*/firstName", Kind::text, Writing::never},
    {"/customerProfile/team/*/lastName", Kind::text, Writing::never},
    {"/customerProfile/team/*/email", Kind::text, Writing::never},
    {"/customerProfile/team/*/phoneNumber", Kind::text, Writing::never},
    {"/customerProfile/team/*/title", Kind::text, Writing::never},
    {"/customerProfile/ids/*/profileType", Kind::text, Writing::never},
    {"/customerProfile/ids/*/id", Kind::text, Writing::at_creation},
    {"/consent/consentToToShareInfoWithOthers", Kind::boolean, Writing::never},
    {"/consent/consentToContact", Kind::boolean, Writing::never},
    {"/consent/consentToMicrosoftToContactSpecificPartners", Kind::boolean, Writing::never},
    {"/consent/consentToShareReferralWithMicrosoftSellers", Kind::boolean, Writing::patched},
    {"/details/notes", Kind::text, Writing::patched},
    {"/details/dealValue", Kind::number, Writing::patched},
    {"/details/currency", Kind::text, Writing::patched},
    {"/details/closingDateTime", Kind::time, Writing::patched},
    {"/details/customerRequestedContact", Kind::boolean, Writing::never},
    {"/details/customerAction", Kind::text, Writing::never},
    {"/details/incentiveLevel", Kind::text, Writing::never},
    {"/details/requirements/industries", Kind::list, Writing::at_creation},
    {"/details/requirements/industries/*/id", Kind::text, Writing::never},
    {"/details/requirements/products", Kind::list, Writing::at_creation},
    {"/details/requirements/products/*/id", Kind::text, Writing::never},
    {"/details/requirements/services", Kind::list, Writing::at_creation},
    {"/details/requirements/services/*/id", Kind::text, Writing::never},
    {"/details/requirements/offers", Kind::list, Writing::at_creation},
    {"/details/requirements/salesPlays", Kind::list, Writing::at_creation},
    {"/details/requirements/solutions", Kind::list, Writing::patched},
    {"/details/requirements/solutions/*/id", Kind::text, Writing::never},
    {"/details/requirements/solutions/*/name", Kind::text, Writing::never},
    {"/details/requirements/solutions/*/type", Kind::text, Writing::never},
    {"/details/requirements/solutions/*/price", Kind::number, Writing::never},
    {"/details/requirements/solutions/*/quantity", Kind::number, Writing::never},
    {"/details/requirements/solutions/*/currency", Kind::text, Writing::never},
    {"/details/requirements/solutions/*/publisherName", Kind::text, Writing::never},
    {"/details/requirements/solutions/*/solutionType", Kind::text, Writing::never},
    {"/details/requirements/additionalRequirements/attributes/*/type", Kind::text, Writing::never},
    {"/details/requirements/additionalRequirements/attributes/*/id", Kind::text, Writing::never},
    {"/team", Kind::list, Writing::patched},
    {"/team/*/firstName", Kind::text, Writing::never},
    {"/team/*/lastName", Kind::text, Writing::never},
    {"/team/*/email", Kind::text, Writing::never},
    {"/team/*/phoneNumber", Kind::text, Writing::never},
    {"/team/*/title", Kind::text, Writing::never},
    {"/inviteContext/notes", Kind::text, Writing::never},
    {"/inviteContext/assistanceRequestCode", Kind::text, Writing::at_creation},
    {"/inviteContext/invitedMpnId", Kind::text, Writing::never},
    {"/inviteContext/invitedBy/organizationId", Kind::text, Writing::never},
    {"/inviteContext/invitedBy/organizationName", Kind::text, Writing::never},
    {"/trackingInfo/microsoftMsxId", Kind::text, Writing::never},
    {"/trackingInfo/microsoftUSFedOpportunityId", Kind::text, Writing::never},
    {"/trackingInfo/microsoftUSFedLeadId", Kind::text, Writing::never},
    {"/trackingInfo/migratedPSCDealId", Kind::text, Writing::never},
    {"/trackingInfo/migratedPSCPartnerDealId", Kind::text, Writing::never},
};

bool IsListStep(const std::string& step) {
  std::size_t index = 0;
  return IsIndex(step, &index) || !SelectorOf(step).empty();
}

bool Means(std::string_view member, const std::vector<std::string>& steps) {
  const auto parts = StepsOf(member);
  if (parts.size() != steps.size()) return false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == "*" ? !IsListStep(steps[i]) : parts[i] != steps[i]) return false;
  }
  return true;
}

}  // namespace

std::optional<ReferralMember> FindReferralMember(std::string_view pointer) {
  if (pointer.empty() || pointer.front() != '/') return std::nullopt;
  const auto steps = StepsOf(pointer);
  for (const ReferralMember& member : kMembers) {
    if (Means(member.pointer, steps)) return member;
  }
  return std::nullopt;
}

std::vector<std::string> ReferralMemberPointers() {
  std::vector<std::string> pointers;
  for (const ReferralMember& member : kMembers)
    pointers.push_back(ReplaceAll(std::string(member.pointer), "*", "0"));
  return pointers;
}

}  // namespace cosell

#include "tools/sandbox/world/referral_schema.h"

#include <algorithm>
#include <map>

#include "base/guid.h"
#include "base/text.h"

namespace cosell::sandbox {
namespace {

constexpr std::string_view kPaths =
    "@odata.context id engagementId organizationId organizationName mpnId name externalReferenceId "
    "campaignId referralProgram salesStage status substatus statusReason type qualification "
    "direction referralSource callToAction quality isSpam favorite tags dealSensitivity createdVia "
    "lastModifiedVia lastRunId createdDateTime updatedDateTime expirationDateTime "
    "acceptedDateTime closedDateTime registrationStatus registrations eTag "
    "target[]/type target[]/id "
    "customerProfile/name customerProfile/size customerProfile/isMatchingComplete "
    "customerProfile/address/addressLine1 customerProfile/address/addressLine2 "
    "customerProfile/address/city customerProfile/address/state "
    "customerProfile/address/postalCode customerProfile/address/country "
    "customerProfile/address/region customerProfile/ids[]/profileType customerProfile/ids[]/id "
    "customerProfile/team[]/firstName customerProfile/team[]/lastName "
    "customerProfile/team[]/phoneNumber customerProfile/team[]/email customerProfile/team[]/title "
    "customerProfile/team[]/contactPreference/locale "
    "customerProfile/team[]/contactPreference/disableNotifications "
    "customerProfile/team[]/emailValidationStatus customerProfile/team[]/phoneValidationStatus "
    "team[]/firstName team[]/lastName team[]/phoneNumber team[]/email team[]/title "
    "team[]/contactPreference/locale team[]/contactPreference/disableNotifications "
    "consent/consentToToShareInfoWithOthers consent/consentToContact "
    "consent/consentToMicrosoftToContactSpecificPartners "
    "consent/consentToShareReferralWithMicrosoftSellers "
    "details/notes details/dealValue details/currency details/closingDateTime "
    "details/customerRequestedContact details/customerAction details/incentiveLevel "
    "details/requirements/industries[]/id details/requirements/products[]/id "
    "details/requirements/services[]/id details/requirements/offers[]/id "
    "details/requirements/salesPlays[]/id details/requirements/solutions[]/id "
    "details/requirements/solutions[]/name details/requirements/solutions[]/type "
    "details/requirements/solutions[]/price details/requirements/solutions[]/quantity "
    "details/requirements/solutions[]/currency details/requirements/solutions[]/publisherName "
    "details/requirements/solutions[]/solutionType "
    "details/requirements/solutions[]/closingDateTime "
    "details/requirements/additionalRequirements/iot/customerLicenseAgreementNumber "
    "details/requirements/additionalRequirements/iot/deviceCategory "
    "details/requirements/additionalRequirements/iot/siliconType "
    "details/requirements/additionalRequirements/iot/azureCertifiedDevice "
    "details/requirements/additionalRequirements/iot/attachServices "
    "details/requirements/additionalRequirements/attributes[]/type "
    "details/requirements/additionalRequirements/attributes[]/id "
    "inviteContext/notes inviteContext/assistanceRequestCode inviteContext/invitedMpnId "
    "inviteContext/invitedBy/organizationId inviteContext/invitedBy/organizationName "
    "links/relatedReferrals/uri links/relatedReferrals/method links/self/uri links/self/method "
    "trackingInfo/microsoftMsxId trackingInfo/microsoftUSFedOpportunityId "
    "trackingInfo/microsoftUSFedLeadId trackingInfo/migratedPSCDealId "
    "trackingInfo/migratedPSCPartnerDealId";

struct Member {
  std::string name;
  bool array = false;
  std::map<std::string, Member> members;  // by lower-case name
};

Member BuildTree() {
  Member root;
  for (const std::string& path : Split(kPaths, ' ')) {
    Member* at = &root;
    for (std::string name : Split(path, '/')) {
      const bool array = name.ends_with("[]");
      if (array) name.resize(name.size() - 2);
      at = &at->members[ToLower(name)];
      at->name = name;
      at->array = array;
    }
  }
  return root;
}

const Member& Tree() {
  static const Member tree = BuildTree();
  return tree;
}

Json CanonicalBy(const Json& input, const Member& shape) {
  if (input.is_array()) {
    Json out = Json::array();
    for (const Json& element : input) out.push_back(CanonicalBy(element, shape));
    return out;
  }
  if (!input.is_object() || shape.members.empty()) return input;
  Json out = Json::object();
  for (const auto& [name, value] : input.items()) {
    const auto member = shape.members.find(ToLower(name));
    if (member != shape.members.end())
      out[member->second.name] = CanonicalBy(value, member->second);
  }
  return out;
}

const std::map<std::string, std::string, std::less<>>& Vocabularies() {
  static const std::map<std::string, std::string, std::less<>> words = {
      {"status", "New Active Closed"},
      {"substatus", "Pending Received Accepted Won Lost Declined Expired Error"},
      {"type", "Independent Shared"},
      {"qualification", "None Direct MarketingQualified SalesQualified"},
      {"target", "None BusinessProfileLocation SolutionProfile"},
      {"solution", "None Category Name"},
      {"assistance",
       "Unknown GeneralOrOther CustomerTechnicalArchitecture ProofOfConceptOrDemo "
       "QuotesOrLicensing PostSalesCustomerSuccess WorkloadSpecificValueProposition"}};
  return words;
}

constexpr std::string_view kCountries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ "
    "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW "
    "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY "
    "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG "
    "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM "
    "ZW";

constexpr std::string_view kCurrencies =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL "
    "GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF "
    "KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
    "MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD "
    "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH "
    "UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL";

bool IsWordOf(std::string_view list, std::string_view word) {
  const std::vector<std::string> words = Split(list, ' ');
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsAlphanumeric(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
}

}  // namespace

std::optional<std::string> CanonicalPath(std::string_view path) {
  const Member* at = &Tree();
  std::vector<std::string> names;
  for (std::string name : Split(path, '/')) {
    const bool element = name.ends_with("[]");
    if (element) name.resize(name.size() - 2);
    const auto member = at->members.find(ToLower(name));
    if (member == at->members.end() || (element && !member->second.array)) return std::nullopt;
    at = &member->second;
    names.push_back(at->name + (element ? "[]" : ""));
  }
  return Join(names, "/");
}

Json Canonical(const Json& input) { return CanonicalBy(input, Tree()); }

const std::vector<std::string>& ServerMembers() {
  static const std::vector<std::string> members = {"@odata.context",
                                                   "id",
                                                   "organizationId",
                                                   "organizationName",
                                                   "direction",
                                                   "referralSource",
                                                   "callToAction",
                                                   "quality",
                                                   "isSpam",
                                                   "tags",
                                                   "dealSensitivity",
                                                   "createdDateTime",
                                                   "updatedDateTime",
                                                   "expirationDateTime",
                                                   "acceptedDateTime",
                                                   "closedDateTime",
                                                   "registrationStatus",
                                                   "registrations",
                                                   "links",
                                                   "trackingInfo",
                                                   "eTag"};
  return members;
}

std::optional<std::string> CanonicalWord(std::string_view vocabulary, std::string_view word) {
  for (const std::string& known : Split(Vocabularies().find(vocabulary)->second, ' '))
    if (EqualsIgnoreCase(known, word)) return known;
  return std::nullopt;
}

bool IsCountryCode(std::string_view text) { return IsWordOf(kCountries, text); }
bool IsCurrencyCode(std::string_view text) { return IsWordOf(kCurrencies, text); }

bool IsSolutionId(std::string_view text) {
  if (NormalizeGuid(text)) return true;
  const std::vector<std::string> parts = Split(text, '-');
  return parts.size() == 3 && parts[0] == "SOL" && IsAlphanumeric(parts[1]) &&
         parts[2].size() == 3 && IsAlphanumeric(parts[2]);
}

}  // namespace cosell::sandbox

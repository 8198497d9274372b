#include "tools/sandbox/seed_referral.h"

#include <array>
#include <charconv>

#include "base/clock.h"
#include "base/guid.h"
#include "base/text.h"
#include "tools/sandbox/seed_words.h"
#include "tools/sandbox/world/json.h"

namespace cosell::sandbox {
namespace {

using Rng = SeededRandom;

constexpr std::array<const char*, 6> kSalesStages = {"10", "20", "40", "60", "80", "100"};

// Leaves an optional text out in one of the three ways seen in live data.
void Nothing(Json& object, const char* name, Rng& random) {
  const std::uint64_t way = random.Below(3);
  if (way == 0) object[name] = nullptr;
  if (way == 1) object[name] = "";
  if (way == 2) object.erase(name);
}

void TextOrNothing(Json& object, const char* name, const std::string& text, Rng& random) {
  if (text.empty())
    Nothing(object, name, random);
  else
    object[name] = text;
}

// "…44.12Z" or, as the documents print it, "…44.1200000Z".
std::string Stamp(Instant at, Rng& random) {
  std::string text = FormatInstant(at);
  if (random.Below(3) != 0) return text;
  text.pop_back();
  if (text.find('.') == std::string::npos) text += '.';
  while (text.size() < 27) text += '0';
  return text + "Z";
}

Json Person(const SeedPerson& person, Rng& random) {
  Json member = {{"firstName", person.first_name},
                 {"lastName", person.last_name},
                 {"phoneNumber", person.phone},
                 {"email", person.email}};
  TextOrNothing(member, "title", person.title, random);
  if (random.Below(2) == 0)
    member["contactPreference"] = {{"locale", "en-us"}, {"disableNotifications", true}};
  return member;
}

Json Customer(const SeedDeal& deal, Rng& random) {
  Json address = {{"addressLine1", deal.address.line1},
                  {"city", deal.address.city},
                  {"postalCode", deal.address.postal_code},
                  {"country", deal.address.country}};
  TextOrNothing(address, "addressLine2", deal.address.line2, random);
  TextOrNothing(address, "state", deal.address.state, random);
  Nothing(address, "region", random);
  Json customer = {{"name", deal.account_name},
                   {"size", kSizes[random.Below(kSizes.size())]},
                   {"isMatchingComplete", random.Below(2) == 0},
                   {"address", address},
                   {"team", Json::array()},
                   {"ids", Json::array()}};
  if (random.Below(2) == 0) customer["ids"].push_back({{"profileType", "Duns"}, {"id", ""}});
  if (deal.contact) customer["team"].push_back(Person(*deal.contact, random));
  return customer;
}

Json Solutions(const SeedDeal& deal) {
  Json solutions = Json::array();
  for (const SeedSolution& solution : deal.solutions)
    solutions.push_back({{"id", solution.id},
                         {"name", solution.name},
                         {"type", "Name"},
                         {"price", nullptr},
                         {"quantity", nullptr},
                         {"currency", nullptr},
                         {"publisherName", "Contoso Robotics"},
                         {"solutionType", "3P"},
                         {"closingDateTime", nullptr}});
  return solutions;
}

Json Details(const SeedDeal& deal, Rng& random) {
  Json details = {{"currency", deal.currency}, {"customerRequestedContact", nullptr}};
  if (deal.value) {
    double value = 0;
    std::from_chars(deal.value->data(), deal.value->data() + deal.value->size(), value);
    details["dealValue"] = value;
  } else {
    Nothing(details, "dealValue", random);
    if (details.contains("dealValue")) details["dealValue"] = nullptr;
  }
  TextOrNothing(details, "notes", deal.notes, random);
  const char* time = random.Below(4) == 0 ? "T00:00:00.0000000Z" : "T00:00:00Z";
  details["closingDateTime"] = deal.closing_date + time;
  details["requirements"] = {
      {"industries", {{{"id", kIndustries[random.Below(kIndustries.size())]}}}},
      {"products", {{{"id", "Azure"}}}},
      {"services", Json::array()},
      {"solutions", Solutions(deal)},
      {"offers", Json::array()},
      {"salesPlays", Json::array()},
      {"additionalRequirements",
       {{"iot", Json::object()},
        {"attributes", {{{"type", "CustomerMarketplaceIntent"}, {"id", "HaveNotDecided"}}}}}}};
  return details;
}

Json Consent(const SeedDeal& deal, Rng& random) {
  Json consent = {{"consentToToShareInfoWithOthers", true},
                  {"consentToShareReferralWithMicrosoftSellers", deal.visible}};
  if (random.Below(2) == 0) consent["consentToContact"] = true;
  if (random.Below(2) == 0) consent["consentToMicrosoftToContactSpecificPartners"] = nullptr;
  return consent;
}

bool IsLead(const SeedDeal& deal) {
  return deal.origin == SeedOrigin::lead || deal.origin == SeedOrigin::marketplace_lead;
}

// Contract 3.8, "Classification of a referral".
void Classify(Json& referral, const SeedDeal& deal, Rng& random) {
  const bool shared = !deal.help_label.empty() || deal.origin == SeedOrigin::microsoft;
  referral["type"] = shared && !IsLead(deal) ? "Shared" : "Independent";
  referral["qualification"] = "SalesQualified";
  if (deal.origin == SeedOrigin::marketplace_lead) {
    referral["qualification"] = "Direct";
    referral["referralSource"] = "AppSource";
    referral["callToAction"] = "Contact me";
  } else if (deal.origin == SeedOrigin::lead && random.Below(2) == 0) {
    referral["qualification"] = "MarketingQualified";
  }
  referral["direction"] = deal.origin == SeedOrigin::own ? "Outgoing" : "Incoming";
}

Json Invite(const SeedDeal& deal, const Identities& identities) {
  Json by = {{"organizationId", "msft"}, {"organizationName", "Microsoft"}};
  if (deal.origin == SeedOrigin::own)
    by = {{"organizationId", identities.organization_id},
          {"organizationName", identities.organization_name}};
  Json invite = {{"notes", nullptr},
                 {"assistanceRequestCode", nullptr},
                 {"invitedMpnId", identities.mpn_id},
                 {"invitedBy", by}};
  if (!deal.help_label.empty()) {
    invite["notes"] = "Please take a look.";
    invite["assistanceRequestCode"] = HelpCode(deal.help_label);
  }
  return invite;
}

void SetLifeCycle(Json& referral, const SeedDeal& deal, Rng& random) {
  referral["status"] = deal.status;
  referral["substatus"] = deal.substatus;
  referral["createdDateTime"] = Stamp(deal.created_at, random);
  referral["updatedDateTime"] = Stamp(deal.updated_at, random);
  const bool open = deal.status == "New";
  referral["acceptedDateTime"] = nullptr;
  referral["closedDateTime"] = nullptr;
  referral["expirationDateTime"] = nullptr;
  if (open)
    referral["expirationDateTime"] = FormatInstant(deal.created_at + std::chrono::hours(336));
  if (deal.status == "Active" || deal.substatus == "Won" || deal.substatus == "Lost")
    referral["acceptedDateTime"] = referral["createdDateTime"];
  if (deal.status == "Closed") referral["closedDateTime"] = referral["updatedDateTime"];
  if (deal.substatus == "Lost" || deal.substatus == "Declined")
    referral["statusReason"] = kLostReasons[random.Below(kLostReasons.size())];
  else
    Nothing(referral, "statusReason", random);
}

Json OwnReferral(const SeedDeal& deal, const Identities& identities, Rng& random) {
  Json referral = {{"id", deal.referral_id},
                   {"engagementId", NewGuid(random)},
                   {"organizationId", identities.organization_id},
                   {"organizationName", identities.organization_name},
                   {"mpnId", identities.mpn_id},
                   {"name", deal.name},
                   {"isSpam", false},
                   {"favorite", random.Below(5) == 0},
                   {"quality", "Unknown"},
                   {"tags", Json::array()},
                   {"registrationStatus", "None"},
                   {"registrations", Json::array()},
                   {"createdVia", nullptr},
                   {"lastModifiedVia", random.Below(2) == 0 ? Json("UI") : Json()},
                   {"lastRunId", nullptr},
                   {"target", Json::array()},
                   {"customerProfile", Customer(deal, random)},
                   {"consent", Consent(deal, random)},
                   {"details", Details(deal, random)},
                   {"team", Json::array({Person(deal.owner, random)})},
                   {"inviteContext", Invite(deal, identities)},
                   {"trackingInfo", {{"microsoftMsxId", nullptr}}}};
  if (!deal.microsoft_crm_id.empty())
    referral["trackingInfo"]["microsoftMsxId"] = deal.microsoft_crm_id;
  Classify(referral, deal, random);
  SetLifeCycle(referral, deal, random);
  TextOrNothing(referral, "externalReferenceId", deal.opportunity_id, random);
  TextOrNothing(referral, "campaignId", random.Below(6) == 0 ? "SPRING26" : "", random);
  Nothing(referral, "referralProgram", random);
  if (random.Below(3) == 0)
    referral["salesStage"] = kSalesStages[random.Below(kSalesStages.size())];
  if (random.Below(4) == 0)
    referral["futureMember"] = {{"depth", 1}, {"list", {1, "zwei", nullptr}}};
  return referral;
}

// Microsoft's side of the same deal: asked by us, or the one that brought it.
Json MicrosoftReferral(const Json& own, const SeedDeal& deal, Rng& random) {
  Json sibling = own;
  sibling["id"] = NewGuid(random);
  sibling["organizationId"] = "msft";
  sibling["organizationName"] = "Microsoft";
  sibling["externalReferenceId"] = nullptr;
  sibling["direction"] = "Outgoing";
  sibling["target"] = {{{"type", "BusinessProfileLocation"}, {"id", "msft"}}};
  sibling["expirationDateTime"] = nullptr;
  sibling["team"] = Json::array();
  const bool accepted = deal.origin == SeedOrigin::microsoft || !deal.microsoft_crm_id.empty();
  sibling["status"] = accepted ? "Active" : "New";
  sibling["substatus"] = accepted ? "Accepted" : "Pending";
  sibling["closedDateTime"] = nullptr;
  sibling["acceptedDateTime"] = accepted ? own["createdDateTime"] : Json();
  if (!accepted)
    sibling["expirationDateTime"] = FormatInstant(deal.created_at + std::chrono::hours(336));
  return sibling;
}

}  // namespace

std::vector<std::string> SeedReferrals(const SeedDeal& deal, const Identities& identities) {
  Rng random(0x5eed0000u + static_cast<std::uint64_t>(deal.number) +
             (static_cast<std::uint64_t>(deal.created_at.time_since_epoch().count()) << 8));
  const Json own = OwnReferral(deal, identities, random);
  std::vector<std::string> referrals = {own.dump()};
  if (!deal.help_label.empty() || deal.origin == SeedOrigin::microsoft)
    referrals.push_back(MicrosoftReferral(own, deal, random).dump());
  return referrals;
}

}  // namespace cosell::sandbox

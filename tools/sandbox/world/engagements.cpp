#include "tools/sandbox/world/engagements.h"

#include <algorithm>

#include "base/guid.h"
#include "tools/sandbox/world/referral_patch.h"
#include "tools/sandbox/world/referral_schema.h"

namespace cosell::sandbox {
namespace {

Error Invalid(const std::string& message) { return Refused(400, "invalidRequest", message); }

bool AddressedToMicrosoft(const Json& body) {
  const Json* target = At(body, "target");
  return target != nullptr && target->is_array() &&
         std::any_of(target->begin(), target->end(),
                     [](const Json& element) { return TextAt(element, "id") == "msft"; });
}

// Members a stored referral always has, with the value they have when nobody gave one.
Json EmptyReferral() {
  return Json::parse(R"({
    "name": null, "mpnId": null, "externalReferenceId": null, "campaignId": null,
    "referralProgram": null, "salesStage": null, "statusReason": null, "qualification": "None",
    "referralSource": null, "callToAction": null, "quality": "Unknown", "isSpam": false,
    "favorite": false, "tags": [], "dealSensitivity": "None", "createdVia": null,
    "lastModifiedVia": null, "lastRunId": null, "expirationDateTime": null,
    "acceptedDateTime": null, "closedDateTime": null, "registrationStatus": "None",
    "registrations": [], "target": [], "team": [],
    "customerProfile": {"size": null, "isMatchingComplete": false, "team": [], "ids": [],
      "address": {"addressLine2": null, "state": null, "postalCode": null, "region": null}},
    "consent": {"consentToToShareInfoWithOthers": null, "consentToContact": null,
      "consentToMicrosoftToContactSpecificPartners": null,
      "consentToShareReferralWithMicrosoftSellers": false},
    "details": {"notes": null, "customerRequestedContact": null, "customerAction": null,
      "incentiveLevel": null,
      "requirements": {"industries": [], "products": [], "services": [], "solutions": [],
        "offers": [], "salesPlays": [], "additionalRequirements": {"iot": {}, "attributes": []}}},
    "inviteContext": {"notes": null, "assistanceRequestCode": null, "invitedMpnId": null,
      "invitedBy": {"organizationId": null, "organizationName": null}},
    "trackingInfo": {"microsoftMsxId": null, "microsoftUSFedOpportunityId": null,
      "microsoftUSFedLeadId": null, "migratedPSCDealId": null, "migratedPSCPartnerDealId": null}
  })");
}

// `over` laid on `base`, objects member by member; null does not replace an object.
void Lay(Json& base, const Json& over) {
  for (const auto& [name, value] : over.items()) {
    Json& member = base[name];
    if (member.is_object() && value.is_object())
      Lay(member, value);
    else if (!(member.is_object() && value.is_null()))
      member = value;
  }
}

// Members of a solution that were not given are null, as read back (example 8.4).
void FillSolutions(Json& body) {
  for (Json& solution : body["details"]["requirements"]["solutions"])
    for (const char* name : {"name", "type", "price", "quantity", "currency", "publisherName",
                             "solutionType", "closingDateTime"})
      if (!solution.contains(name)) solution[name] = nullptr;
}

Json MicrosoftTeam() {
  return Json::parse(R"([{"firstName": "Partner", "lastName": "Desk", "phoneNumber": "+10000000000",
    "email": "partner.desk@msft.example", "title": "Seller",
    "contactPreference": {"locale": "en-us", "disableNotifications": false}}])");
}

}  // namespace

Engagements::Engagements(Clock& clock, Random& random, const Switches& switches,
                         const Identities& identities, Listener listener)
    : clock_(clock),
      random_(random),
      switches_(switches),
      identities_(identities),
      listener_(std::move(listener)),
      store_(random) {}

Result<std::string> Engagements::Create(const Json& input, Actor actor) {
  if (!input.is_object()) return Invalid("the body must be a referral.");
  if (switches_.server_fields_refused && actor == Actor::api)
    for (const std::string& name : ServerMembers())
      if (input.contains(name)) return Invalid(name + " is written by the server only.");
  Json body = Canonical(input);
  for (const std::string& name : ServerMembers()) body.erase(name);
  const bool connected = !TextAt(body, "engagementId").empty() && AddressedToMicrosoft(body);
  if (const Status valid = CheckCreate(body, connected, switches_); !valid) return valid.error();
  if (actor == Actor::person) body["createdVia"] = body["lastModifiedVia"] = "UI";
  return connected ? CreateConnected(std::move(body)) : CreateOwn(std::move(body));
}

Json Engagements::WithDefaults(Json body, const std::string& engagement_id) {
  Json referral = EmptyReferral();
  Lay(referral, body);
  FillSolutions(referral);
  const std::string now = FormatInstant(Stamp());
  referral["id"] = NewGuid(random_);
  referral["engagementId"] = engagement_id;
  referral["createdDateTime"] = now;
  referral["updatedDateTime"] = now;
  referral["organizationId"] = identities_.organization_id;
  referral["organizationName"] = identities_.organization_name;
  referral["direction"] = "Outgoing";
  Put(referral, "details/closingDateTime",
      FormatInstant(InstantAt(referral, "details/closingDateTime").value_or(Stamp())));
  return referral;
}

// Self-made deals start accepted, whatever status was sent (contract 3.5).
Result<std::string> Engagements::CreateOwn(Json body) {
  if (!TextAt(body, "engagementId").empty())
    return Invalid("engagementId may only be given for a connected referral.");
  Json referral = WithDefaults(std::move(body), NewGuid(random_));
  referral["status"] = "Active";
  referral["substatus"] = "Accepted";
  referral["acceptedDateTime"] = referral["createdDateTime"];
  referral["mpnId"] = identities_.mpn_id;
  Put(referral, "inviteContext/invitedBy",
      {{"organizationId", identities_.organization_id},
       {"organizationName", identities_.organization_name}});
  return Insert(std::move(referral));
}

Result<std::string> Engagements::CreateConnected(Json body) {
  const std::string engagement_id = TextAt(body, "engagementId");
  const auto parties = store_.Engagement(engagement_id);
  const auto own = std::find_if(parties.begin(), parties.end(), [this](const StoredReferral* p) {
    return p->organization() == identities_.organization_id;
  });
  if (own == parties.end()) return Refused(404, "itemNotFound", "the engagement was not found.");
  if ((*own)->closed()) return Invalid("the deal is closed.");
  Json referral = WithDefaults(std::move(body), engagement_id);
  const Instant deadline = clock_.Now() + std::chrono::seconds(switches_.expiry_s);
  referral["organizationId"] = "msft";
  referral["organizationName"] = "Microsoft";
  referral["externalReferenceId"] = nullptr;
  referral["status"] = "New";
  referral["substatus"] = "Pending";
  referral["expirationDateTime"] = FormatInstant(deadline);
  Put(referral, "inviteContext/invitedBy",
      {{"organizationId", identities_.organization_id},
       {"organizationName", identities_.organization_name}});
  const Json invite = referral["inviteContext"];
  const std::string id = Insert(std::move(referral));
  if (switches_.help_on_own_referral) {
    Json own_body = (*own)->body;
    own_body["inviteContext"] = invite;
    Save(**own, std::move(own_body), Actor::server);
  }
  if (switches_.microsoft_decision != "none")
    decisions_.emplace(clock_.Now() + std::chrono::seconds(switches_.microsoft_after_s),
                       Decision{id, switches_.microsoft_decision});
  return id;
}

Result<std::string> Engagements::CreateIncoming(const Json& input) {
  if (!input.is_object()) return Invalid("the body must be a referral.");
  const std::string engagement_id = NewGuid(random_);
  const Json invited_by = {{"organizationId", "msft"}, {"organizationName", "Microsoft"}};
  Json own = WithDefaults(Canonical(input), engagement_id);
  own["direction"] = "Incoming";
  own["status"] = "New";
  own["substatus"] = "Pending";
  own["expirationDateTime"] =
      FormatInstant(clock_.Now() + std::chrono::seconds(switches_.expiry_s));
  own["mpnId"] = identities_.mpn_id;
  Put(own, "inviteContext/invitedBy", invited_by);
  Json sibling = own;
  sibling["id"] = NewGuid(random_);
  sibling["organizationId"] = "msft";
  sibling["organizationName"] = "Microsoft";
  sibling["direction"] = "Outgoing";
  sibling["status"] = "Active";
  sibling["substatus"] = "Accepted";
  sibling["acceptedDateTime"] = own["createdDateTime"];
  sibling["expirationDateTime"] = nullptr;
  sibling["team"] = MicrosoftTeam();
  const std::string id = Insert(std::move(own));
  Insert(std::move(sibling));
  return id;
}

std::string Engagements::Insert(Json body) {
  const auto deadline = InstantAt(body, "expirationDateTime");
  const StoredReferral& referral = store_.Insert(std::move(body), clock_.Now());
  if (deadline) expiries_.emplace(*deadline, referral.id());
  Tell(referral, true);
  return referral.id();
}

void Engagements::Seed(Json body) {
  const auto deadline = InstantAt(body, "expirationDateTime");
  const bool waits = TextAt(body, "status") == "New" && deadline.has_value();
  // Seeded referrals are old news to stale reads.
  const StoredReferral& referral = store_.Insert(std::move(body), FromUnixMs(0));
  if (waits) expiries_.emplace(*deadline, referral.id());
}

bool Engagements::HelpAsked(const std::string& engagement_id) {
  const auto parties = store_.Engagement(engagement_id);
  return std::any_of(parties.begin(), parties.end(), [this](const StoredReferral* party) {
    return party->organization() == "msft" &&
           TextAt(party->body, "inviteContext/invitedBy/organizationId") ==
               identities_.organization_id;
  });
}

Status Engagements::Patch(const std::string& id, const Json& operations,
                          const std::string& if_match, Actor actor) {
  StoredReferral* referral = store_.Find(id);
  if (referral == nullptr) return Refused(404, "itemNotFound", "the referral was not found.");
  if (referral->organization() != identities_.organization_id)
    return Refused(403, "accessDenied", "the referral belongs to another organisation.");
  if (!if_match.empty() && if_match != "*" && if_match != TextAt(referral->body, "eTag"))
    return Refused(412, "preconditionFailed", "The supplied etag is not current.");
  Json body = referral->body;
  const PatchScene scene{actor, HelpAsked(referral->engagement())};
  if (const Status applied = ApplyPatch(body, operations, scene, switches_); !applied)
    return applied;
  FillSolutions(body);
  Save(*referral, std::move(body), actor);
  return Done{};
}

Status Engagements::Move(const std::string& id, std::string_view status, std::string_view substatus,
                         const std::string& reason, Actor actor) {
  StoredReferral* referral = store_.Find(id);
  if (referral == nullptr) return Refused(404, "itemNotFound", "the referral was not found.");
  if (referral->closed()) return Invalid("the referral is closed and cannot be changed.");
  Json body = referral->body;
  body["status"] = status;
  body["substatus"] = substatus;
  if (!reason.empty()) body["statusReason"] = reason;
  if (const Status move = CheckMove(referral->body, body, actor, switches_); !move) return move;
  Save(*referral, std::move(body), actor);
  return Done{};
}

// Writes the new version with the dates a move sets, and tells the listener.
void Engagements::Save(StoredReferral& referral, Json body, Actor actor) {
  const std::string now = FormatInstant(Stamp());
  const std::string before = TextAt(referral.body, "status");
  const std::string after = TextAt(body, "status");
  if (before != after && after == "Active") body["acceptedDateTime"] = now;
  if (before != after && after == "Closed") body["closedDateTime"] = now;
  if (actor == Actor::person) body["lastModifiedVia"] = "UI";
  store_.Update(referral, std::move(body), clock_.Now(), Stamp());
  Tell(referral, false);
}

void Engagements::Tell(const StoredReferral& referral, bool created) {
  const bool own = referral.organization() == identities_.organization_id;
  const std::string event =
      std::string(own ? "" : "related-") + (created ? "referral-created" : "referral-updated");
  listener_(event, referral.id(), referral.updated);
}

Status Engagements::PlanMicrosoft(const std::string& id, const std::string& decision, int after_s) {
  const StoredReferral* referral = store_.Find(id);
  if (referral == nullptr || referral->organization() != "msft")
    return Refused(404, "itemNotFound", "Microsoft has no referral of that id.");
  if (decision != "accept" && decision != "decline" && decision != "expire")
    return Invalid("Microsoft can accept, decline or let expire.");
  std::erase_if(decisions_,
                [&id](const auto& planned) { return planned.second.referral_id == id; });
  decisions_.emplace(clock_.Now() + std::chrono::seconds(after_s), Decision{id, decision});
  return Done{};
}

void Engagements::Advance() {
  while (!decisions_.empty() && decisions_.begin()->first <= clock_.Now()) {
    const Decision decision = decisions_.begin()->second;
    decisions_.erase(decisions_.begin());
    Decide(decision);
  }
  ExpireOld();
}

void Engagements::Decide(const Decision& decision) {
  StoredReferral* referral = store_.Find(decision.referral_id);
  if (referral == nullptr || TextAt(referral->body, "status") != "New") return;
  if (decision.decision == "accept") {
    AcceptForMicrosoft(*referral);
  } else {
    const bool declined = decision.decision == "decline";
    [[maybe_unused]] const Status moved =
        Move(decision.referral_id, "Closed", declined ? "Declined" : "Expired", "", Actor::server);
  }
}

void Engagements::AcceptForMicrosoft(StoredReferral& referral) {
  const std::string number = "7-" + NewGuid(random_).substr(0, 8);
  Json body = referral.body;
  body["status"] = "Active";
  body["substatus"] = "Accepted";
  body["team"] = MicrosoftTeam();
  if (switches_.msx_id_on != "own") Put(body, "trackingInfo/microsoftMsxId", number);
  Save(referral, std::move(body), Actor::server);
  if (switches_.msx_id_on == "sibling") return;
  for (StoredReferral* party : store_.Engagement(referral.engagement())) {
    if (party->organization() != identities_.organization_id || party->closed()) continue;
    Json own = party->body;
    Put(own, "trackingInfo/microsoftMsxId", number);
    Save(*party, std::move(own), Actor::server);
  }
}

void Engagements::ExpireOld() {
  while (!expiries_.empty() && expiries_.begin()->first <= clock_.Now()) {
    const std::string id = expiries_.begin()->second;
    expiries_.erase(expiries_.begin());
    const StoredReferral* referral = store_.Find(id);
    if (referral == nullptr || TextAt(referral->body, "status") != "New") continue;
    [[maybe_unused]] const Status moved = Move(id, "Closed", "Expired", "", Actor::server);
  }
}

std::optional<Instant> Engagements::NextDue() const {
  std::optional<Instant> next;
  if (!decisions_.empty()) next = decisions_.begin()->first;
  if (!expiries_.empty() && (!next || expiries_.begin()->first < *next))
    next = expiries_.begin()->first;
  return next;
}

void Engagements::Clear() {
  store_.Clear();
  decisions_.clear();
  expiries_.clear();
}

}  // namespace cosell::sandbox

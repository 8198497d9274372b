#include "tools/sandbox/world/referral_rules.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "tools/sandbox/world/referral_schema.h"

namespace cosell::sandbox {
namespace {

Error Invalid(const std::string& message) { return Refused(400, "invalidRequest", message); }

bool IsTrue(const Json& root, std::string_view path) {
  const Json* value = At(root, path);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

bool HasPerson(const Json& member) {
  static constexpr std::array<std::string_view, 4> kNeeded = {"firstName", "lastName",
                                                              "phoneNumber", "email"};
  return member.is_object() && std::all_of(kNeeded.begin(), kNeeded.end(), [&](auto name) {
           return !TextAt(member, name).empty();
         });
}

Status CheckObjects(const Json& body) {
  if (TextAt(body, "type").empty()) return Invalid("type is required.");
  for (const char* name : {"customerProfile", "consent", "details"}) {
    const Json* member = At(body, name);
    if (member == nullptr || !member->is_object())
      return Invalid(std::string(name) + " is required.");
  }
  return Done{};
}

Status CheckCustomer(const Json& body) {
  for (const char* path : {"customerProfile/name", "customerProfile/address/addressLine1",
                           "customerProfile/address/city", "customerProfile/address/country"})
    if (TextAt(body, path).empty()) return Invalid(ReplaceAll(path, "/", ".") + " is required.");
  if (!IsCountryCode(TextAt(body, "customerProfile/address/country")))
    return Invalid("customerProfile.address.country must be a two-letter ISO 3166 code.");
  return Done{};
}

Status CheckMoney(const Json& body) {
  const Json* value = At(body, "details/dealValue");
  if (value == nullptr || !value->is_number() || value->get<double>() < 0)
    return Invalid("details.dealValue is required and must be a number.");
  if (!IsCurrencyCode(TextAt(body, "details/currency")))
    return Invalid("details.currency must be an ISO 4217 code.");
  if (!InstantAt(body, "details/closingDateTime"))
    return Invalid("details.closingDateTime is required and must be a timestamp.");
  return Done{};
}

// Spells the word at `path` as documented; refuses one outside the vocabulary.
Status SpellWord(Json& body, const char* path, std::string_view vocabulary) {
  const std::string word = TextAt(body, path);
  if (At(body, path) == nullptr) return Done{};
  const auto known = CanonicalWord(vocabulary, word);
  if (!known) return Invalid(ReplaceAll(path, "/", ".") + " has an unknown value.");
  Put(body, path, *known);
  return Done{};
}

Status SpellWords(Json& body) {
  static constexpr std::array<std::pair<const char*, const char*>, 5> kWords = {
      {{"type", "type"},
       {"qualification", "qualification"},
       {"status", "status"},
       {"substatus", "substatus"},
       {"inviteContext/assistanceRequestCode", "assistance"}}};
  for (const auto& [path, vocabulary] : kWords)
    if (const Status spelt = SpellWord(body, path, vocabulary); !spelt) return spelt;
  return Done{};
}

Status CheckTarget(const Json& body) {
  const Json* target = At(body, "target");
  if (target == nullptr) return Done{};
  if (!target->is_array()) return Invalid("target must be an array.");
  for (const Json& element : *target)
    if (!CanonicalWord("target", TextAt(element, "type")) || TextAt(element, "id").empty())
      return Invalid("target needs a known type and an id in every entry.");
  return Done{};
}

Status CheckStatusOfNew(const Json& body) {
  const std::string status = TextAt(body, "status");
  const std::string substatus = TextAt(body, "substatus");
  if (status.empty() && substatus.empty()) return Done{};
  if (!IsLegalPair(status, substatus) || status == "Closed")
    return Invalid("status and substatus do not fit a new referral.");
  return Done{};
}

Status CheckConnected(const Json& body, const Switches& switches) {
  const Json* contacts = At(body, "customerProfile/team");
  if (const Status contact = CheckContact(contacts == nullptr ? Json() : *contacts); !contact)
    return contact;
  if (switches.seller_consent_required &&
      !IsTrue(body, "consent/consentToShareReferralWithMicrosoftSellers"))
    return Invalid("consentToShareReferralWithMicrosoftSellers must be true to ask Microsoft.");
  const std::string code = TextAt(body, "inviteContext/assistanceRequestCode");
  if (switches.help_code_required && (code.empty() || code == "Unknown"))
    return Invalid("inviteContext.assistanceRequestCode is required to ask Microsoft.");
  return Done{};
}

bool HasAttribute(const Json& body, std::string_view type) {
  const Json* attributes = At(body, "details/requirements/additionalRequirements/attributes");
  return attributes != nullptr &&
         std::any_of(attributes->begin(), attributes->end(), [&](const Json& attribute) {
           return TextAt(attribute, "type") == type && !TextAt(attribute, "id").empty();
         });
}

Status CheckAttributes(const Json& body, const Switches& switches) {
  if (switches.marketplace_intent_required && !HasAttribute(body, "CustomerMarketplaceIntent"))
    return Invalid("the attribute CustomerMarketplaceIntent is required.");
  if (!switches.services_attributes_required) return Done{};
  for (const char* type : {"PartnerRole", "SolutionArea", "SolutionPlay"})
    if (!HasAttribute(body, type))
      return Invalid(std::string("the attribute ") + type + " is required.");
  return Done{};
}

Status CheckOwnTeam(const Json& body) {
  const Json* team = At(body, "team");
  return CheckTeam(team == nullptr ? Json() : *team);
}

Status CheckOwnSolutions(const Json& body) {
  const Json* solutions = At(body, "details/requirements/solutions");
  return CheckSolutions(solutions == nullptr ? Json() : *solutions);
}

}  // namespace

Error Refused(int status, std::string_view code, const std::string& message) {
  ErrorKind kind = ErrorKind::refused;
  if (status == 403) kind = ErrorKind::forbidden;
  if (status == 404) kind = ErrorKind::not_found;
  if (status == 412) kind = ErrorKind::stale_version;
  return Error{kind, message, std::string(code), status};
}

Status CheckSolutions(const Json& solutions) {
  if (!solutions.is_array() || solutions.empty())
    return Invalid("details.requirements.solutions needs at least one entry.");
  if (solutions.size() > 50)
    return Invalid("details.requirements.solutions takes at most 50 entries.");
  bool sellable = false;
  for (const Json& solution : solutions) {
    if (!solution.is_object() || TextAt(solution, "id").empty())
      return Invalid("every solution needs an id.");
    const std::string type = TextAt(solution, "type");
    if (!type.empty() && !CanonicalWord("solution", type))
      return Invalid("a solution has an unknown type.");
    if (EqualsIgnoreCase(type, "Category")) continue;
    if (!IsSolutionId(TextAt(solution, "id"))) return Invalid("a solution id is not known.");
    sellable = true;
  }
  if (!sellable) return Invalid("a co-sell ready solution id is required.");
  return Done{};
}

Status CheckTeam(const Json& team) {
  if (!team.is_array() || team.empty()) return Invalid("team needs at least one member.");
  if (team.size() > 50) return Invalid("team takes at most 50 members.");
  if (!std::all_of(team.begin(), team.end(), HasPerson))
    return Invalid("every team member needs first name, last name, phone number and e-mail.");
  return Done{};
}

Status CheckContact(const Json& contacts) {
  if (!contacts.is_array() || contacts.empty() ||
      !std::all_of(contacts.begin(), contacts.end(), HasPerson))
    return Invalid("a customer contact with first name, last name, phone and e-mail is required.");
  return Done{};
}

Status CheckCreate(Json& body, bool connected, const Switches& switches) {
  if (const Status s = CheckObjects(body); !s) return s;
  if (const Status s = SpellWords(body); !s) return s;
  if (const Status s = CheckCustomer(body); !s) return s;
  if (!IsTrue(body, "consent/consentToToShareInfoWithOthers"))
    return Invalid("consent.consentToToShareInfoWithOthers must be true.");
  if (const Status s = CheckMoney(body); !s) return s;
  if (const Status s = CheckOwnSolutions(body); !s) return s;
  if (const Status s = CheckTarget(body); !s) return s;
  if (const Status s = CheckStatusOfNew(body); !s) return s;
  if (const Status s = CheckAttributes(body, switches); !s) return s;
  return connected ? CheckConnected(body, switches) : CheckOwnTeam(body);
}

bool IsLegalPair(std::string_view status, std::string_view substatus) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kPairs = {
      {{"New", "Pending"},
       {"New", "Received"},
       {"Active", "Accepted"},
       {"Closed", "Won"},
       {"Closed", "Lost"},
       {"Closed", "Declined"},
       {"Closed", "Expired"},
       {"Closed", "Error"}}};
  return std::find(kPairs.begin(), kPairs.end(), std::pair{status, substatus}) != kPairs.end();
}

Status CheckMove(const Json& before, const Json& after, Actor actor, const Switches& switches) {
  const std::string from = TextAt(before, "status");
  const std::string to = TextAt(after, "status");
  const std::string substatus = TextAt(after, "substatus");
  if (!IsLegalPair(to, substatus)) return Invalid("status and substatus do not fit together.");
  if (from == to && TextAt(before, "substatus") == substatus) return Done{};
  const bool outcome = substatus == "Won" || substatus == "Lost";
  const bool legal = (from == "New" && (to == "Active" || substatus == "Received")) ||
                     (from == "New" && (substatus == "Declined" || substatus == "Error")) ||
                     (from == "Active" && (outcome || substatus == "Error")) ||
                     (from == "New" && substatus == "Expired" && actor == Actor::server);
  if (!legal)
    return Invalid("a referral cannot go from " + from + " to " + to + "/" + substatus + ".");
  const bool needs_reason = substatus == "Declined" || substatus == "Lost" || substatus == "Error";
  if (switches.reason_required && actor == Actor::api && needs_reason &&
      TextAt(after, "statusReason").empty())
    return Invalid("statusReason is required.");
  return Done{};
}

}  // namespace cosell::sandbox

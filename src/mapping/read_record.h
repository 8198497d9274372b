#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "mapping/mapping.h"
#include "model/record.h"

// Raw JSON of either side -> comparable record. Pure; parses with simdjson because every page of a
// sweep goes through here.
namespace cosell {

// The mapped record of a referral as received. Member names are matched exactly, then ignoring case
// (contract partner-center.md section 3.9). Fails only if the text is not a JSON object.
Result<Record> RecordFromReferral(const Mapping& mapping, std::string_view raw);

// The mapped record of a CRM record's flat attributes (ports/crm.h). `id` is the record's own id.
Result<Record> RecordFromCrm(const Mapping& mapping, std::string_view raw, std::string_view id);

// The fields whose column is not among the CRM record's attributes at all, which is not the same as
// being empty: the CRM hides it from our user. Members are always among them: they stand in other
// records (PeopleOf).
Result<std::vector<FieldIndex>> FieldsHiddenInCrm(const Mapping& mapping, std::string_view raw);

// What the plan needs to know of a referral beyond its mapped fields.
struct ReferralFacts {
  Value state;                   // canonical (deal_state.h)
  bool open = false;             // New or Active
  bool microsofts = false;       // Microsoft's own side of a deal, or one addressed to it
  bool from_microsoft = false;   // Microsoft brought the deal (inviteContext.invitedBy)
  bool consent_to_share = true;  // consentToToShareInfoWithOthers is not false
  std::string external_reference_id;
  std::optional<Instant> created_at;
  std::optional<Instant> expires_at;  // the deadline to answer a New referral
  std::string engagement_id;
};
Result<ReferralFacts> FactsFromReferral(std::string_view raw);

// Some members are filled on Microsoft's own referral of the deal alone (contract
// partner-center.md section 3.9, trackingInfo): those that `record` lacks are taken from there.
void TakeFromMicrosoft(const Mapping& mapping, std::string_view microsofts_raw, Record* record);

// What the mapping's routes say of a referral; an opportunity if none matches. A text that is not a
// JSON object is left alone.
Route RouteOf(const Mapping& mapping, std::string_view raw);

// What the plan needs to know of a CRM record beyond its mapped fields.
struct CrmFacts {
  bool sync = false;
  std::string raw_name;  // with its mark
  std::string audit;     // the Audit column as it is
  std::string people;    // ids of owner and contact: the same while both are the same persons
  std::string became;    // leads: id of the opportunity it was qualified or converted into
};
Result<CrmFacts> FactsFromCrm(const Mapping& mapping, std::string_view raw);

}  // namespace cosell

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
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
// being empty: the CRM hides it from our user.
Result<std::vector<FieldIndex>> FieldsHiddenInCrm(const Mapping& mapping, std::string_view raw);

// What the plan needs to know of a referral beyond its mapped fields.
struct ReferralFacts {
  bool open = false;             // New or Active
  bool microsofts = false;       // Microsoft's own side of a deal, or one addressed to it
  bool lead = false;             // classified as a lead (contract partner-center.md section 3.8)
  bool consent_to_share = true;  // consentToToShareInfoWithOthers is not false
  std::string external_reference_id;
  std::string engagement_id;
};
Result<ReferralFacts> FactsFromReferral(std::string_view raw);

// What the plan needs to know of a CRM record beyond its mapped fields.
struct CrmFacts {
  bool sync = false;
  std::string raw_name;  // with its mark
  std::string audit;     // the Audit column as it is
};
Result<CrmFacts> FactsFromCrm(const Mapping& mapping, std::string_view raw);

}  // namespace cosell

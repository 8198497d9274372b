#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

// The seed's fictitious deals: one list from which both remote sides are filled, so that pairs
// exist on both and agree where they should. Plain values.
namespace cosell::sandbox {

struct SeedAddress {
  std::string line1;
  std::string line2;  // may be empty
  std::string city;
  std::string state;  // may be empty
  std::string postal_code;
  std::string
      country;  // ISO 3166 alpha-2; empty on the CRM account of a deal that cannot be shared
};

struct SeedPerson {
  std::string first_name;
  std::string last_name;
  std::string email;
  std::string phone;
  std::string title;  // may be empty
};

struct SeedSolution {
  std::string id;    // "SOL-90210-CTS" or a Microsoft GUID
  std::string name;  // catalogue name
};

// Where the deal stands in the CRM: Open/On Hold (statuscode 2), Open/In Progress (1), Won (3),
// Lost (5 Out-Sold), Cancelled (4).
enum class SeedCrmState { on_hold, in_progress, won, lost, cancelled };

// Who brought the deal to Partner Center, and as what.
enum class SeedOrigin { own, microsoft, lead, marketplace_lead };

struct SeedDeal {
  int number = 0;  // 1.. within one seed
  std::string name;
  std::string account_name;
  SeedAddress address;
  std::optional<SeedPerson> contact;  // customer's contact
  SeedPerson owner;                   // our team member; a CRM user
  std::optional<std::string> value;   // decimal text with at most two decimals, "84500.5"
  std::string currency;               // ISO 4217
  std::string closing_date;           // "YYYY-MM-DD"; may be empty
  std::string notes;                  // may exceed 2,000 characters, may be empty
  std::string help_label;  // a label of the CRM column How can Microsoft help?; empty: no help
  std::vector<SeedSolution> solutions;
  std::string products;  // the CRM's old text column of solution ids
  bool visible = true;   // Referral Visibility / consentToShareReferralWithMicrosoftSellers
  bool sync = true;      // Sync with Partner Center
  SeedCrmState crm_state = SeedCrmState::in_progress;
  SeedOrigin origin = SeedOrigin::own;
  std::string status;            // of the referral, "Active"; empty when there is none
  std::string substatus;         // "Accepted"
  std::string microsoft_crm_id;  // trackingInfo.microsoftMsxId; may be empty

  std::string referral_id;     // GUID; empty: the deal is not in Partner Center
  std::string opportunity_id;  // as the CRM writes ids; empty: the deal is not in the CRM
  // Both sides know each other: the opportunity's Referral Identifier column holds `referral_id`
  // and the referral's externalReferenceId holds `opportunity_id`. Always true when both ids are
  // set, and then every mapped field agrees (the CRM holds the first 2,000 UTF-16 units of notes).
  bool paired = false;

  Instant created_at;
  Instant updated_at;
};

}  // namespace cosell::sandbox

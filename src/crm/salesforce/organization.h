#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crm/salesforce/object.h"
#include "crm/salesforce/rest.h"
#include "crm/salesforce/sales_team.h"
#include "crm/salesforce/solutions.h"
#include "crm/salesforce/synced_object.h"
#include "ports/crm.h"

namespace cosell::salesforce {

// A row of OpportunityStage: what a stage means is learnt here, never from its name (contract
// salesforce.md section 17.1).
struct Stage {
  std::string name;
  bool active = true;
  bool closed = false;
  bool won = false;
};

// What is known about one organisation after discovery. A value; shared read-only.
struct Organization {
  SyncedObject opportunity;
  std::optional<SyncedObject> lead;  // where leads are wanted and our user sees them
  Object account;  // without fields where our user may not see the object; likewise the next two
  Object contact;
  Object user;
  std::vector<Stage> stages;  // empty when they could not be read
  std::vector<std::string> currencies;
  std::optional<SolutionsObject> solutions;  // of opportunities
  std::optional<SalesTeam> sales_team;       // of opportunities
  std::vector<std::string> problems;
  std::string user_id;
  std::string organization_id;

  // Null for leads where there are none.
  const SyncedObject* Find(RecordKind kind) const;
};

// What the configuration says about the organisation.
struct Wanted {
  std::map<std::string, std::string> overrides;  // as SalesforceOptions::fields
  bool leads = false;
};

// Discovery: sign-in, describes, stages, currencies, roles. An error only if the opportunity cannot
// be read at all; whatever else is missing becomes a line in `problems`.
Result<Organization> Discover(Rest& rest, const Wanted& wanted);

}  // namespace cosell::salesforce

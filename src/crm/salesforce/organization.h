#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crm/salesforce/object.h"
#include "crm/salesforce/rest.h"
#include "crm/salesforce/solutions.h"
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
  Object opportunity;
  Object account;  // without fields where our user may not see the object; likewise the next two
  Object contact;
  Object user;
  std::vector<Stage> stages;  // empty when they could not be read
  std::vector<std::string> currencies;
  std::optional<SolutionsObject> solutions;
  std::map<std::string, std::string> roles;
  std::vector<std::string> problems;
  std::string user_id;
  std::string organization_id;

  // The field of a role, empty when the CRM has none.
  std::string FieldOf(const std::string& role) const;
};

// Discovery: sign-in, describes, stages, currencies, roles. An error only if the opportunity cannot
// be read at all; whatever else is missing becomes a line in `problems`.
Result<Organization> Discover(Rest& rest, const std::map<std::string, std::string>& overrides);

CrmSchema ToSchema(const Organization& organization);

}  // namespace cosell::salesforce

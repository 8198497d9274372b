#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crm/salesforce/object.h"
#include "crm/salesforce/rest.h"

namespace cosell::salesforce {

// The Opportunity Team: users who work on a deal beside its owner, where the organisation has
// switched team selling on (cosell-field-mapping.md sections 2 and 6). Towards the port it is one
// column of the opportunity, named like the relationship: a JSON array of people with Partner
// Center's member names (firstName, lastName, email, phoneNumber, title).
struct SalesTeam {
  std::string object;        // "OpportunityTeamMember"
  std::string parent_field;  // "OpportunityId"
  std::string relationship;  // "OpportunityTeamMembers"
  // Field of the user -> name of a member.
  std::map<std::string, std::string> fields;
};

// Nothing where our user does not see the team, or no user's e-mail.
std::optional<SalesTeam> FindSalesTeam(const Object& opportunity, const Object& user);

// By opportunity, the flat value of the column; those without a team are absent.
Result<std::map<std::string, std::string>> ReadSalesTeams(
    Rest& rest, const SalesTeam& team, const std::vector<std::string>& opportunity_ids,
    bool finishes);

// The opportunities whose team was changed since `since`: that changes no stamp of theirs (contract
// salesforce.md section 11.3).
Result<std::vector<std::string>> OpportunitiesOfChangedTeams(Rest& rest, const SalesTeam& team,
                                                             Instant since);

}  // namespace cosell::salesforce

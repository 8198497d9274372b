#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crm/salesforce/object.h"

// Which field plays which role (contract cosell-field-mapping.md sections 3.1 and 3.2,
// salesforce.md sections 17.6 and 18). Pure functions.
namespace cosell::salesforce {

struct RoleSearch {
  std::map<std::string, std::string> roles;  // role -> field; a role without a field is absent
  std::vector<std::string> problems;         // each with how to mend it
};

// An override wins and must exist; else the usual name, with or without a package's namespace; else
// the role's label in any of its generations. Several candidates of equal rank are a problem, and
// the first by name is taken. country_code is a field of `account`: the ISO code where the
// organisation keeps one.
RoleSearch FindRoles(const Object& opportunity, const Object& account,
                     const std::map<std::string, std::string>& overrides);

// What is wrong with the fields found: not writable, not External ID or Unique, a calculated deal
// value, choices of help that are missing. Each with how to mend it.
std::vector<std::string> CheckRoles(const Object& opportunity,
                                    const std::map<std::string, std::string>& roles);

}  // namespace cosell::salesforce

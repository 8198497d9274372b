#pragma once

#include <map>
#include <string>

#include "crm/salesforce/object.h"
#include "model/side.h"

namespace cosell::salesforce {

// An object whose records are synchronised: what our user sees of it, and which field plays which
// role. A value.
struct SyncedObject {
  RecordKind kind = RecordKind::opportunity;
  Object object;  // "Opportunity", "Lead"
  std::map<std::string, std::string> roles;

  // The field of a role, empty when the CRM has none.
  std::string FieldOf(const std::string& role) const {
    const auto found = roles.find(role);
    return found == roles.end() ? std::string{} : found->second;
  }
  // For a person.
  std::string noun() const { return std::string(ToString(kind)); }
  std::string nouns() const { return kind == RecordKind::lead ? "leads" : "opportunities"; }
};

}  // namespace cosell::salesforce

#pragma once

#include <string_view>
#include <vector>

#include "crm/salesforce/object.h"
#include "model/side.h"

// The roles that fields play, and how each is found (contracts cosell-field-mapping.md sections 3.1
// and 3.2, salesforce.md sections 17 and 18).
namespace cosell::salesforce {

// A field of Microsoft's package, or made by hand in its likeness.
struct CosellRole {
  std::string_view name;
  std::string_view field;  // the usual API name
  std::vector<std::string_view> labels;
  std::vector<FieldType> types;
  // What does not work without it, "{record}" standing for the kind; empty when that is no problem.
  std::string_view without;
};

// A field of Salesforce's own.
struct StandardRole {
  std::string_view name;
  std::vector<std::string_view> fields;  // the first the organisation has; none: only as overridden
  bool of_account = false;
  std::string_view without{};  // as above
};

const std::vector<CosellRole>& CosellRolesOf(RecordKind kind);
const std::vector<StandardRole>& StandardRolesOf(RecordKind kind);

}  // namespace cosell::salesforce

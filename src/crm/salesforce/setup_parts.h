#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crm/salesforce/rest.h"

// The fields that Microsoft's package, or an administrator by hand, adds to an object (contracts
// salesforce.md section 18.1 and cosell-field-mapping.md section 3.2), and the requests that make
// them. Pure.
namespace cosell::salesforce {

enum class PartType { checkbox, text, link, long_text, picklist };

struct PartField {
  std::string role;  // "sync"
  std::string name;  // "Sync_with_Partner_Center__c"
  std::string label;
  PartType type = PartType::text;
  std::size_t length = 0;   // text, long_text
  bool identifier = false;  // unique External ID
  std::vector<std::string> values{};
  std::string description{};
};

// Of Opportunity, or of Lead: what a lead needs to be followed.
std::vector<PartField> FieldsOfDeal();
std::vector<PartField> FieldsOfLead();
// Where sellers name solutions in an organisation without the package's child object.
PartField ProductsField();

// "Audit: long text of 100000 characters"
std::string Describe(const PartField& field);

constexpr std::string_view kPermissionSet = "Cosell_Sync";

Request MakeField(std::string_view object, const PartField& field);
Request MakePermissionSet();
Request MakeAssignment(const std::string& set_id, const std::string& user_id);
Request MakeGrant(const std::string& set_id, std::string_view object, std::string_view field);

}  // namespace cosell::salesforce

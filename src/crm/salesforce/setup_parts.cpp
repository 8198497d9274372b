#include "crm/salesforce/setup_parts.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVisibleLines = 4;

Json Metadata(const PartField& field) {
  Json metadata = {{"label", field.label}, {"description", field.description}, {"required", false}};
  switch (field.type) {
    case PartType::checkbox:
      metadata["type"] = "Checkbox";
      metadata["defaultValue"] = "false";
      break;
    case PartType::text:
      metadata["type"] = "Text";
      metadata["length"] = field.length;
      metadata["externalId"] = field.identifier;
      metadata["unique"] = field.identifier;
      if (field.identifier) metadata["caseSensitive"] = false;
      break;
    case PartType::link:
      metadata["type"] = "Url";
      break;
    case PartType::long_text:
      metadata["type"] = "LongTextArea";
      metadata["length"] = field.length;
      metadata["visibleLines"] = kVisibleLines;
      break;
    case PartType::picklist: {
      Json values = Json::array();
      for (const std::string& value : field.values) {
        values.push_back({{"valueName", value}, {"label", value}, {"default", false}});
      }
      metadata["type"] = "Picklist";
      metadata["valueSet"] = {{"restricted", true},
                              {"valueSetDefinition", {{"sorted", false}, {"value", values}}}};
      break;
    }
  }
  return metadata;
}

Request Post(std::string path, const Json& body) {
  Request request;
  request.method = "POST";
  request.path = std::move(path);
  request.body = body.dump();
  request.write = true;
  return request;
}

}  // namespace

std::vector<PartField> FieldsOfLead() {
  return {{"sync",
           "Sync_with_Partner_Center__c",
           "Sync with Partner Center",
           PartType::checkbox,
           0,
           false,
           {},
           "Checked: the record is shared with Microsoft Partner Center and kept in step"},
          {"referral_id",
           "Referral_Identifier__c",
           "Referral Identifier",
           PartType::text,
           100,
           true,
           {},
           "Written by cosell-sync: the referral this record is paired with"},
          {"referral_link",
           "Referral_Link__c",
           "Referral Link",
           PartType::link,
           0,
           false,
           {},
           "Written by cosell-sync: opens the referral in Partner Center"},
          {"audit",
           "Audit__c",
           "Audit",
           PartType::long_text,
           100'000,
           false,
           {},
           "Written by cosell-sync: what was synchronised, and what is missing"}};
}

std::vector<PartField> FieldsOfDeal() {
  std::vector<PartField> fields = FieldsOfLead();
  fields.insert(fields.end(),
                {{"help",
                  "How_can_Microsoft_help__c",
                  "How can Microsoft help?",
                  PartType::picklist,
                  0,
                  false,
                  {"Workload Specific Value Proposition", "Customer Technical Architecture",
                   "Proof Of Concept or Demo", "Quotes or Licensing", "Post Sales Customer Success",
                   "General or Other"},
                  "Asks Microsoft for help with the deal; it cannot be withdrawn"},
                 {"visibility",
                  "Referral_Visibility__c",
                  "Referral visible to Microsoft sellers?",
                  PartType::checkbox,
                  0,
                  false,
                  {},
                  "Once visible to Microsoft sellers, a deal stays visible"},
                 {"microsoft_crm_id",
                  "Microsoft_CRM_Identifier__c",
                  "Microsoft CRM Identifier",
                  PartType::text,
                  100,
                  false,
                  {},
                  "Written by cosell-sync: Microsoft's own number of the deal"},
                 {"program",
                  "Referral_Program__c",
                  "Referral Program",
                  PartType::text,
                  100,
                  false,
                  {},
                  "Written by cosell-sync"}});
  return fields;
}

PartField ProductsField() {
  return {"products", "Products__c",
          "Products", PartType::text,
          255,        false,
          {},         "The ids of the deal's co-sell ready solutions, joined with \"; \""};
}

std::string Describe(const PartField& field) {
  switch (field.type) {
    case PartType::checkbox:
      return field.label + ": checkbox, unchecked by default";
    case PartType::text:
      return field.label + ": text of " + std::to_string(field.length) + " characters" +
             (field.identifier ? ", unique External ID" : "");
    case PartType::link:
      return field.label + ": link";
    case PartType::long_text:
      return field.label + ": long text of " + std::to_string(field.length) + " characters";
    case PartType::picklist:
      return field.label + ": picklist of " + Join(field.values, "; ");
  }
  return field.label;
}

Request MakeField(std::string_view object, const PartField& field) {
  return Post(
      "/tooling/sobjects/CustomField",
      {{"FullName", std::string(object) + "." + field.name}, {"Metadata", Metadata(field)}});
}

Request MakePermissionSet() {
  return Post("/sobjects/PermissionSet",
              {{"Name", kPermissionSet},
               {"Label", "cosell-sync"},
               {"Description", "Shows the co-sell fields to the integration user"}});
}

Request MakeAssignment(const std::string& set_id, const std::string& user_id) {
  return Post("/sobjects/PermissionSetAssignment",
              {{"PermissionSetId", set_id}, {"AssigneeId", user_id}});
}

Request MakeGrant(const std::string& set_id, std::string_view object, std::string_view field) {
  return Post("/sobjects/FieldPermissions",
              {{"ParentId", set_id},
               {"SobjectType", object},
               {"Field", std::string(object) + "." + std::string(field)},
               {"PermissionsRead", true},
               {"PermissionsEdit", true}});
}

}  // namespace cosell::salesforce

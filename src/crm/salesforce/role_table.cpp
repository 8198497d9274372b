#include "crm/salesforce/role_table.h"

namespace cosell::salesforce {
namespace {

using enum FieldType;

std::vector<CosellRole> SharedRoles() {
  return {{"sync",
           "Sync_with_Partner_Center__c",
           {"Sync with Partner Center"},
           {boolean, choice},
           "no {record} can be released for sharing"},
          {"referral_id",
           "Referral_Identifier__c",
           {"Referral Identifier", "Referral"},
           {text},
           "no {record} can be created from a referral, and links cannot be found again after an "
           "outage"},
          {"referral_link",
           "Referral_Link__c",
           {"Referral Link"},
           {link, text, memo},
           "sellers cannot open the referral from the {record}"},
          {"audit",
           "Audit__c",
           {"Audit"},
           {memo, text},
           "sellers cannot see what was synchronised or why it failed"}};
}

std::vector<CosellRole> OpportunityRoles() {
  std::vector<CosellRole> roles = SharedRoles();
  roles.insert(
      roles.end(),
      {{"help",
        "How_can_Microsoft_help__c",
        {"How can Microsoft help?"},
        {choice},
        "sellers cannot ask for Microsoft's help"},
       {"visibility",
        "Referral_Visibility__c",
        {"Referral visible to Microsoft sellers?", "Microsoft Partner Center Referral Visibility",
         "Referral Visibility"},
        {boolean, choice},
        "sellers cannot see or set whether Microsoft sees the deal"},
       {"products", "Products__c", {"Products"}, {text, memo}, ""},
       {"microsoft_crm_id",
        "Microsoft_CRM_Identifier__c",
        {"Microsoft CRM Identifier"},
        {text, memo},
        ""},
       {"program", "Referral_Program__c", {"Referral Program"}, {text, memo, choice}, ""}});
  return roles;
}

}  // namespace

const std::vector<CosellRole>& CosellRolesOf(RecordKind kind) {
  static const std::vector<CosellRole> kOfOpportunity = OpportunityRoles();
  static const std::vector<CosellRole> kOfLead = SharedRoles();
  return kind == RecordKind::lead ? kOfLead : kOfOpportunity;
}

const std::vector<StandardRole>& StandardRolesOf(RecordKind kind) {
  static const std::vector<StandardRole> kOfOpportunity = {
      {"deal_value", {"Amount"}},
      {"currency", {"CurrencyIsoCode"}},
      {"closing_date", {"CloseDate"}},
      {"country_code", {"BillingCountryCode", "BillingCountry"}, true}};
  // A lead of Salesforce has no deal value and no closing date of its own.
  static const std::vector<StandardRole> kOfLead = {
      {"deal_value", {}},
      {"currency", {}},
      {"closing_date", {}},
      {"country_code", {"CountryCode", "Country"}},
      {"status", {"Status"}, false, "a {record} that is declined or lost cannot be marked as such"},
      {"became",
       {"ConvertedOpportunityId"},
       false,
       "the opportunity a {record} was converted into is not found"}};
  return kind == RecordKind::lead ? kOfLead : kOfOpportunity;
}

}  // namespace cosell::salesforce

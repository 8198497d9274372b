#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "mapping/mapping.h"

namespace cosell {

inline const std::map<std::string, std::string> kLeadRoles = {
    {"sync", "msft_syncwithpartnercenter"},
    {"referral_id", "msft_referralidentifier"},
    {"referral_link", "msft_referrallink"},
    {"audit", "msft_audit"},
    {"deal_value", "estimatedamount"},
    {"currency", "transactioncurrencyid"},
    {"closing_date", "estimatedclosedate"},
    {"country_code", "address1_country"},
    {"status", "statuscode"},
    {"became", "qualifyingopportunityid"}};

// The built-in Dynamics 365 mapping, bound to the example column names of contract
// cosell-field-mapping.md section 3.3.
inline Mapping BoundTestMapping(bool mark = true) {
  const auto text = BuiltInMapping("dynamics365");
  auto mapping = ParseMapping(*text, "the built-in mapping");
  if (!mapping) throw std::runtime_error(mapping.error().message);
  std::vector<std::string> dropped;
  return BindMapping(*mapping,
                     {{"sync", "msft_syncwithpartnercenter"},
                      {"referral_id", "msft_referralidentifier"},
                      {"referral_link", "msft_referrallink"},
                      {"help", "msft_howcanmicrosofthelp"},
                      {"products", "msft_products"},
                      {"audit", "msft_audit"},
                      {"visibility", "msft_referralvisibility"},
                      {"microsoft_crm_id", "msft_microsoftcrmidentifier"},
                      {"program", "msft_referralprogram"},
                      {"deal_value", "estimatedvalue"},
                      {"currency", "transactioncurrencyid"},
                      {"closing_date", "estimatedclosedate"},
                      {"country_code", "address1_country"}},
                     {"https://partner.example/referrals?id={referral_id}", mark}, &dropped,
                     &kLeadRoles);
}

}  // namespace cosell

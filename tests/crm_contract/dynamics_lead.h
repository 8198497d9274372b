#pragma once

#include <string>
#include <vector>

#include "ports/crm.h"

namespace cosell::test {

// A complete lead in Dynamics 365's columns (contract cosell-field-mapping.md section 6.3).
inline std::vector<Attribute> LeadOfDynamics(const std::string& marker) {
  return {{"subject", "\"Robotics enquiry\""},
          {"companyname", "\"Tailspin Freight AB\""},
          {"firstname", "\"Inga\""},
          {"lastname", "\"Example\""},
          {"emailaddress1", "\"inga.example@tailspin.example\""},
          {"estimatedamount", "12000"},
          {"transactioncurrencyid", "\"USD\""},
          {"estimatedclosedate", "\"2026-12-15\""},
          {"description", "\"Came from a profile.\""},
          {"msft_syncwithpartnercenter", "true"},
          {"msft_referralidentifier", "\"" + marker + "\""}};
}

}  // namespace cosell::test

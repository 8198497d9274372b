#pragma once

#include <string_view>

namespace cosell {

// Embedded from src/mapping/dynamics365.json, salesforce.json and rest.json.
extern const std::string_view kDynamics365Mapping;
extern const std::string_view kSalesforceMapping;
extern const std::string_view kRestMapping;

}  // namespace cosell

#pragma once

#include <string_view>

namespace cosell {

// Embedded from src/mapping/dynamics365.json and salesforce.json.
extern const std::string_view kDynamics365Mapping;
extern const std::string_view kSalesforceMapping;

}  // namespace cosell

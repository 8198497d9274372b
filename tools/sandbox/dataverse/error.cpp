#include "tools/sandbox/dataverse/error.h"

namespace cosell::sandbox::dataverse {

void ThrowBadQuery(const std::string& message) { throw ServiceError(400, kBadQuery, message); }

void ThrowBadBody(const std::string& message) { throw ServiceError(400, kBadBody, message); }

void ThrowNoProperty(std::string_view property, std::string_view type) {
  ThrowBadQuery("Could not find a property named '" + std::string(property) +
                "' on type 'Microsoft.Dynamics.CRM." + std::string(type) + "'.");
}

}  // namespace cosell::sandbox::dataverse

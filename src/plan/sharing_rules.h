#pragma once

#include <string>
#include <vector>

#include "mapping/mapping.h"
#include "mapping/sharing.h"
#include "model/record.h"

namespace cosell {

// What a CRM record lacks before it can be shared (contract cosell-field-mapping.md section 9), in
// words a seller understands; empty when nothing is missing. Names no personal data. Pure.
std::vector<std::string> MissingForSharing(const Mapping& mapping, const Record& crm,
                                           const Sharing& sharing);

}  // namespace cosell

#pragma once

#include <string>

#include "tools/sandbox/dataverse/reads.h"

// EntityDefinitions: what a client may ask about tables, columns, choices and keys (contract
// section 9). Answers are computed from the tables, so they cannot disagree with them.
namespace cosell::sandbox::dataverse {

// `context.target.path` starts with EntityDefinitions. Returns the JSON text of the answer; throws
// ServiceError.
std::string ReadMetadata(const ReadContext& context);

}  // namespace cosell::sandbox::dataverse

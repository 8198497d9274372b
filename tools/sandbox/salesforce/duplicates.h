#pragma once

#include "tools/sandbox/salesforce/writes.h"

namespace cosell::sandbox::salesforce {

// The organisation's duplicate rules (contract 14.3): accounts match by name, contacts and leads by
// e-mail address. Throws DUPLICATES_DETECTED for API callers, unless they allow the save and the
// rule only alerts.
void DetectDuplicates(const WriteContext& context, const Table& table, const Row* before,
                      const Row& row);

}  // namespace cosell::sandbox::salesforce

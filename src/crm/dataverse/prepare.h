#pragma once

#include "crm/dataverse/job.h"
#include "crm/dataverse/table.h"

// What a write is going to send, as far as it can be decided without asking: fills the job's body
// and wanted status. refused, naming the column, for what cannot be translated. Pure.
namespace cosell::dataverse {

constexpr std::int64_t kOpenState = 0;  // contract section 6.1

// The statecode a close leads to.
std::int64_t WantedState(const CrmWrite& write);

// Uses the account and contact the job has by then.
Status PrepareCreate(Job& job, const Currencies& currencies);
// A lead's state moves with its reason, as a consistent pair (contract section 6.5); a qualified
// one is refused: that is an action of its own.
Status PrepareUpdate(Job& job, const Currencies& currencies);
// Refuses a status reason of another state, naming those the CRM has.
Status PrepareClose(Job& job);

}  // namespace cosell::dataverse

#pragma once

#include <memory>

#include "base/clock.h"
#include "crm/dataverse/dataverse_client.h"
#include "net/api_client.h"
#include "ports/crm_setup.h"

namespace cosell {

// The CrmSetup port over the Dataverse metadata API. Columns are made on opportunity and, where
// `options.leads`, on lead; they belong to an unmanaged solution of a publisher of our own, so that
// they never stand in the way of Microsoft's solution and can be removed as one. The contract is
// silent about this API: requests follow its public description. `api`, `clock` and `random` must
// outlive the object.
std::unique_ptr<CrmSetup> MakeDataverseSetup(net::ApiClient& api, DataverseOptions options,
                                             Clock& clock, Random& random);

}  // namespace cosell

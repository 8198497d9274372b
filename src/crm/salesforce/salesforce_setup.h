#pragma once

#include <memory>

#include "base/clock.h"
#include "crm/salesforce/salesforce_client.h"
#include "net/api_client.h"
#include "net/salesforce_tokens.h"
#include "ports/crm_setup.h"
#include "ports/log.h"

namespace cosell {

// The CrmSetup port over Salesforce's Tooling API. Fields are made on Opportunity and, where
// `options.leads`, on Lead, with the names of contract salesforce.md section 18.1; a permission set
// of our own shows them to the integration user, because a new field is hidden from everybody. The
// contract is silent about these resources: requests follow their public description. Everything
// but `options` must outlive the object.
std::unique_ptr<CrmSetup> MakeSalesforceSetup(net::ApiClient& api, net::SalesforceTokens& tokens,
                                              SalesforceOptions options, Clock& clock, Log& log);

}  // namespace cosell

#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "net/api_client.h"
#include "net/salesforce_tokens.h"
#include "ports/crm.h"
#include "ports/log.h"

namespace cosell {

struct SalesforceOptions {
  // Overrides of the configuration, role -> field ("sync" -> "Sync_with_Partner_Center__c"; of a
  // lead "lead.deal_value" -> "Deal_Value__c"), and "solutions_object" -> the child object; all
  // others are found by name or label.
  std::map<std::string, std::string> fields;
  bool leads = false;  // whether leads are looked after too
  std::string api_version = "62.0";
  std::size_t page_size = 2000;  // rows per page asked for
  // Stamps precede commits: changes are asked for from this long before the newest seen (11.3).
  std::chrono::seconds overlap{600};
  // How often /updated and /deleted are asked as a cross-check (11.5).
  std::chrono::seconds cross_check_interval{600};
};

// The Crm port over the Salesforce REST API (contract salesforce.md). `api` carries the tokens of
// `tokens`; both, `clock`, `random` and `log` must outlive the client.
std::unique_ptr<Crm> MakeSalesforceClient(net::ApiClient& api, net::SalesforceTokens& tokens,
                                          SalesforceOptions options, Clock& clock, Random& random,
                                          Log& log);

}  // namespace cosell

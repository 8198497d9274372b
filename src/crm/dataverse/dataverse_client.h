#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "net/api_client.h"
#include "ports/crm.h"
#include "ports/log.h"

namespace cosell {

struct DataverseOptions {
  std::string url;  // the organisation's origin, "https://contoso.crm.dynamics.com"
  // Overrides of the configuration, role -> column ("sync" -> "msft_syncwithpartnercenter"); all
  // others are found by label.
  // "solutions_object" names the table of solutions; "lead.sync" and the like are the lead table's.
  std::map<std::string, std::string> fields;
  bool leads = false;  // whether leads are looked after too
  std::size_t page_size = 500;
  std::size_t batch_operations_max = 100;
};

// The Crm port over the Dataverse Web API v9.2 (contract dynamics365.md). `api`, `clock` and `log`
// must outlive the client; `api` carries tokens for the organisation.
std::unique_ptr<Crm> MakeDataverseClient(net::ApiClient& api, DataverseOptions options,
                                         Clock& clock, Random& random, Log& log);

}  // namespace cosell

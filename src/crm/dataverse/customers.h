#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crm/dataverse/currency_cache.h"
#include "crm/dataverse/organization.h"
#include "ports/crm.h"
#include "ports/log.h"

namespace cosell::dataverse {

// One account or contact that a new opportunity needs.
struct CustomerRequest {
  const RelatedRecord* record = nullptr;
  std::string account_id;  // contacts: the account it belongs to, may be empty
  std::string correlation;
};

struct CustomerOutcome {
  std::string id;
  std::optional<Error> error;
  std::vector<PerformedWrite> performed;  // with the first request only, when several name one
};

// Finds or creates the customers of several writes at once; equal requests are resolved once. The
// query matches what the request names among active records, the oldest first (contract section
// 13.3); a record that is not there is created under a derived id with If-None-Match: *, so that a
// race or a repeat meets itself. A contact without e-mail address and names is left out: its
// outcome has neither id nor error.
class Customers {
 public:
  Customers(WebApi& api, RelatedTables& tables, CurrencyCache& currencies, Log& log);

  // `table`: "account" or "contact". One outcome per request, in order.
  std::vector<CustomerOutcome> Resolve(const std::string& table,
                                       const std::vector<CustomerRequest>& requests);

 private:
  struct Search;
  void Find(const Table& table, std::vector<Search>& searches);
  void Create(const Table& table, std::vector<Search>& searches);

  WebApi& api_;
  RelatedTables& tables_;
  CurrencyCache& currencies_;
  Log& log_;
};

}  // namespace cosell::dataverse

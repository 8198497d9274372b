#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crm/salesforce/bodies.h"
#include "crm/salesforce/collections.h"
#include "crm/salesforce/customer_search.h"
#include "ports/log.h"

namespace cosell::salesforce {

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

// Finds or creates the customers of several writes at once; equal requests are resolved once, so
// that two deals of one new customer make one account. A record is found by what the request names,
// ignoring case, the oldest first; where the organisation's duplicate rule finds one while it is
// made, that one is taken (contract salesforce.md section 14.3). A contact without a last name,
// which Salesforce demands, is found or left out: its outcome has neither id nor error.
class Customers {
 public:
  Customers(Rest& rest, Log& log) : rest_(rest), log_(log) {}

  // `object`: the Account or the Contact. One outcome per request, in order.
  std::vector<CustomerOutcome> Resolve(const Object& object,
                                       const std::vector<CustomerRequest>& requests);

 private:
  struct Search;
  void Prepare(const Object& object, Search& search);
  void Find(const Object& object, std::vector<Search>& searches);
  void Create(const Object& object, std::vector<Search>& searches);
  RowOutcome CreateAlone(const Object& object, const Search& search);
  void TakeCreated(const Object& object, const RowOutcome& outcome, Search& search);

  Rest& rest_;
  Log& log_;
};

}  // namespace cosell::salesforce

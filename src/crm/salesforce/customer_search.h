#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "crm/salesforce/object.h"
#include "crm/salesforce/rest.h"
#include "ports/crm.h"

namespace cosell::salesforce {

// What tells one account or contact from another. A value.
struct CustomerKey {
  std::string account_id;             // contacts: the account they must belong to; may be empty
  std::vector<Attribute> attributes;  // field as the object spells it, `json` holding plain text

  // The same for records the server would call equal: without regard to case, in any script.
  std::string Text() const;
};

struct CustomerMatch {
  std::string id;         // the oldest
  std::size_t count = 0;  // how many there are
};

// What the mapping's `match` asks for, else the e-mail address, else the names; fields the object
// does not have, or that cannot be compared, are refused by name. Without attributes when the
// record says nothing to know it by.
Result<CustomerKey> KeyOf(const Object& object, const RelatedRecord& record,
                          const std::string& account_id);

// The records that match, by CustomerKey::Text(). A few queries in one call, however many keys.
Result<std::map<std::string, CustomerMatch>> FindCustomers(Rest& rest, const Object& object,
                                                           const std::vector<CustomerKey>& keys);

// Text of a flat value without blanks around it; empty for null and "".
std::string PlainText(const std::string& json);

}  // namespace cosell::salesforce

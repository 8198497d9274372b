#pragma once

#include <string>
#include <vector>

#include "crm/dataverse/table.h"
#include "ports/crm.h"

namespace cosell::dataverse {

// What tells one account or contact from another: what the mapping asks for, else the e-mail
// address, else the names. A value.
struct CustomerKey {
  std::string account_id;  // contacts: the account it belongs to, may be empty
  std::vector<Attribute> match;

  // Nothing is known to find or make the record by.
  bool empty() const { return match.empty(); }
  // Equal for equal records, ignoring case.
  std::string Text() const;
  // The id such a record is made under, so that a race or a repeat meets itself.
  std::string DerivedId(const Table& table) const;
  // The query for active records that match, the oldest first (contract dynamics365.md section
  // 13.3): two, to see whether there is a choice.
  std::string SearchPath(const Table& table) const;
};

CustomerKey KeyOf(const RelatedRecord& record, const std::string& account_id);

}  // namespace cosell::dataverse

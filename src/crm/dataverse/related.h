#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "crm/dataverse/organization.h"
#include "crm/dataverse/records.h"
#include "crm/dataverse/rows.h"

namespace cosell::dataverse {

// The dotted columns of a read: lookup -> columns of the record it leads to. Lookups other than
// parentaccountid, parentcontactid and ownerid are not followed.
using RelatedColumns = std::map<std::string, std::vector<std::string>>;

// Splits columns into own ones and dotted ones.
struct ColumnSplit {
  std::vector<std::string> own;
  RelatedColumns related;
};
ColumnSplit SplitColumns(const std::vector<std::string>& columns);

// Own columns that a related read needs besides, to find its way.
std::vector<std::string> LookupsFor(const RelatedColumns& related);

using FlatMembers = std::vector<std::pair<std::string, std::string>>;  // name -> JSON text

// The dotted members of each row, in the rows' order: one query per table and 30 records. A missing
// related record, an owner that is a team, and a column the table lacks give null. An account that
// stands only in customerid counts as the parent account.
Result<std::vector<FlatMembers>> ReadRelated(WebApi& api, RelatedTables& tables,
                                             CurrencyCache& currencies,
                                             const RelatedColumns& related,
                                             const std::vector<FlatRow>& rows);

}  // namespace cosell::dataverse

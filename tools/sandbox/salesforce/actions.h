#pragma once

#include <string>

#include "tools/sandbox/salesforce/writes.h"

// What people do beyond plain edits (contract sections 10, 11.2, 11.4, 7.3). Throw ServiceError;
// need an open Transaction.
namespace cosell::sandbox::salesforce {

// 404 for a record that is not there, ENTITY_IS_DELETED for one in the recycle bin.
void RequireLive(const Database& database, const Table& table, const std::string& id);

void MergeRows(const WriteContext& context, Table& table, const std::string& winner,
               const std::string& loser);

struct ConvertedIds {
  std::string account;
  std::string contact;
  std::string opportunity;  // empty without a name
};
ConvertedIds ConvertLeadRow(const WriteContext& context, const std::string& lead,
                            const std::string& opportunity_name);

// `price` is decimal text.
void AddLineItemTo(const WriteContext& context, const std::string& opportunity,
                   const std::string& price);

// SystemModstamp alone; nobody is told.
void BumpRow(Database& database, Table& table, const std::string& id);

}  // namespace cosell::sandbox::salesforce

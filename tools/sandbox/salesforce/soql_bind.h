#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/sandbox/salesforce/render.h"
#include "tools/sandbox/salesforce/soql.h"

// A SOQL statement whose names are looked up and whose literals fit their fields (contract
// salesforce.md 6.3, 6.5): ready to run.
namespace cosell::sandbox::salesforce {

using RowTest = std::function<bool(const Row&)>;

struct BoundSelect;
struct BoundItem {
  FieldPath path;
  std::shared_ptr<const BoundSelect> child;
  std::size_t link = 0;      // of a child select: its field that names the parent
  std::string relationship;  // and the name its answer stands under
  bool count = false;
  std::string alias;
};
struct BoundOrder {
  FieldPath path;
  bool descending = false;
  bool nulls_last = false;
};
struct BoundSelect {
  const Table* table = nullptr;
  bool all_rows = false;  // queryAll: deleted records too
  bool count_rows = false;
  std::vector<BoundItem> items;
  RowTest where;  // empty: every row
  std::vector<BoundOrder> order;
  std::optional<std::size_t> limit;
  std::size_t offset = 0;
};

// Semi-joins are run while binding. Throws INVALID_FIELD, INVALID_TYPE, MALFORMED_QUERY,
// INVALID_QUERY_FILTER_OPERATOR. `text` is the statement, for the excerpt in messages.
BoundSelect BindSoql(const ReadContext& context, const SoqlSelect& select, const std::string& text,
                     bool all_rows);

// Ids of the rows it selects, in order, OFFSET and LIMIT applied; of `among` only, where given.
std::vector<std::string> RunSelect(const Database& database, const BoundSelect& select,
                                   const std::vector<std::string>* among = nullptr);

}  // namespace cosell::sandbox::salesforce

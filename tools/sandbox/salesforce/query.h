#pragma once

#include <map>
#include <string>
#include <vector>

#include "tools/sandbox/salesforce/soql_bind.h"

namespace cosell::sandbox::salesforce {

// Runs queries and keeps what is left of long ones (contract 6.1, 6.2): a locator is a snapshot of
// ids, the values are those of the moment a page is read.
class QueryRunner {
 public:
  // `batch_size` is the caller's wish. Throws what parsing and binding throw.
  Json Run(const ReadContext& context, Database& database, const std::string& soql, bool all_rows,
           std::size_t batch_size);
  // 400 INVALID_QUERY_LOCATOR when it is unknown or expired.
  Json More(const ReadContext& context, const std::string& locator);

 private:
  struct Cursor {
    BoundSelect select;
    std::vector<std::string> ids;
    std::size_t page_size = 0;
    Instant made_at;
  };

  // The records from position `at` on, which is moved behind them.
  static Json Page(const ReadContext& context, const Cursor& cursor, std::size_t& at);
  static Json Answer(const ReadContext& context, const Cursor& cursor, const std::string& name,
                     std::size_t at, Json records);
  std::string Keep(const ReadContext& context, Database& database, Cursor cursor);

  std::map<std::string, Cursor> cursors_;
};

}  // namespace cosell::sandbox::salesforce

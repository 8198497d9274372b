#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crm/dataverse/table.h"

// Dataverse rows -> flat values: the reading half of the port's central idea (contract sections 3
// and 4.2). simdjson underneath: this is the path of every page.
namespace cosell::dataverse {

// Where a lookup of a row points.
struct RowLookup {
  std::string column;  // "customerid"
  std::string id;      // lower-case GUID
  std::string table;   // "account", or empty when the answer carried no annotation
};

// One row, translated. `values` holds one JSON text per column of the reader, in its order.
struct FlatRow {
  std::string id;
  std::string etag;
  std::optional<Instant> modified_at;
  std::vector<std::string> values;
  std::vector<RowLookup> lookups;  // the non-empty ones among the columns that were read
  std::string computed;            // JSON text of what stands in another table; empty until known
};

struct Page {
  std::vector<FlatRow> rows;
  std::vector<std::string> deleted;  // ids
  std::string next_link;
  std::string delta_link;
  std::size_t unreadable_rows = 0;                        // without an id; left out
  bool has_rows = false;                                  // whether there was a `value` at all
  std::optional<std::chrono::milliseconds> clock_offset;  // of the answer
};

// Which columns of a table are read, and how each is translated. Immutable: share it between
// threads. `table` must outlive it.
class RowReader {
 public:
  // Columns the table does not have are left out, repeated ones read once; the rest are kept in
  // alphabetical order, so that equal records have equal text.
  RowReader(const Table& table, const std::vector<std::string>& columns);

  // For $select: "name,_parentaccountid_value".
  const std::string& select() const { return select_; }
  const std::vector<std::string>& columns() const { return names_; }
  // Position of a column in FlatRow::values.
  std::optional<std::size_t> IndexOf(std::string_view column) const;

  // invalid_response when the text is not the JSON expected. A body without text is an empty page.
  // Ids of currencies that were met but are not known go to `unknown_currencies`.
  Result<Page> ReadPage(const std::string& body, const Currencies& currencies,
                        std::vector<std::string>& unknown_currencies) const;
  Result<FlatRow> ReadRow(const std::string& body, const Currencies& currencies,
                          std::vector<std::string>& unknown_currencies) const;

 private:
  friend class RowParser;
  struct Slot {
    std::size_t index = 0;
    const Column* column = nullptr;
    bool target_annotation = false;  // the member that names the table of a lookup
  };

  const Table& table_;
  std::string select_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, Slot> slots_;  // by member of a row
};

// {"name":"...","statecode":0}: the flat attributes of a row; `extra` members are added.
std::string PrintFlat(const RowReader& reader, const FlatRow& row,
                      const std::vector<std::pair<std::string, std::string>>& extra = {});

}  // namespace cosell::dataverse

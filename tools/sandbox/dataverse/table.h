#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "tools/sandbox/dataverse/value.h"

// A generic table: typed columns, rows by id, and the version index that change tracking reads.
namespace cosell::sandbox::dataverse {

enum class ColumnType {
  text,
  memo,
  integer,
  big_integer,
  decimal,
  money,
  boolean,
  choice,
  state,
  status,
  date,       // DateOnly
  date_time,  // UserLocal, stored in whole seconds
  guid,
  lookup,
};

struct Option {
  std::int64_t value = 0;
  std::string label;
  std::int64_t state = 0;  // status reasons: the state they belong to, the first one its default
};

// The name under which a lookup is bound and expanded; a polymorphic lookup has several (3.3).
struct Navigation {
  std::string name;
  std::set<std::string> targets;  // logical names
};

struct Column {
  std::string name;         // logical name
  std::string schema_name;  // mixed case
  std::string label;        // English
  ColumnType type = ColumnType::text;
  std::size_t length_max = 0;  // UTF-16 code units; 0: no text
  int scale = 0;               // decimals stored, for decimal and money
  std::int64_t value_min = 0;  // in the column's own units, with value_max
  std::int64_t value_max = 0;
  bool creatable = true;
  bool updatable = true;
  bool required = false;        // SystemRequired: refuses null (3.1)
  std::vector<Option> options;  // choice, state, status; boolean: labels of 0 and 1
  std::vector<Navigation> navigations;
  bool cascades_delete = false;        // the row dies with the row this lookup names
  std::string lookup_kind = "Lookup";  // metadata: "Lookup", "Customer", "Owner"
  Value initial;                       // of a new row
  std::string metadata_id;

  // As it stands in $select, $filter and answers: "_parentaccountid_value" for a lookup.
  std::string property() const { return type == ColumnType::lookup ? "_" + name + "_value" : name; }
  const Option* FindOption(std::int64_t value) const;
};

struct Row {
  std::string id;
  std::uint64_t version = 0;
  std::vector<Value> cells;  // in the order of the columns
};

struct Deletion {
  std::uint64_t version = 0;
  std::string id;
  Instant at;
};

struct AlternateKey {
  std::string name;  // schema name
  std::string label;
  std::vector<std::string> columns;
};

struct TableInfo {
  std::string name;      // "opportunity"
  std::string set_name;  // "opportunities"
  std::string schema_name;
  std::string label;
  std::string primary_id;
  std::string primary_name;
  bool optimistic_concurrency = true;
  bool change_tracking = true;
  std::set<std::int64_t> read_only_states;  // 6.1, 6.5
  std::string metadata_id;
};

class Table {
 public:
  explicit Table(TableInfo info) : info_(std::move(info)) {}

  const TableInfo& info() const { return info_; }
  const std::string& name() const { return info_.name; }

  void Add(Column column);
  // The same once there are rows: they get its initial value, without a new version.
  void AddLater(Column column);
  const std::vector<Column>& columns() const { return columns_; }

  std::optional<std::size_t> Find(std::string_view column) const;
  std::optional<std::size_t> FindProperty(std::string_view property) const;
  // Column and the navigation of that name.
  std::optional<std::pair<std::size_t, const Navigation*>> FindNavigation(
      std::string_view name) const;
  // Requires the column to exist.
  std::size_t At(std::string_view column) const;
  const Value& Cell(const Row& row, std::string_view column) const { return row.cells[At(column)]; }

  const std::map<std::string, Row, std::less<>>& rows() const { return rows_; }
  const std::map<std::uint64_t, std::string>& by_version() const { return by_version_; }
  const std::vector<Deletion>& deletions() const { return deletions_; }
  const Row* FindRow(std::string_view id) const;

  void Put(Row row);
  void Remove(std::string_view id);
  void NoteDeletion(Deletion deletion) { deletions_.push_back(std::move(deletion)); }
  void CutDeletions(std::size_t size) { deletions_.resize(size); }

 private:
  TableInfo info_;
  std::vector<Column> columns_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::map<std::string, std::size_t, std::less<>> by_property_;
  std::map<std::string, Row, std::less<>> rows_;
  std::map<std::uint64_t, std::string> by_version_;
  std::vector<Deletion> deletions_;
};

std::string Etag(const Row& row);  // W/"4402117"

}  // namespace cosell::sandbox::dataverse

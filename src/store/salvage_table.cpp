#include "store/salvage_table.h"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include "base/text.h"

namespace cosell::store {
namespace {

// Between the last row reached from below and the first one from above; each is one lookup.
constexpr std::int64_t kLookupsMax = 2'000'000;

std::vector<std::string> ColumnsOf(SQLite::Database& db, const std::string& table) {
  std::vector<std::string> names;
  SQLite::Statement rows(db, "SELECT name FROM pragma_table_info(?1)");
  rows.bind(1, table);
  while (rows.executeStep()) names.push_back(rows.getColumn(0).getString());
  return names;
}

void BindColumn(SQLite::Statement& insert, int index, const SQLite::Column& value) {
  if (value.isNull()) {
    insert.bind(index);
  } else if (value.isInteger()) {
    insert.bind(index, value.getInt64());
  } else {
    insert.bind(index, value.getString());
  }
}

class Copy {
 public:
  Copy(SQLite::Database& from, SQLite::Database& to, const std::string& table)
      : from_(from), to_(to), table_(table) {
    result_.name = table;
  }

  SalvagedTable Run(bool with_row_ids, bool whole_schema) {
    if (!ChooseColumns()) {
      result_.complete = whole_schema;
      return result_;
    }
    result_.complete = with_row_ids ? CopyByRowId() : CopyInOrder();
    return result_;
  }

 private:
  bool ChooseColumns() {
    try {
      const auto there = ColumnsOf(from_, table_);
      for (const std::string& name : ColumnsOf(to_, table_)) {
        if (std::find(there.begin(), there.end(), name) != there.end()) columns_.push_back(name);
      }
    } catch (const SQLite::Exception&) {
      return false;
    }
    if (columns_.empty()) return false;
    std::vector<std::string> places(columns_.size(), "?");
    insert_.emplace(to_, "INSERT INTO " + table_ + "(" + Join(columns_, ", ") + ") VALUES (" +
                             Join(places, ", ") + ")");
    return true;
  }

  // Whether it came to its end. `seen` hears of the first column of every row.
  template <typename Seen>
  bool Rows(const std::string& sql, std::optional<std::int64_t> bound, const Seen& seen) {
    try {
      SQLite::Statement rows(from_, sql);
      if (bound) rows.bind(1, *bound);
      while (rows.executeStep()) {
        seen(rows.getColumn(0).getInt64());
        Take(rows);
      }
      return true;
    } catch (const SQLite::Exception&) {
      return false;
    }
  }

  void Take(SQLite::Statement& row) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      BindColumn(*insert_, static_cast<int>(i) + 1, row.getColumn(static_cast<int>(i) + 1));
    }
    try {
      insert_->exec();
      ++result_.rows;
    } catch (const SQLite::Exception&) {
      ++result_.lost;
    }
    static_cast<void>(insert_->tryReset());
  }

  std::string Select(const std::string& first, const std::string& rest) const {
    return "SELECT " + first + ", " + Join(columns_, ", ") + " FROM " + table_ + " " + rest;
  }

  // Without row numbers a page can only be come upon from both sides.
  bool CopyInOrder() {
    const auto ignore = [](std::int64_t) {};
    if (Rows(Select("0", ""), std::nullopt, ignore)) return true;
    const std::int64_t lost = result_.lost;
    const bool of_link = std::find(columns_.begin(), columns_.end(), "link_id") != columns_.end();
    Rows(Select("0", of_link ? "ORDER BY link_id DESC, field DESC"
                             : "ORDER BY connection_id DESC, name DESC"),
         std::nullopt, ignore);
    result_.lost = lost;  // rows met a second time
    return false;
  }

  bool CopyByRowId() {
    std::int64_t low = 0;
    const bool all = Rows(Select("rowid", "NOT INDEXED WHERE rowid > ?1 ORDER BY rowid"),
                          std::int64_t{0}, [&](std::int64_t id) { low = id; });
    if (all) return true;
    std::optional<std::int64_t> high;
    Rows(Select("rowid", "NOT INDEXED WHERE rowid > ?1 ORDER BY rowid DESC"), low,
         [&](std::int64_t id) { high = id; });
    if (high) LookUpBetween(low, *high);
    return false;
  }

  void LookUpBetween(std::int64_t low, std::int64_t high) {
    const std::int64_t end = std::min(high, low + kLookupsMax);
    for (std::int64_t id = low + 1; id < end; ++id) {
      const std::int64_t before = result_.rows;
      const bool read =
          Rows(Select("rowid", "NOT INDEXED WHERE rowid = ?1"), id, [](std::int64_t) {});
      if (!read && result_.rows == before) ++result_.lost;
    }
  }

  SQLite::Database& from_;
  SQLite::Database& to_;
  const std::string table_;
  std::vector<std::string> columns_;
  std::optional<SQLite::Statement> insert_;
  SalvagedTable result_;
};

}  // namespace

SalvagedTable SalvageTable(SQLite::Database& from, SQLite::Database& to, const std::string& table,
                           bool with_row_ids, bool whole_schema) {
  return Copy(from, to, table).Run(with_row_ids, whole_schema);
}

}  // namespace cosell::store

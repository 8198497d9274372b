#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "tools/sandbox/salesforce/ids.h"
#include "tools/sandbox/salesforce/schema.h"

// The organisation's records and everything that is true of all of them: one clock, atomic
// operations, commits that become visible late, the journal.
namespace cosell::sandbox::salesforce {

struct Caller {
  std::string user_id;
  bool by_api = false;
};

struct Row {
  std::string id;
  std::vector<Value> cells;  // in the order of the object's fields
  // Records deleted by one action carry the same number and come back together; 0: not deleted.
  std::uint64_t deletion = 0;
  Instant deleted_at;
};

// A record as it is, and as others still see it while its last change is not committed.
struct Record {
  Row row;
  bool open = false;          // the last change becomes visible at `visible_at`
  std::optional<Row> before;  // what is visible until then; nothing: not there yet
  Instant visible_at;
  Instant stamped_at;   // of the oldest change not yet visible
  bool hidden = false;  // no API caller may see it
};

class Table {
 public:
  explicit Table(ObjectType& object_type) : type_(&object_type) {}

  const ObjectType& type() const { return *type_; }
  ObjectType& type() { return *type_; }
  const std::map<std::string, Record, std::less<>>& records() const { return records_; }
  const Record* Find(std::string_view id) const;
  // As API callers see it: nothing when it is hidden, not yet visible, or not there. Deleted rows
  // are returned; look at `deletion`.
  const Row* Visible(std::string_view id) const;
  const Row* Live(std::string_view id) const;  // visible and not deleted
  // Ids of the records whose indexed field has that text (ignoring case); those with an open change
  // are always among them. Ascending.
  std::vector<std::string> Candidates(std::size_t field, std::string_view text) const;
  const Value& Cell(const Row& row, std::string_view field) const {
    return row.cells[type_->At(field)];
  }
  std::string Text(const Row& row, std::string_view field) const;  // empty for null
  const std::set<std::string>& open() const { return open_; }
  const std::set<std::string>& deleted() const { return deleted_; }

  void Put(Record record);
  void Remove(const std::string& id);
  // Records that are there already get `initial`.
  void AddField(Field field, const Value& initial = {});

 private:
  void Index(const Row& row, bool add);

  ObjectType* type_;
  std::map<std::string, Record, std::less<>> records_;
  std::map<std::pair<std::size_t, std::string>, std::set<std::string>> index_;
  std::set<std::string> open_;
  std::set<std::string> deleted_;
};

class Database {
 public:
  Database(SalesforceWorldOptions options, Clock& clock, Random& random);

  const SalesforceWorldOptions& options() const { return options_; }
  SalesforceSwitches& switches() { return switches_; }
  const SalesforceSwitches& switches() const { return switches_; }
  const Schema& schema() const { return schema_; }
  Random& random() { return random_; }
  const Clock& clock() const { return clock_; }

  // The server's clock.
  Instant Now() const { return clock_.Now() + switches_.clock_offset; }
  Instant schema_changed_at() const { return schema_changed_at_; }
  std::string NewId(const std::string& prefix) { return ids_.Next(prefix); }
  std::uint64_t NextDeletion() { return ++deletions_; }

  Table* Find(std::string_view object);  // ignoring case; null when there is none
  const Table* Find(std::string_view object) const;
  Table& At(std::string_view object);  // requires it to exist
  const Table& At(std::string_view object) const;
  std::vector<std::unique_ptr<Table>>& tables() { return tables_; }
  const std::vector<std::unique_ptr<Table>>& tables() const { return tables_; }

  // The value of a field, formulas worked out from the visible parent.
  Value Read(const Table& table, const Row& row, std::size_t field) const;
  // The live record a reference field points to.
  const Row* Parent(const Table& table, const Row& row, std::size_t field) const;

  // Changes of records; only while a Transaction is open.
  void Put(Table& table, Row row, bool delayed);
  void SetHidden(Table& table, const std::string& id, bool hidden);
  void Journal(SalesforceWrite write);
  void Announce(SalesforceChange change, bool delayed);

  // Shows delayed commits whose time has come, announces them, purges the recycle bin.
  void Settle();
  std::optional<Instant> NextCommitDue() const;
  // The stamp of the oldest change that is not yet visible (11.1: latestDateCovered waits for it).
  std::optional<Instant> OldestOpenStamp() const;

  void OnChange(std::function<void(const SalesforceChange&)> listener) {
    listener_ = std::move(listener);
  }
  std::vector<SalesforceRule>& rules() { return rules_; }
  // Ids of the users who are people, in the order they came.
  std::vector<std::string>& people() { return people_; }
  const std::vector<std::string>& people() const { return people_; }
  void AddFormula(Table& table, Field field);
  // What administrators change: see customize.h.
  void AddCustomField(Table& table, Field field, const Value& initial);
  void ShowField(Table& table, const std::string& field);

  const std::vector<SalesforceWrite>& journal() const { return journal_; }
  void ClearJournal() { journal_.clear(); }

 private:
  friend class Transaction;
  struct Undo {
    Table* table;
    std::string id;
    std::optional<Record> before;
  };
  struct Announcement {
    SalesforceChange change;
    std::optional<Instant> due;
  };
  void Announce(const SalesforceChange& change) const {
    if (listener_) listener_(change);
  }

  SalesforceWorldOptions options_;
  Clock& clock_;
  Random& random_;
  SalesforceSwitches switches_;
  IdFactory ids_;
  Schema schema_;
  Instant schema_changed_at_;
  std::uint64_t deletions_ = 0;
  std::vector<std::unique_ptr<Table>> tables_;
  std::vector<SalesforceRule> rules_;
  std::vector<std::string> people_;

  int open_transactions_ = 0;
  std::vector<Undo> undo_;
  std::vector<SalesforceWrite> journal_pending_;
  std::vector<Announcement> changes_pending_;
  std::vector<SalesforceWrite> journal_;
  std::vector<Announcement> delayed_;
  std::function<void(const SalesforceChange&)> listener_;
};

// All or nothing; inner ones join the outer one. Undone unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void Commit();

 private:
  void Rollback();
  Database& database_;
  std::size_t undo_mark_;
  std::size_t journal_mark_;
  std::size_t change_mark_;
  bool committed_ = false;
};

}  // namespace cosell::sandbox::salesforce
